import type { Matched } from './match-rows.js';

const DAY_MS = 86_400_000;

/**
 * The time that figures are judged at: a day after the last thing that the rows tell of, so that everything in them has
 * happened and every target has passed; never after `now`.
 */
export function latestInstant(rows: readonly Matched[], now: Date): Date {
  let latest = 0;
  for (const { openedAt, targetAt, closedAt, ticket } of rows) {
    const due = ticket.dueAt === null ? 0 : Date.parse(ticket.dueAt);
    for (const at of [openedAt, targetAt, closedAt]) latest = Math.max(latest, at?.getTime() ?? 0);
    latest = Math.max(latest, due);
  }
  return latest === 0 ? now : new Date(Math.min(latest + DAY_MS, now.getTime()));
}
