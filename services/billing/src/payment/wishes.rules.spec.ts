import { describe, expect, it } from '@jest/globals';
import { allocate } from '../account/allocation.rules.js';
import { toldOf, type InvoicedDebt } from './wishes.rules.js';

const debt = (
  chargeId: string,
  open: bigint,
  dueOn: string,
  invoiceId: string | null = null,
): InvoicedDebt => ({
  chargeId,
  open,
  dueOn,
  raised: 1,
  invoiceId,
});
const debts = [
  debt('old', 50n, '2026-01-31'),
  debt('a', 30n, '2026-03-31', 'i'),
  debt('b', 20n, '2026-03-31', 'i'),
];
const paid = (amount: bigint, wishes: Parameters<typeof toldOf>[0]) =>
  allocate(amount, debts, toldOf(wishes, debts, amount)).shares.map((share) => [
    share.chargeId,
    share.amount,
  ]);

describe('BIL-08 what the payer wants to have paid', () => {
  it('the named invoice before older debt, what is left over the oldest debt', () => {
    expect(paid(60n, { charges: [], invoiceId: 'i', lenient: false })).toEqual([
      ['a', 30n],
      ['b', 20n],
      ['old', 10n],
    ]);
  });

  it('the named charge before the rest of its invoice', () => {
    const charges = [{ chargeId: 'b', amount: 15n }];
    expect(paid(35n, { charges, invoiceId: 'i', lenient: false })).toEqual([
      ['b', 15n],
      ['a', 20n],
    ]);
  });

  it('a charge that is named is not named again by its invoice', () => {
    const charges = [{ chargeId: 'b', amount: 15n }];
    expect(paid(60n, { charges, invoiceId: 'i', lenient: false })).toEqual([
      ['b', 15n],
      ['a', 30n],
      ['old', 15n],
    ]);
  });

  it('no invoice names nothing, also not what stands on none', () => {
    expect(toldOf({ charges: [], invoiceId: null, lenient: false }, debts, 9n)).toEqual([]);
  });

  it('a named amount is no more than was named', () => {
    const charges = [{ chargeId: 'b', amount: 5n }];
    expect(toldOf({ charges, invoiceId: null, lenient: true }, debts, 99n)).toEqual(charges);
  });

  it('what cannot be paid is passed over where the money is here anyway, and refused at the desk', () => {
    const charges = [
      { chargeId: 'gone' },
      { chargeId: 'b', amount: 99n },
      { chargeId: 'b' },
      { chargeId: 'a' },
    ];
    expect(paid(25n, { charges, invoiceId: null, lenient: true })).toEqual([
      ['b', 20n],
      ['a', 5n],
    ]);
    expect(() => paid(25n, { charges, invoiceId: null, lenient: false })).toThrow('billing.charge-not-open');
  });
});
