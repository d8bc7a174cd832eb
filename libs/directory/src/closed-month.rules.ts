import { fromLocalTime } from '@steward/kernel';
import type { LateRule } from '@steward/messaging';
import type { ClosedMonth } from './directory.repository.js';

const LATEST_MONTH = '9999-12';

/** The first instant of a month `YYYY-MM` in a zone. */
export const startOfMonth = (month: string, timeZone: string): Date =>
  fromLocalTime(`${month}-01T00:00:00`, timeZone);

/** The month after a month `YYYY-MM`. */
export function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  if (month === LATEST_MONTH) return month;
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}

/**
 * The rule of lateness (GRP-02): an instant is late when the month in which it lies, by the branch's own time, is
 * closed. Zones are asked once per closed month, so that each fact costs a comparison of numbers.
 */
export function lateRule(closed: readonly ClosedMonth[], zoneOf: (branchId: string) => string): LateRule {
  const spans = new Map<string, (readonly [from: number, until: number])[]>();
  for (const { branchId, month } of closed) {
    const zone = zoneOf(branchId);
    const span = [
      startOfMonth(month, zone).getTime(),
      startOfMonth(nextMonth(month), zone).getTime(),
    ] as const;
    spans.set(branchId, [...(spans.get(branchId) ?? []), span]);
  }
  return (branchId, occurredAt) => {
    const at = occurredAt.getTime();
    return spans.get(branchId)?.some(([from, until]) => from <= at && at < until) ?? false;
  };
}
