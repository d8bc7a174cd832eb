import type { Decimal } from 'decimal.js';
import { invalid } from '../domain-error.js';
import { checkDuration, type Duration, type DurationUnit } from '../duration.js';
import { toDecimal } from '../quantity.js';

/** An allowance ready to count: milliseconds for time units; whole days and the fraction of one more for day units. */
export type Allowance = Readonly<{ ms: number; days: number; fraction: number }>;

const UNIT_MS: Readonly<Partial<Record<DurationUnit, number>>> = {
  minutes: 60_000,
  'calendar-hours': 3_600_000,
  'working-hours': 3_600_000,
};

/**
 * Amount × multiplier, exact; time units round half-up to the millisecond.
 * @throws DomainError `duration.malformed`, `calendar.negative-multiplier`, `quantity.malformed`.
 */
export function allowanceOf(duration: Duration, multiplier?: string): Allowance {
  const { amount, unit } = checkDuration(duration);
  const unitMs = UNIT_MS[unit];
  if (Number.isSafeInteger(amount) && multiplier === undefined) {
    return unitMs ? { ms: amount * unitMs, days: 0, fraction: 0 } : { ms: 0, days: amount, fraction: 0 };
  }
  const total = toDecimal(amount).times(factor(multiplier));
  if (unitMs) return { ms: total.times(unitMs).toDecimalPlaces(0).toNumber(), days: 0, fraction: 0 };
  const days = total.floor();
  return { ms: 0, days: days.toNumber(), fraction: total.minus(days).toNumber() };
}

function factor(multiplier = '1'): Decimal {
  const decimal = toDecimal(multiplier);
  if (!decimal.isNegative()) return decimal;
  throw invalid('calendar.negative-multiplier', 'The multiplier of an allowance is zero or more.');
}
