import {
  addQuantity,
  compareQuantity,
  compareRatio,
  formatRatio,
  multiplyQuantity,
  multiplyRatio,
  parseQuantity,
  ratio,
  subtractQuantity,
  type Quantity,
  type Ratio,
} from '@steward/kernel';
import { daysOf } from '../tariff/tariff.rules.js';

/** Where a reading comes from. */
export const READING_SOURCES = ['manual', 'photo', 'remote', 'self-read', 'import'] as const;
export type ReadingSource = (typeof READING_SOURCES)[number];

export const READING_KINDS = ['opening', 'periodic', 'tariff-change', 'closing'] as const;
export type ReadingKind = (typeof READING_KINDS)[number];

/** BIL-06: why a reading has to be looked at before it is billed. */
export type Suspicion = 'backward' | 'jump-up' | 'jump-down';

/** A reading on a meter's register, by local day. */
export type ReadingFact = Readonly<{ day: string; value: string; estimated: boolean }>;

/** What a meter is: the register's digits before the point (null: it never rolls over) and its multiplier. */
export type MeterFacts = Readonly<{ digits: number | null; multiplier: string }>;

/** Policy of the branch: a use per day beyond `above` × or below `below` × the median of so many before is a jump. */
export type JumpLimits = Readonly<{ above: string; below: string; of: number }>;

/** What lies between two readings. */
export type Consumption = Readonly<{ from: string; to: string; quantity: string; rolledOver: boolean }>;

export type Checked = Readonly<{ consumption: Consumption | null; suspect: readonly Suspicion[] }>;

/**
 * BIL-06: checks a reading against those before it (ascending by day). Going backward is a roll-over where the register
 * has digits and the use that this means is no jump; else it is suspect and gives no consumption.
 */
export function checkReading(
  reading: ReadingFact,
  before: readonly ReadingFact[],
  meter: MeterFacts,
  limits: JumpLimits,
): Checked {
  const last = before.at(-1);
  if (!last) return { consumption: null, suspect: [] };
  const median = medianPerDay(before, meter, limits.of);
  const used = subtractQuantity(reading.value, last.value);
  if (compareQuantity(used, 0) >= 0) return judged(last, reading, used, false, meter, median, limits);
  if (meter.digits === null) return { consumption: null, suspect: ['backward'] };
  const rolled = judged(
    last,
    reading,
    addQuantity(used, `1${'0'.repeat(meter.digits)}`),
    true,
    meter,
    median,
    limits,
  );
  const plausible = median !== null && !rolled.suspect.includes('jump-up');
  return plausible ? rolled : { consumption: null, suspect: ['backward'] };
}

function judged(
  last: ReadingFact,
  reading: ReadingFact,
  used: Quantity,
  rolledOver: boolean,
  meter: MeterFacts,
  median: Ratio | null,
  limits: JumpLimits,
): Checked {
  const quantity = multiplyQuantity(used, meter.multiplier);
  const consumption = { from: last.day, to: reading.day, quantity: String(quantity), rolledOver };
  if (median === null) return { consumption, suspect: [] };
  const perDay = ratio(quantity, elapsed(last.day, reading.day));
  if (compareRatio(perDay, multiplyRatio(median, ratio(limits.above))) > 0)
    return { consumption, suspect: ['jump-up'] };
  if (compareRatio(perDay, multiplyRatio(median, ratio(limits.below))) < 0)
    return { consumption, suspect: ['jump-down'] };
  return { consumption, suspect: [] };
}

/** Days from one reading to the next; readings of the same day lie one apart, so that nothing is divided by zero. */
const elapsed = (from: string, to: string): number => Math.max(1, daysOf({ from, to }) - 1);

/** Median use per day of the last stretches between readings; null while there are too few to tell. */
function medianPerDay(readings: readonly ReadingFact[], meter: MeterFacts, of: number): Ratio | null {
  const rates = readings
    .slice(1)
    .map((reading, index) => ({ reading, last: readings[index]! }))
    .map(({ reading, last }) => ({ used: subtractQuantity(reading.value, last.value), last, reading }))
    .filter(({ used }) => compareQuantity(used, 0) >= 0)
    .slice(-of)
    .map(({ used, last, reading }) =>
      ratio(multiplyQuantity(used, meter.multiplier), elapsed(last.day, reading.day)),
    )
    .sort(compareRatio);
  if (rates.length < MIN_HISTORY) return null;
  const middle = rates.length >> 1;
  if (rates.length % 2 === 1) return rates[middle]!;
  const [low, high] = [rates[middle - 1]!, rates[middle]!];
  return multiplyRatio(
    { above: low.above * high.below + high.above * low.below, below: low.below * high.below },
    ratio(1, 2),
  );
}

const MIN_HISTORY = 3;

/**
 * BIL-06: the register value to expect on a day, from the median use before; null while there are too few readings. It is
 * rounded to the register's whole units and marked estimated; the next actual reading corrects it by itself, because
 * consumption is the difference of register values.
 */
export function estimate(
  day: string,
  before: readonly ReadingFact[],
  meter: MeterFacts,
  of: number,
): string | null {
  const last = before.at(-1);
  const median = medianPerDay(before, meter, of);
  if (!last || median === null) return null;
  const used = multiplyRatio(median, ratio(elapsed(last.day, day), meter.multiplier));
  return String(addQuantity(last.value, parseQuantity(formatRatio(used, 0))));
}
