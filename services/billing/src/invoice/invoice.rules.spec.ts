import { describe, expect, it } from '@jest/globals';
import { BARE_CHARGE, type Charge } from '../charge/charge.js';
import { draftsOf, INVOICE_LINES } from './invoice.rules.js';

const charge = (id: string, rest: Partial<Charge> = {}): Charge => ({
  ...BARE_CHARGE,
  id,
  branchId: 'b',
  siteId: null,
  accountId: 'a1',
  customerId: 'c',
  propertyUnitId: 'u',
  feeItemCode: 'water',
  kind: 'manual',
  serviceFrom: '2026-03-01',
  serviceTo: '2026-03-31',
  amountMinor: 1000n,
  currency: 'CNY',
  bookedOn: '2026-04-01',
  dueOn: '2026-04-30',
  explanation: null,
  creditedMinor: 0n,
  openMinor: 1000n,
  raisedAt: new Date('2026-04-01T00:00:00Z'),
  invoiceId: null,
  reversedOn: null,
  version: 1,
  ...rest,
});
const idsOf = (charges: readonly Charge[]) =>
  draftsOf(charges).map(({ lines }) => lines.map(({ chargeId }) => chargeId));

describe('BIL-07 invoices', () => {
  it('are one per account and currency, due with the last of their charges', () => {
    const drafts = draftsOf([
      charge('1', { dueOn: '2026-04-30' }),
      charge('2', { accountId: 'a2' }),
      charge('3', { dueOn: '2026-05-31', amountMinor: 250n }),
      charge('4', { dueOn: '2026-04-15' }),
      charge('5', { currency: 'USD' }),
    ]);
    expect(drafts.map(({ lines, ...draft }) => [draft, lines.length])).toEqual([
      [{ accountId: 'a1', currency: 'CNY', totalMinor: 2250n, dueOn: '2026-05-31' }, 3],
      [{ accountId: 'a1', currency: 'USD', totalMinor: 1000n, dueOn: '2026-04-30' }, 1],
      [{ accountId: 'a2', currency: 'CNY', totalMinor: 1000n, dueOn: '2026-04-30' }, 1],
    ]);
  });

  it('have their lines by day, fee item, meter and id, whatever order the charges came in', () => {
    const sorted = [
      charge('9', { serviceFrom: '2026-02-01' }),
      charge('8', { feeItemCode: 'heat' }),
      charge('7'),
      charge('5', { meterId: 'A1' }),
      charge('6', { meterId: 'A1' }),
      charge('4', { meterId: 'A2' }),
    ];
    const ids = ['9', '8', '7', '5', '6', '4'];
    expect(idsOf(sorted)).toEqual([ids]);
    expect(idsOf(sorted.toReversed())).toEqual([ids]);
  });

  it('show each charge as it is, with what rounding did', () => {
    const explanation = { rounding: '0.0025', parts: [] };
    const [draft] = draftsOf([
      charge('1', { meterId: 'm', explanation }),
      charge('2', { meterId: 'n', explanation: { lines: [] } }),
      charge('3', { meterId: 'o' }),
    ]);
    expect(draft!.lines.map(({ line, rounding }) => [line, rounding])).toEqual([
      [1, '0.0025'],
      [2, '0'],
      [3, '0'],
    ]);
    expect(draft!.lines[0]).toEqual({
      line: 1,
      chargeId: '1',
      feeItemCode: 'water',
      meterId: 'm',
      serviceFrom: '2026-03-01',
      serviceTo: '2026-03-31',
      amount: { amount: '10.00', currency: 'CNY' },
      rounding: '0.0025',
      explanation,
    });
  });

  it('of an account with very many charges are several', () => {
    const many = (count: number) =>
      idsOf(Array.from({ length: count }, (_, i) => charge(String(10_000 + i)))).map((ids) => ids.length);
    expect(many(INVOICE_LINES)).toEqual([INVOICE_LINES]);
    expect(many(INVOICE_LINES + 1)).toEqual([INVOICE_LINES, 1]);
    expect(many(0)).toEqual([]);
    const ids = idsOf(Array.from({ length: INVOICE_LINES + 2 }, (_, i) => charge(String(10_000 + i))));
    expect(ids[1]).toEqual([String(10_000 + INVOICE_LINES), String(10_001 + INVOICE_LINES)]);
  });
});
