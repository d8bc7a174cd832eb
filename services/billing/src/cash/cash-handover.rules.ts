import { unprocessable, type Role } from '@steward/kernel';
import { balanced, transfer, type Posting } from '../ledger/ledger.rules.js';

type AtLeastOne = readonly [Role, ...Role[]];

/** Who takes cash and hands it over. */
export const CASHIERS: AtLeastOne = ['cashier'];

/** Whom cash may be handed to: somebody who answers for the safe. */
export const SAFE_KEEPERS: AtLeastOne = ['accountant', 'branch-manager'];

/** So many notes or coins of one value; the value in minor units. */
export type Denomination = Readonly<{ value: bigint; pieces: number }>;

/** What was counted, as it was signed: its pieces, or one sum. */
export const countOf = (pieces: readonly Denomination[]): bigint =>
  pieces.reduce((sum, { value, pieces: number }) => sum + value * BigInt(number), 0n);

export type Count = Readonly<{
  expected: bigint;
  counted: bigint;
  /** empty when only the sum was counted */
  pieces: readonly Denomination[];
  explanation: string | null;
}>;

/**
 * BIL-09: the count as it may be signed; gives the difference (negative: cash is missing).
 * @throws DomainError `cash-handover.count-differs` (the pieces do not add up to the sum),
 * `cash-handover.unexplained` (a difference without an explanation).
 */
export function checkCount({ expected, counted, pieces, explanation }: Count): bigint {
  if (pieces.length > 0 && countOf(pieces) !== counted)
    throw unprocessable('cash-handover.count-differs', 'The pieces do not add up to the counted sum.');
  if (counted !== expected && explanation === null)
    throw unprocessable(
      'cash-handover.unexplained',
      'What was counted is not what was received. Explain the difference.',
    );
  return counted - expected;
}

/** BIL-03: what was counted goes into the safe; what is missing, or too much, is a difference of its own. */
export const handoverEntry = (expected: bigint, counted: bigint): Posting[] =>
  balanced([
    ...transfer('safe', 'money:cash', counted),
    ...transfer('cash-difference', 'money:cash', expected - counted),
  ]);
