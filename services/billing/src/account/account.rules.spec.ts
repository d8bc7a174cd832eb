import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LedgerAccount, Method, Posting } from '../ledger/ledger.rules.js';
import {
  credit,
  raise,
  receive,
  refund,
  reverse,
  type AccountState,
  type Allocation,
  type Effects,
} from './account.rules.js';

type Step = Readonly<{
  kind: 'raise' | 'receive' | 'reverse' | 'refund' | 'credit';
  amount: bigint;
  pick: number;
}>;
const METHOD: Method = 'wechat';

/** An account as the service keeps it, driven by the rules alone. */
class Book {
  state: AccountState = { charges: [], payments: [], allocations: [] };
  readonly ledger = new Map<LedgerAccount, bigint>();
  private readonly refunded: string[] = [];
  private next = 0;

  run({ kind, amount, pick }: Step): void {
    const [charge, payment] = [this.at(this.state.charges, pick), this.at(this.state.payments, pick)];
    const id = String((this.next += 1));
    if (kind === 'raise') return this.raise(id, amount);
    if (kind === 'receive') return this.receive(id, amount);
    if (kind === 'credit' && charge) {
      const size = amount < charge.amount ? amount : charge.amount;
      this.apply(credit(this.state, charge.chargeId, size));
      return this.patchCharge(charge.chargeId, -size);
    }
    if (kind === 'refund' && payment) {
      const size = amount < payment.left ? amount : payment.left;
      this.apply(refund(this.state, payment.paymentId, size));
      if (size > 0n) this.refunded.push(payment.paymentId);
      return this.patchPayment(payment.paymentId, -size);
    }
    if (kind === 'reverse' && payment) this.reverse(payment.paymentId);
  }

  private raise(chargeId: string, amount: bigint): void {
    const made = {
      chargeId,
      amount,
      dueOn: `2026-03-${10 + (this.next % 18)}`,
      raised: this.next,
      feeItemCode: 'water',
    };
    const effects = raise(this.state, made);
    this.state = { ...this.state, charges: [...this.state.charges, { ...made, open: amount }] };
    this.apply(effects);
  }

  private receive(paymentId: string, amount: bigint): void {
    const made = { paymentId, amount, method: METHOD, received: this.next };
    const effects = receive(this.state, made);
    this.state = { ...this.state, payments: [...this.state.payments, { ...made, left: amount }] };
    this.apply(effects);
  }

  private reverse(paymentId: string): void {
    const before = this.state;
    let effects: Effects;
    try {
      effects = reverse(this.state, paymentId);
    } catch (error) {
      expect(this.refunded).toContain(paymentId);
      expect(String(error)).toContain('billing.payment-refunded');
      expect(this.state).toBe(before);
      return;
    }
    this.apply(effects);
    this.state = {
      ...this.state,
      payments: this.state.payments.filter((each) => each.paymentId !== paymentId),
    };
  }

  private apply({ allocations, entry }: Effects): void {
    for (const { account, amount } of entry)
      this.ledger.set(account, (this.ledger.get(account) ?? 0n) + amount);
    for (const change of allocations) this.allocate(change);
  }

  private allocate({ chargeId, paymentId, amount }: Allocation): void {
    const others = this.state.allocations.filter(
      (each) => each.chargeId !== chargeId || each.paymentId !== paymentId,
    );
    const known = this.state.allocations.find(
      (each) => each.chargeId === chargeId && each.paymentId === paymentId,
    );
    this.state = {
      charges: this.state.charges.map((each) =>
        each.chargeId === chargeId ? { ...each, open: each.open - amount } : each,
      ),
      payments: this.state.payments.map((each) =>
        each.paymentId === paymentId ? { ...each, left: each.left - amount } : each,
      ),
      allocations: [...others, { chargeId, paymentId, amount: (known?.amount ?? 0n) + amount }].filter(
        (each) => each.amount !== 0n,
      ),
    };
  }

  private patchCharge(chargeId: string, by: bigint): void {
    const charges = this.state.charges.map((each) =>
      each.chargeId === chargeId ? { ...each, amount: each.amount + by, open: each.open + by } : each,
    );
    this.state = { ...this.state, charges };
  }

  private patchPayment(paymentId: string, by: bigint): void {
    const payments = this.state.payments.map((each) =>
      each.paymentId === paymentId ? { ...each, left: each.left + by } : each,
    );
    this.state = { ...this.state, payments };
  }

  private at<T>(list: readonly T[], pick: number): T | undefined {
    return list.length > 0 ? list[pick % list.length] : undefined;
  }
}

