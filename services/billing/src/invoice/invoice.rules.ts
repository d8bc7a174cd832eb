import { formatRatio, moneyToJson, ratio, type MoneyJson } from '@steward/kernel';
import type { Charge } from '../charge/charge.js';

/** The most charges that stand on one invoice; an account with more gets several. */
export const INVOICE_LINES = 500;

/** BIL-07: one charge as the invoice shows it for ever. */
export type InvoiceLine = Readonly<{
  line: number;
  chargeId: string;
  feeItemCode: string;
  meterId: string | null;
  serviceFrom: string;
  serviceTo: string;
  amount: MoneyJson;
  /** What rounding to the minor unit added or took off. */
  rounding: string;
  /** Readings, tariff, tiers or the lines of the quote, as the charge keeps them. */
  explanation: unknown;
}>;

/** What goes on one invoice. */
export type Draft = Readonly<{
  accountId: string;
  currency: string;
  totalMinor: bigint;
  dueOn: string;
  lines: readonly InvoiceLine[];
}>;

/** Puts charges on invoices: one per account and currency, no more than `INVOICE_LINES` lines each, in a fixed order. */
export function draftsOf(charges: readonly Charge[]): Draft[] {
  const groups = Map.groupBy([...charges].sort(inOrder), (one) => `${one.accountId}/${one.currency}`);
  return [...groups.values()].flatMap(chunked).map((group) => ({
    accountId: group[0]!.accountId,
    currency: group[0]!.currency,
    totalMinor: group.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    dueOn: group.map(({ dueOn }) => dueOn).reduce((a, b) => (a > b ? a : b)),
    lines: group.map(toLine),
  }));
}

const inOrder = (a: Charge, b: Charge): number => (keyOf(a) < keyOf(b) ? -1 : 1);
const keyOf = (one: Charge): string =>
  [one.accountId, one.currency, one.serviceFrom, one.feeItemCode, one.meterId ?? '', one.id].join('/');

function chunked(charges: Charge[]): Charge[][] {
  const count = Math.ceil(charges.length / INVOICE_LINES);
  return Array.from({ length: count }, (_, at) =>
    charges.slice(at * INVOICE_LINES, (at + 1) * INVOICE_LINES),
  );
}

const toLine = (charge: Charge, index: number): InvoiceLine => ({
  line: index + 1,
  chargeId: charge.id,
  feeItemCode: charge.feeItemCode,
  meterId: charge.meterId,
  serviceFrom: charge.serviceFrom,
  serviceTo: charge.serviceTo,
  amount: moneyToJson({ minor: charge.amountMinor, currency: charge.currency }),
  rounding: roundingOf(charge.explanation),
  explanation: charge.explanation,
});

/** Charges of a run say what rounding did; others were never anything but whole minor units. */
function roundingOf(explanation: unknown): string {
  const stated = (explanation as Readonly<{ rounding?: unknown }> | null)?.rounding;
  return typeof stated === 'string' ? stated : formatRatio(ratio(0), 0);
}
