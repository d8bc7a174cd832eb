import { KIND_RESOLVE, type TicketKind } from '@steward/contracts';
import { Tally, type Finding } from '../report.js';
import { guessCause } from './guess-cause.js';
import type { Matched } from './match-rows.js';
import { allowanceKey, allowanceOf, type Profile } from './profile.js';

const NEEDED_SHARE = 0.99;
const HOUR_S = 3600;

/** Our deadlines against `target_dt`. Rows without target, and tickets without deadline, are not compared. */
export function compareDeadlines(rows: readonly Matched[], profile: Profile): Finding {
  const tally = new Tally('deadlines equal to target_dt within 6 s', { least: NEEDED_SHARE, some: true });
  for (const each of rows) {
    if (each.targetAt === null || each.ticket.dueAt === null) continue;
    const cause = deadlineDifference(each, profile);
    if (cause === undefined) tally.agree();
    else tally.differ(cause, describe(each, profile));
  }
  return tally.finding();
}

/** POL-05: a type without allowance is taken in, and its deadline names the parameter that is not set. */
export function compareMissing(rows: readonly Matched[], kind: TicketKind, profile: Profile): Finding {
  const tally = new Tally('deadlines without an allowance that name their parameter (POL-05)', { least: 1 });
  for (const { row, ticket } of rows) {
    if (ticket.dueAt !== null) continue;
    const expected = row.category === null ? KIND_RESOLVE[kind].key : allowanceKey(row.category);
    const example = `${row.id} ${row.type}`;
    if (allowanceOf(profile, row.category)) tally.differ(`${expected} is set but was not known`, example);
    else if (ticket.missing === expected) tally.agreeAs(`${expected} is not set`, example);
    else tally.differ(`${ticket.missing} is named instead of ${expected}`, example);
  }
  return tally.finding();
}

/** Why a deadline differs from the source's; undefined when it does not, or one of the two is not there. */
export function deadlineDifference(
  { row, ticket, openedAt, targetAt }: Matched,
  profile: Profile,
): string | undefined {
  if (ticket.dueAt === null || targetAt === null || openedAt === null) return undefined;
  const pair = { openedAt, targetAt, dueAt: new Date(ticket.dueAt) };
  return guessCause(pair, allowanceOf(profile, row.category), profile);
}

function describe({ row, ticket, targetAt }: Matched, { calendar }: Profile): string {
  const { timeZone } = calendar.calendar;
  const dueAt = new Date(ticket.dueAt!);
  const ours = dueAt.toLocaleString('sv-SE', { timeZone });
  const seconds = Math.round((targetAt!.getTime() - dueAt.getTime()) / 1000);
  const by = Math.abs(seconds) < HOUR_S ? `${seconds} s` : `${(seconds / HOUR_S / 24).toFixed(2)} days`;
  return `${row.id} ${row.type}: opened ${row.opened}, target ${row.target}, ours ${ours} (${by})`;
}
