/** How a charge came about: by a billing run, for signed work, or by hand (also taken over from elsewhere). */
export const CHARGE_KINDS = ['run', 'ticket', 'manual'] as const;
export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** A charge to raise. Amounts in minor units; days are the branch's local days, both ends included. */
export type NewCharge = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  accountId: string;
  customerId: string | null;
  propertyUnitId: string | null;
  meterId: string | null;
  feeItemCode: string;
  kind: ChargeKind;
  runId: string | null;
  ticketId: string | null;
  quoteId: string | null;
  /** Number of a debt that was taken over from elsewhere; such debts may overlap. */
  reference: string | null;
  serviceFrom: string;
  serviceTo: string;
  amountMinor: bigint;
  currency: string;
  bookedOn: string;
  dueOn: string;
  /** How the amount came about, as the invoice shows it: `Rated` without its money, or the lines of a quote. */
  explanation: unknown;
  tariffIds: readonly string[];
  /** When it became due to be charged; now if left out. */
  occurredAt?: Date;
}>;

/** A charge as it stands. `creditedMinor` was taken off by credit notes, `openMinor` is what is unpaid of the rest. */
export type Charge = Omit<NewCharge, 'occurredAt'> &
  Readonly<{
    creditedMinor: bigint;
    openMinor: bigint;
    raisedAt: Date;
    invoiceId: string | null;
    /** The day on which it was taken back as a whole; null while it counts. */
    reversedOn: string | null;
    version: number;
  }>;

/** Part of a charge that is settled, in minor units; negative: taken back. */
export type Settlement = Readonly<{ chargeId: string; amountMinor: bigint }>;

/** What settles: a payment or a credit note, on a local day of the branch. */
export type SettledBy = Readonly<{ on: string; at?: Date; paymentId?: string; creditNoteId?: string }>;

/** A charge with the parts that most charges leave empty. */
export const BARE_CHARGE = {
  meterId: null,
  runId: null,
  ticketId: null,
  quoteId: null,
  reference: null,
  tariffIds: [],
} as const;
