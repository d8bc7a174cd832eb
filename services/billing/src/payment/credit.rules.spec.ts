import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { useCredit, type Credit, type Debt } from './credit.rules.js';

const credit = (paymentId: string, left: bigint, rest: Partial<Credit> = {}): Credit => ({
  paymentId,
  left,
  receivedOn: '2026-02-10',
  currency: 'CNY',
  ...rest,
});
const debt = (chargeId: string, open: bigint, rest: Partial<Debt> = {}): Debt => ({
  chargeId,
  open,
  dueOn: '2026-03-31',
  raised: 1,
  bookedOn: '2026-03-01',
  currency: 'CNY',
  ...rest,
});

describe('BIL-08 prepayments pay for later charges', () => {
  it('the oldest payment for the oldest debt, from the day on which both are there', () => {
    const credits = [credit('p1', 30n), credit('p2', 100n, { receivedOn: '2026-03-20' })];
    const debts = [
      debt('march', 50n),
      debt('february', 20n, { dueOn: '2026-02-28', bookedOn: '2026-02-01' }),
    ];
    expect(useCredit(credits, debts)).toEqual([
      { paymentId: 'p1', chargeId: 'february', amount: 20n, settledOn: '2026-02-10' },
      { paymentId: 'p1', chargeId: 'march', amount: 10n, settledOn: '2026-03-01' },
      { paymentId: 'p2', chargeId: 'march', amount: 40n, settledOn: '2026-03-20' },
    ]);
  });

  it('never pays for a debt in another currency', () => {
    expect(useCredit([credit('p', 5n, { currency: 'USD' })], [debt('c', 5n)])).toEqual([]);
  });

  it('uses as much as both sides have, and never more', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 500n }), { maxLength: 8 });
    fc.assert(
      fc.property(amounts, amounts, (lefts, opens) => {
        const sum = (list: readonly bigint[]) => list.reduce((total, each) => total + each, 0n);
        const shares = useCredit(
          lefts.map((left, at) => credit(`p${at}`, left)),
          opens.map((open, at) => debt(`c${at}`, open, { raised: at })),
        );
        const used = sum(shares.map(({ amount }) => amount));
        expect(used).toBe(sum(lefts) < sum(opens) ? sum(lefts) : sum(opens));
        lefts.forEach((left, at) => {
          const of = shares.filter(({ paymentId }) => paymentId === `p${at}`);
          expect(sum(of.map(({ amount }) => amount)) <= left).toBe(true);
        });
        opens.forEach((open, at) => {
          const of = shares.filter(({ chargeId }) => chargeId === `c${at}`);
          expect(sum(of.map(({ amount }) => amount)) <= open).toBe(true);
        });
      }),
    );
  });
});
