import { nextMonth, startOfMonth } from '@steward/kernel';
import type { LateRule } from '@steward/messaging';
import type { ClosedMonth } from './directory.repository.js';

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
