import { allocateMoney, unprocessable, type Money } from '@steward/kernel';
import { daysOf, type Interval } from '../tariff/tariff.rules.js';
import { Assessment, type Assessed, type Known, type Subject } from '../run/assessment.js';
import { paidPieces, uncharged } from '../run/recurring.rules.js';

/** BIL-16: by which a common cost is shared. */
export const SHARING_RULES = ['area', 'equal'] as const;
export type SharingRule = (typeof SHARING_RULES)[number];

export type Share = Readonly<{ propertyUnitId: string; weight: string; amount: Money }>;

/**
 * BIL-16: shares a cost among units by area or equally, by the largest remainder: the shares add up exactly to the cost.
 * @throws DomainError `shared-cost.area-missing`, `money.no-weights`.
 */
export function shareCost(
  cost: Money,
  units: readonly Readonly<{ id: string; area: string | null }>[],
  rule: SharingRule,
): Share[] {
  const without = units.filter(({ area }) => area === null).length;
  if (rule === 'area' && without > 0)
    throw unprocessable('shared-cost.area-missing', `${without} units have no area to share by.`);
  const weights = units.map(({ area }) => (rule === 'area' ? area! : '1'));
  const amounts = allocateMoney(cost, weights);
  return units.map(({ id }, index) => ({
    propertyUnitId: id,
    weight: weights[index]!,
    amount: amounts[index]!,
  }));
}

/** A unit's share of a cost, as it was fixed when the cost was entered. */
export type FixedShare = Interval &
  Readonly<{ amount: Money; weight: string; rule: SharingRule; cost: Money; document: string }>;

/** The charges of a share: among those who pay by their days, again by the largest remainder. */
export function assessShare(subject: Subject, share: FixedShare, known: Known): Assessed {
  const found = new Assessment(subject);
  const free = uncharged(share, known.charged);
  if (free.length !== 1 || daysOf(free[0]!) !== daysOf(share)) return found;
  const pieces = paidPieces(found, share, known);
  if (found.problems.length > 0) return found;
  const amounts = allocateMoney(
    share.amount,
    pieces.map((piece) => daysOf(piece)),
  );
  const { weight, rule, document } = share;
  const explanation = {
    shared: { rule, weight, document, cost: json(share.cost), share: json(share.amount) },
  };
  for (const [index, piece] of pieces.entries())
    found.drafts.push({
      ...subject,
      customerId: piece.customerId,
      serviceFrom: piece.from,
      serviceTo: piece.to,
      amount: amounts[index]!,
      tariffIds: [],
      explanation,
    });
  return found;
}

const json = ({ minor, currency }: Money) => ({ minor: String(minor), currency });
