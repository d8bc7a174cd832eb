import { invalid } from './domain-error.js';

/** Units of an allowance of time; minutes are minutes of calendar time. */
export const DURATION_UNITS = [
  'minutes',
  'calendar-hours',
  'calendar-days',
  'working-hours',
  'working-days',
] as const;

/** Unit of an allowance of time. */
export type DurationUnit = (typeof DURATION_UNITS)[number];

/** An allowance of time: `{amount: 2, unit: 'working-days'}`. The amount is zero or more; it may be a fraction. */
export type Duration = Readonly<{ amount: number; unit: DurationUnit }>;

/**
 * Checks a value from outside and gives it back as a duration.
 * @throws DomainError `duration.malformed`.
 */
export function checkDuration(value: unknown): Duration {
  const { amount, unit } = (value ?? {}) as Partial<Record<'amount' | 'unit', unknown>>;
  const known = (DURATION_UNITS as readonly unknown[]).includes(unit);
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0 || !known) {
    throw invalid(
      'duration.malformed',
      'A duration such as {"amount": 2, "unit": "working-days"} is expected.',
    );
  }
  return { amount, unit: unit as DurationUnit };
}
