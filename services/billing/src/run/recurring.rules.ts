import { rate, type Basis, type Rated } from '../charge/rating.rules.js';
import { payersOf, type Paid } from '../occupancy/payer.rules.js';
import { tariffsFor, without } from '../tariff/applicable.rules.js';
import type { Interval, Tariff } from '../tariff/tariff.rules.js';
import { Assessment, type Assessed, type Draft, type Known, type Subject } from './assessment.js';

/**
 * BIL-04, BIL-05: what a unit owes of a recurring item for the days of a period that are not charged yet; each payer for
 * the days of his own.
 */
export function assessRecurring(subject: Subject, period: Interval, known: Known): Assessed {
  const found = new Assessment(subject);
  for (const free of uncharged(period, known.charged))
    for (const piece of paidPieces(found, free, known))
      found.attempt(piece, () => rated(subject, piece, tariffsFor(subject, piece, known.tariffs), subject));
  return found;
}

/** The days of an interval that are not charged yet. */
export const uncharged = (interval: Interval, charged: readonly Interval[]): Interval[] =>
  charged.reduce<Interval[]>((free, cut) => free.flatMap((stretch) => without(stretch, cut)), [interval]);

export type Payable = Paid & Readonly<{ customerId: string }>;

/** The pieces of an interval that somebody pays for; days of nobody become a problem. */
export function paidPieces(found: Assessment, interval: Interval, known: Known): Payable[] {
  return payersOf(interval, known.occupancies, known.item.payer).filter((piece): piece is Payable => {
    if (piece.customerId === null)
      found.problem(piece, 'billing.payer-missing', 'Nobody owns or occupies the unit on these days.');
    return piece.customerId !== null;
  });
}

/** The charge of a piece by the tariffs in force; `more` goes into the explanation beside the arithmetic. */
export function rated(
  subject: Subject,
  { from, to, customerId }: Payable,
  tariffs: readonly Tariff[],
  basis: Basis,
  more: object = {},
): Draft {
  const { usage, area = null } = basis;
  const { amount, ...how }: Rated = rate({ from, to }, tariffs, usage ? { area, usage } : { area });
  return {
    ...subject,
    customerId,
    serviceFrom: from,
    serviceTo: to,
    amount,
    tariffIds: [...new Set(how.parts.flatMap((part) => part.tariffs))],
    explanation: { ...how, ...more },
  };
}
