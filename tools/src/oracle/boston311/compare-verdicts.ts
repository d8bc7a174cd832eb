import { Tally, type Finding } from '../report.js';
import { deadlineDifference } from './compare-deadlines.js';
import { TOLERANCE_MS } from './guess-cause.js';
import type { Matched } from './match-rows.js';
import type { Profile } from './profile.js';

/** What the source says of a row; undefined for another word. */
export function sourceVerdict(verdict: string): boolean | undefined {
  return { ONTIME: true, OVERDUE: false }[verdict.toUpperCase()];
}

/** Our verdicts on closed rows against the source's own; a ticket without deadline has none. */
export function compareVerdicts(rows: readonly Matched[], profile: Profile): Finding {
  const tally = new Tally("on-time verdicts of closed rows equal to the source's", { least: 0 });
  for (const each of rows) {
    const theirs = sourceVerdict(each.row.verdict);
    const ours = each.ticket.onTime;
    if (each.row.closed === '' || theirs === undefined || ours === null) continue;
    if (ours === theirs) tally.agree();
    else tally.differ(causeOf(each, theirs, profile), describe(each));
  }
  return tally.finding();
}

function causeOf(each: Matched, theirs: boolean, profile: Profile): string {
  const difference = deadlineDifference(each, profile);
  if (difference !== undefined) return `the deadlines differ: ${difference}`;
  const { closedAt, targetAt } = each;
  if (closedAt === null || targetAt === null) return 'the source has no target';
  if (Math.abs(closedAt.getTime() - targetAt.getTime()) <= TOLERANCE_MS)
    return 'closed within 6 s of the target';
  return closedAt <= targetAt === theirs ? 'unexplained' : 'the source contradicts its own target';
}

const describe = ({ row, ticket }: Matched): string =>
  `${row.id} ${row.type}: target ${row.target}, closed ${row.closed}, source ${row.verdict}, ours ${ticket.onTime ? 'on time' : 'late'}`;
