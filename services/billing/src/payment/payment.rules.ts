import { conflict, unprocessable, type Role } from '@steward/kernel';
import type { Method } from '../ledger/ledger.rules.js';

type AtLeastOne = readonly [Role, ...Role[]];

/** Whose word that money came in is taken: the cashier's desk, and a payment provider's own client. */
export const RECEIVERS: AtLeastOne = ['cashier', 'accountant', 'partner'];

/** An unmatched payment waits for its account; a reversed one pays for nothing any more. */
export const PAYMENT_STATES = ['unmatched', 'booked', 'reversed'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const PAYMENT_ACTIONS = ['assign', 'reverse', 'refund'] as const;
export type PaymentAction = (typeof PAYMENT_ACTIONS)[number];

/** Why a payment is taken back as a whole. */
export const REVERSAL_REASONS = ['bounced', 'mistake'] as const;

type Rule = Readonly<{ roles: AtLeastOne; from: readonly PaymentState[] }>;

/** Who may do what with a payment that was received. */
export const PAYMENT_RULES: Readonly<Record<PaymentAction, Rule>> = {
  assign: { roles: ['cashier', 'accountant'], from: ['unmatched'] },
  reverse: { roles: ['cashier', 'accountant'], from: ['unmatched', 'booked'] },
  refund: { roles: ['cashier', 'accountant'], from: ['unmatched', 'booked'] },
};

/** What an action looks at. */
export type PaymentStanding = Readonly<{
  state: PaymentState;
  amount: bigint;
  left: bigint;
  returned: bigint;
}>;

const isOpenTo = (action: PaymentAction, payment: PaymentStanding): boolean => {
  if (!PAYMENT_RULES[action].from.includes(payment.state)) return false;
  if (action === 'reverse') return payment.returned === 0n;
  return action !== 'refund' || payment.left > 0n;
};

/** The actions that somebody with these roles may take now. */
export const paymentActions = (payment: PaymentStanding, roles: readonly Role[]): PaymentAction[] =>
  PAYMENT_ACTIONS.filter(
    (action) => isOpenTo(action, payment) && roles.some((role) => PAYMENT_RULES[action].roles.includes(role)),
  );

/**
 * BIL-08: whether the payment still allows an action.
 * @throws DomainError `payment.state`, `billing.payment-refunded`, `billing.refund-too-much`.
 */
export function checkPayment(payment: PaymentStanding, action: PaymentAction, amount = 0n): void {
  if (!PAYMENT_RULES[action].from.includes(payment.state))
    throw conflict(
      'payment.state',
      `A payment that is ${payment.state} does not allow the action ${action}.`,
    );
  if (action === 'reverse' && payment.returned > 0n)
    throw unprocessable(
      'billing.payment-refunded',
      'Part of the payment was refunded; it can no longer be reversed.',
    );
  if (action === 'refund' && amount > payment.left)
    throw unprocessable('billing.refund-too-much', 'More is to be refunded than is left of the payment.');
}

/** What a notification of a payment says; `account` and `invoice` as they were told. */
export type Notice = Readonly<{
  amount: bigint;
  currency: string;
  method: Method;
  account: string | null;
  invoice: string | null;
}>;

/**
 * BIL-08: a provider tells of the same payment as often as it likes, always with the same words.
 * @throws DomainError `payment.told-differently`, naming what differs.
 */
export function checkSameNotice(known: Notice, told: Notice): void {
  const fields = ['amount', 'currency', 'method', 'account', 'invoice'] as const;
  const different = fields.filter((field) => known[field] !== told[field]);
  if (different.length === 0) return;
  throw conflict(
    'payment.told-differently',
    'The provider told of this payment before, and differently. Reverse the first one if it was wrong.',
    { different },
  );
}

/**
 * From which day on a part of a payment counts for a charge: never before the money came in, nor before the charge was
 * raised (ISO days).
 */
export const settledOn = (receivedOn: string, raisedOn: string): string =>
  receivedOn > raisedOn ? receivedOn : raisedOn;
