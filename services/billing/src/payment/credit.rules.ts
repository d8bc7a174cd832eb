import { least, oldestFirst, type OpenCharge } from '../account/allocation.rules.js';
import { settledOn } from './payment.rules.js';

/** What is left of a payment. */
export type Credit = Readonly<{ paymentId: string; receivedOn: string; left: bigint; currency: string }>;

/** An open charge with the day that it is booked on. */
export type Debt = OpenCharge & Readonly<{ bookedOn: string; currency: string }>;

/** Part of a payment for part of a charge, from a day on. */
export type CreditShare = Readonly<{
  paymentId: string;
  chargeId: string;
  amount: bigint;
  settledOn: string;
}>;

/**
 * BIL-08: what is left of payments pays for what is open on the same account: the oldest payment first, the oldest debt
 * first, never across currencies. `credits` come in the order in which they were received.
 */
export function useCredit(credits: readonly Credit[], debts: readonly Debt[]): CreditShare[] {
  const open = [...debts].sort(oldestFirst).map((debt) => ({ debt, left: debt.open }));
  const shares: CreditShare[] = [];
  for (const { paymentId, receivedOn, left, currency } of credits) {
    let money = left;
    for (const entry of open) {
      const amount = entry.debt.currency === currency ? least(entry.left, money) : 0n;
      if (amount === 0n) continue;
      entry.left -= amount;
      money -= amount;
      const { chargeId, bookedOn } = entry.debt;
      shares.push({ paymentId, chargeId, amount, settledOn: settledOn(receivedOn, bookedOn) });
    }
  }
  return shares;
}