describe('BIL-03 BIL-08 any sequence of charges, payments, reversals, refunds and credit notes', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('raise', 'receive', 'reverse', 'refund', 'credit'),
    amount: fc.bigInt({ min: 1n, max: 500n }),
    pick: fc.nat(50),
  });
  const sum = (list: readonly bigint[]): bigint => list.reduce((total, each) => total + each, 0n);

  it('keeps the ledger at zero and every figure of the account equal to the ledger', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const book = new Book();
        for (const each of steps) book.run(each);
        const { charges, payments, allocations } = book.state;
        const at = (account: LedgerAccount): bigint => book.ledger.get(account) ?? 0n;
        expect(sum([...book.ledger.values()])).toBe(0n);
        expect(at('receivable')).toBe(sum(charges.map(({ open }) => open)));
        expect(at('prepaid')).toBe(-sum(payments.map(({ left }) => left)));
        expect(at('income:water')).toBe(-sum(charges.map(({ amount }) => amount)));
        expect(at(`money:${METHOD}`)).toBe(
          sum(payments.map(({ left }) => left)) + sum(allocations.map(({ amount }) => amount)),
        );
        for (const { open, amount } of charges) expect(open >= 0n && open <= amount).toBe(true);
        for (const { left } of payments) expect(left >= 0n).toBe(true);
        for (const { amount } of allocations) expect(amount > 0n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses to refund or credit more than there is', () => {
    const book = new Book();
    book.run({ kind: 'receive', amount: 10n, pick: 0 });
    book.run({ kind: 'raise', amount: 4n, pick: 0 });
    const [payment, owed] = [book.state.payments[0]!, book.state.charges[0]!];
    expect([payment.left, owed.open]).toEqual([6n, 0n]);
    expect(() => refund(book.state, payment.paymentId, 7n)).toThrow('billing.refund-too-much');
    expect(() => credit(book.state, owed.chargeId, 5n)).toThrow('billing.credit-too-much');
    expect(() => credit(book.state, 'none', 5n)).toThrow('billing.charge-unknown');
    expect(() => reverse(book.state, 'none')).toThrow('billing.payment-unknown');
  });

  describe('with two charges and two payments', () => {
    const charge = (chargeId: string, amount: bigint, open: bigint) =>
      ({ chargeId, amount, open, dueOn: '2026-03-01', raised: 1, feeItemCode: 'water' }) as const;
    const payment = (paymentId: string, amount: bigint, left: bigint, received: number) =>
      ({ paymentId, method: METHOD, amount, left, received }) as const;
    const state: AccountState = {
      charges: [charge('c1', 100n, 0n), charge('c2', 50n, 20n)],
      payments: [payment('young', 60n, 20n, 2), payment('old', 100n, 10n, 1)],
      allocations: [
        { chargeId: 'c1', paymentId: 'old', amount: 90n },
        { chargeId: 'c2', paymentId: 'old', amount: 0n },
        { chargeId: 'c1', paymentId: 'young', amount: 10n },
        { chargeId: 'c2', paymentId: 'young', amount: 30n },
      ],
    };

    it('a reversal owes again what that payment had paid for, and nothing else', () => {
      expect(reverse(state, 'young')).toEqual({
        allocations: [
          { chargeId: 'c1', paymentId: 'young', amount: -10n },
          { chargeId: 'c2', paymentId: 'young', amount: -30n },
        ],
        entry: [
          { account: 'receivable', amount: 40n },
          { account: 'money:wechat', amount: -60n },
          { account: 'prepaid', amount: 20n },
        ],
      });
      expect(reverse(state, 'old').allocations).toEqual([{ chargeId: 'c1', paymentId: 'old', amount: -90n }]);
    });

    it('a payment of which a part was refunded is not reversed', () => {
      const payments = [payment('young', 60n, 19n, 2), payment('old', 100n, 10n, 1)];
      expect(() => reverse({ ...state, payments }, 'young')).toThrow('billing.payment-refunded');
    });

    it('a credit note frees the youngest payment first, and only what is not open', () => {
      expect(credit(state, 'c1', 95n).allocations).toEqual([
        { chargeId: 'c1', paymentId: 'young', amount: -10n },
        { chargeId: 'c1', paymentId: 'old', amount: -85n },
      ]);
      expect(credit(state, 'c2', 30n)).toEqual({
        allocations: [{ chargeId: 'c2', paymentId: 'young', amount: -10n }],
        entry: [
          { account: 'income:water', amount: 30n },
          { account: 'receivable', amount: -20n },
          { account: 'prepaid', amount: -10n },
        ],
      });
      expect(credit(state, 'c2', 20n).allocations).toEqual([]);
      expect(credit(state, 'c2', 50n).allocations).toEqual([
        { chargeId: 'c2', paymentId: 'young', amount: -30n },
      ]);
    });

    it('a new charge uses up the oldest prepayment first', () => {
      const { open: _open, ...made } = charge('c3', 25n, 25n);
      expect(raise(state, made).allocations).toEqual([
        { chargeId: 'c3', paymentId: 'old', amount: 10n },
        { chargeId: 'c3', paymentId: 'young', amount: 15n },
      ]);
      expect(raise(state, { ...made, amount: 10n }).allocations).toEqual([
        { chargeId: 'c3', paymentId: 'old', amount: 10n },
      ]);
    });
  });

  it('a credit note on a paid charge makes a prepayment of what was paid too much', () => {
    const book = new Book();
    book.run({ kind: 'raise', amount: 100n, pick: 0 });
    book.run({ kind: 'receive', amount: 100n, pick: 0 });
    const effects = credit(book.state, book.state.charges[0]!.chargeId, 30n);
    const expected: readonly Posting[] = [
      { account: 'income:water', amount: 30n },
      { account: 'prepaid', amount: -30n },
    ];
    expect(effects.entry).toEqual(expected);
    expect(effects.allocations.map(({ amount }) => amount)).toEqual([-30n]);
  });
});
