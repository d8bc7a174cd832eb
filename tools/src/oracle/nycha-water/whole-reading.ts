import {
  addQuantity,
  addRatio,
  compareRatio,
  currencyDigits,
  multiplyRatio,
  parseMoney,
  ratio,
  roundRatio,
  subtractQuantity,
  subtractRatio,
  type Ratio,
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

/** What the meter must have counted before the change; `exact`: the charge comes out to the cent. */
export type WholeReading = Readonly<{ before: string; exact: boolean }>;

/** How far from a whole number the use after the change may come out: sources round parts of a charge. */
const TOLERANCE = ratio(1, 10);

/**
 * The whole number on the day of change that explains what the source charged: to the cent, or within a tenth of a unit,
 * which is a few cents; null when none does.
 */
export function wholeBefore(line: Line, change: Change, currency: string): WholeReading | null {
  const after = unitsAfter(line, change);
  const whole = roundRatio(after, 0);
  const off = subtractRatio(after, ratio(whole));
  const size = off.above < 0n ? { ...off, above: -off.above } : off;
  if (whole < 0n || whole > BigInt(line.bill.used) || compareRatio(size, TOLERANCE) > 0) return null;
  const before = String(subtractQuantity(line.bill.used, whole));
  const units = addRatio(
    multiplyRatio(ratio(before), ratio(change.before)),
    multiplyRatio(ratio(whole), ratio(change.after)),
  );
  const minor = roundRatio(multiplyRatio(units, ratio(change.multiplier)), currencyDigits(currency));
  return { before, exact: minor === parseMoney({ amount: line.bill.charge, currency }).minor };
}

/** Charge ÷ multiplier = before × (used − b) + after × b, solved for b. */
function unitsAfter({ bill }: Line, { before, after, multiplier }: Change): Ratio {
  const perUnit = subtractRatio(ratio(after), ratio(before));
  if (compareRatio(perUnit, ratio(0)) === 0) return ratio(-1);
  const over = subtractRatio(ratio(bill.charge, multiplier), multiplyRatio(ratio(bill.used), ratio(before)));
  return multiplyRatio(over, { above: perUnit.below, below: perUnit.above });
}

/** The register's value on the day of change. */
export const markValue = (start: string, before: string): string => String(addQuantity(start, before));
