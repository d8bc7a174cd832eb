import {
  addQuantity,
  addRatio,
  compareRatio,
  multiplyRatio,
  parseMoney,
  ratio,
  roundRatio,
  subtractQuantity,
  subtractRatio,
} from '@steward/kernel';
import type { Line } from './chains.js';
import type { Rates } from './rates.js';

/** The change of price inside a line, if there is one. */
export type Change = Readonly<{ day: string; before: string; after: string; multiplier: string }>;

export function changeWithin({ from, to }: Pick<Line, 'from' | 'to'>, { tariffs }: Rates): Change | null {
  const at = tariffs.findIndex(({ validFrom }) => validFrom > from && validFrom < to);
  if (at < 1) return null;
  const [old, next] = [tariffs[at - 1]!.terms, tariffs[at]!.terms];
  return {
    day: tariffs[at]!.validFrom,
    before: old.price,
    after: next.price,
    multiplier: next.multiplier,
  };
}

/**
 * The whole number that the meter must have counted before the change, so that the charge is what the source charged to
 * the cent; null when no whole number does.
 */
export function wholeBefore(line: Line, change: Change, currency: string): string | null {
  const wanted = parseMoney({ amount: line.bill.charge, currency }).minor;
  const guess = estimateAfter(line, change);
  for (const after of [guess - 1n, guess, guess + 1n]) {
    if (after < 0n || BigInt(line.bill.used) < after) continue;
    const before = subtractQuantity(line.bill.used, after);
    const units = addRatio(
      multiplyRatio(ratio(String(before)), ratio(change.before)),
      multiplyRatio(ratio(after), ratio(change.after)),
    );
    if (roundRatio(multiplyRatio(units, ratio(change.multiplier)), 2) === wanted) return String(before);
  }
  return null;
}

/** Charge ÷ multiplier = before × (used − b) + after × b, solved for b and rounded. */
function estimateAfter({ bill }: Line, { before, after, multiplier }: Change): bigint {
  const perUnit = subtractRatio(ratio(after), ratio(before));
  if (compareRatio(perUnit, ratio(0)) === 0) return 0n;
  const over = subtractRatio(ratio(bill.charge, multiplier), multiplyRatio(ratio(bill.used), ratio(before)));
  return roundRatio({ above: over.above * perUnit.below, below: over.below * perUnit.above }, 0);
}

/** The register's value on the day of change. */
export const markValue = (start: string, before: string): string => String(addQuantity(start, before));
