import { unprocessable } from '@steward/kernel';
import { balanced, transfer, type Method, type Posting } from '../ledger/ledger.rules.js';
import { allocate, least, type OpenCharge, type Share, type Told } from './allocation.rules.js';

/** A charge of an account: `amount` after credit notes, `open` what of it is unpaid; minor units. */
export type ChargeState = OpenCharge & Readonly<{ feeItemCode: string; amount: bigint }>;

/** A payment of an account; `left` is what no charge has taken. */
export type PaymentState = Readonly<{
  paymentId: string;
  method: Method;
  amount: bigint;
  left: bigint;
  received: number;
}>;

/** Part of a payment that settles part of a charge; allocations of a pair add up, and may be taken back. */
export type Allocation = Readonly<{ chargeId: string; paymentId: string; amount: bigint }>;

/** One customer account: its charges and payments, and what pays for what (sums per pair). */
export type AccountState = Readonly<{
  charges: readonly ChargeState[];
  payments: readonly PaymentState[];
  allocations: readonly Allocation[];
}>;

/** What a use case stores: changes of allocation (negative: taken back) and one balanced ledger entry. */
export type Effects = Readonly<{ allocations: readonly Allocation[]; entry: readonly Posting[] }>;

/** A new charge is owed; prepayments pay for it at once, the oldest first. */
export function raise(state: AccountState, charge: Omit<ChargeState, 'open'>): Effects {
  const allocations = spend(state.payments, charge.chargeId, charge.amount);
  return {
    allocations,
    entry: balanced([
      ...transfer('receivable', `income:${charge.feeItemCode}`, charge.amount),
      ...transfer('prepaid', 'receivable', sumOf(allocations)),
    ]),
  };
}

/** BIL-08: money came in: as the payer says, else oldest debt first; what is left over is a prepayment. */
export function receive(
  state: AccountState,
  payment: Omit<PaymentState, 'left'>,
  told: readonly Told[] = [],
): Effects {
  const { shares, left } = allocate(payment.amount, state.charges, told);
  const allocations = shares.map((share) => ({ ...share, paymentId: payment.paymentId }));
  return {
    allocations,
    entry: balanced([
      ...transfer(`money:${payment.method}`, 'receivable', payment.amount - left),
      ...transfer(`money:${payment.method}`, 'prepaid', left),
    ]),
  };
}

/** A payment bounced or was a mistake: what it had paid for is owed again. @throws DomainError `billing.payment-refunded`. */
export function reverse(state: AccountState, paymentId: string): Effects {
  const payment = paymentOf(state, paymentId);
  const taken = state.allocations.filter((each) => each.paymentId === paymentId && each.amount > 0n);
  const settled = sumOf(taken);
  if (settled + payment.left !== payment.amount)
    throw unprocessable(
      'billing.payment-refunded',
      'Part of the payment was refunded; it can no longer be reversed.',
    );
  return {
    allocations: taken.map((each) => ({ ...each, amount: -each.amount })),
    entry: balanced([
      ...transfer('receivable', `money:${payment.method}`, settled),
      ...transfer('prepaid', `money:${payment.method}`, payment.left),
    ]),
  };
}

/** Money that no charge has taken goes back to the payer. @throws DomainError `billing.refund-too-much`. */
export function refund(state: AccountState, paymentId: string, amount: bigint): Effects {
  const payment = paymentOf(state, paymentId);
  if (amount > payment.left)
    throw unprocessable('billing.refund-too-much', 'More is to be refunded than is left of the payment.');
  return { allocations: [], entry: balanced(transfer('prepaid', `money:${payment.method}`, amount)) };
}

/** BIL-07: a credit note lowers a charge; what was paid too much for it is a prepayment. @throws DomainError `billing.credit-too-much`. */
export function credit(state: AccountState, chargeId: string, amount: bigint): Effects {
  const charge = chargeOf(state, chargeId);
  if (amount > charge.amount)
    throw unprocessable('billing.credit-too-much', 'More is to be credited than was charged.');
  const freed = release(state, chargeId, amount - least(amount, charge.open));
  return {
    allocations: freed,
    entry: balanced([
      ...transfer(`income:${charge.feeItemCode}`, 'receivable', amount),
      ...transfer('receivable', 'prepaid', -sumOf(freed)),
    ]),
  };
}

/** Takes so much back from what pays for a charge, the youngest payment first. */
function release(state: AccountState, chargeId: string, amount: bigint): Allocation[] {
  const age = new Map(state.payments.map(({ paymentId, received }) => [paymentId, received]));
  const paid = state.allocations
    .filter((each) => each.chargeId === chargeId && each.amount > 0n)
    .sort((a, b) => age.get(b.paymentId)! - age.get(a.paymentId)!);
  return take(paid, amount).map((each) => ({ ...each, amount: -each.amount }));
}

function spend(payments: readonly PaymentState[], chargeId: string, amount: bigint): Allocation[] {
  const credits = [...payments]
    .sort((a, b) => a.received - b.received)
    .map(({ paymentId, left }) => ({ chargeId, paymentId, amount: left }));
  return take(credits, amount);
}

/** As much of each as is needed until the amount is reached. */
function take(from: readonly Allocation[], amount: bigint): Allocation[] {
  let missing = amount;
  return from
    .map((each) => {
      const part = least(each.amount, missing);
      missing -= part;
      return { ...each, amount: part };
    })
    .filter((each) => each.amount > 0n);
}

const sumOf = (parts: readonly (Share | Allocation)[]): bigint =>
  parts.reduce((sum, { amount }) => sum + amount, 0n);

function paymentOf(state: AccountState, paymentId: string): PaymentState {
  const payment = state.payments.find((each) => each.paymentId === paymentId);
  if (!payment) throw unprocessable('billing.payment-unknown', 'The account has no such payment.');
  return payment;
}

function chargeOf(state: AccountState, chargeId: string): ChargeState {
  const charge = state.charges.find((each) => each.chargeId === chargeId);
  if (!charge) throw unprocessable('billing.charge-unknown', 'The account has no such charge.');
  return charge;
}
