import type { Method } from '../ledger/ledger.rules.js';
import type { PaymentState } from './payment.rules.js';

/** Money that came in, as it stands. Days are the branch's local days. */
export type Payment = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  accountId: string | null;
  customerId: string | null;
  state: PaymentState;
  method: Method;
  provider: string | null;
  providerId: string | null;
  toldAccount: string | null;
  toldInvoice: string | null;
  reference: string | null;
  amountMinor: bigint;
  /** What no charge has taken and nobody got back. */
  leftMinor: bigint;
  /** What went back to the payer. */
  returnedMinor: bigint;
  currency: string;
  receivedOn: string;
  receivedAt: Date;
  recordedAt: Date;
  recordedBy: string;
  /** The employee in whose drawer the cash lies; null for other money. */
  till: string | null;
  handoverId: string | null;
  receiptNumber: string | null;
  /** How many facts were told of it. */
  facts: number;
  version: number;
}>;

/** Part of a payment that pays for part of a charge; negative: taken back. */
export type AllocatedPart = Readonly<{
  paymentId: string;
  chargeId: string;
  amount: bigint;
  settledOn: string;
  why: 'received' | 'credit-used' | 'reversed' | 'credited';
}>;

/** Money that went back to the payer. */
export type PaymentReturn = Readonly<{
  id: string;
  payment: Payment;
  why: 'bounced' | 'mistake' | 'refunded';
  amountMinor: bigint;
  reason: string;
  returnedOn: string;
  /** Out of whose drawer cash was given; null for other money. */
  till: string | null;
}>;
