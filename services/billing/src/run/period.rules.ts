import { dayBeside, type Interval } from '../tariff/tariff.rules.js';

/** The days of a month `YYYY-MM`. */
export function periodDays(period: string): Interval {
  const [year, month] = period.split('-').map(Number) as [number, number];
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return { from: `${period}-01`, to: dayBeside(next, -1) };
}
