/** Ages of arrears in days after the due day: `upTo` inclusive, null for all that is older. */
export const AGES = [
  { name: 'days1To30', upTo: 30 },
  { name: 'days31To60', upTo: 60 },
  { name: 'days61To90', upTo: 90 },
  { name: 'days91To180', upTo: 180 },
  { name: 'days181To365', upTo: 365 },
  { name: 'older', upTo: null },
] as const;
export type AgeName = (typeof AGES)[number]['name'];

/**
 * Months late of a debt that is open on a day, as dunning counts them: begun months after the due day. 0 up to and on it,
 * 1 up to the same day of the next month (its last day where it is shorter), and so on.
 */
export function monthsLate(dueOn: string, asOf: string): number {
  if (asOf <= dueOn) return 0;
  const [from, to] = [parts(dueOn), parts(asOf)];
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const last = new Date(Date.UTC(to.year, to.month, 0)).getUTCDate();
  return to.day > Math.min(from.day, last) ? months + 1 : months;
}

function parts(day: string): Readonly<{ year: number; month: number; day: number }> {
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  return { year, month, day: dayOfMonth };
}
