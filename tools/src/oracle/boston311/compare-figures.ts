import { Tally, type Finding } from '../report.js';
import { deadlineDifference } from './compare-deadlines.js';
import { sourceVerdict } from './compare-verdicts.js';
import {
  cellKey,
  compareCells,
  countRows,
  countTickets,
  countVerdicts,
  placeOf,
  type Cell,
} from './figure-cells.js';
import type { Matched } from './match-rows.js';
import type { Profile } from './profile.js';
import { ticketKey, type ReadTicket } from './read-tickets.js';

const UNEXPLAINED = (): string => 'unexplained';

/** Headquarters' received, closed and open against counts made from the rows of the files. */
export function compareCounts(found: readonly Cell[], rows: readonly Matched[]): Finding {
  const tally = new Tally("headquarters' received, closed, open equal to the files", {
    least: 1,
    some: true,
  });
  const measures = ['received', 'closed', 'open'] as const;
  return compareCells(tally, { expected: countRows(rows), found, measures }, UNEXPLAINED);
}

/** Headquarters' verdicts against those of the branches' own tickets: nothing changed on the way through Kafka. */
export function compareWithTickets(
  found: readonly Cell[],
  tickets: Iterable<ReadTicket>,
  asOf: Date,
  { calendar }: Profile,
): Finding {
  const tally = new Tally("headquarters' on time, overdue, without deadline equal to the branches' tickets", {
    least: 1,
  });
  const measures = ['onTime', 'closedLate', 'openOverdue', 'overdue', 'withoutDeadline'] as const;
  const expected = countTickets(tickets, asOf, calendar.calendar.timeZone);
  return compareCells(tally, { expected, found, measures }, UNEXPLAINED);
}

/** Headquarters' on time and overdue against the source's own verdicts; they differ where single verdicts do. */
export function compareWithVerdicts(
  found: readonly Cell[],
  rows: readonly Matched[],
  asOf: Date,
  profile: Profile,
): Finding {
  const tally = new Tally("headquarters' on time, overdue equal to the source's verdicts", { least: 0 });
  const causes = new Map<string, string>();
  for (const each of rows) {
    const cause = verdictCause(each, asOf, profile);
    if (cause !== undefined) causes.set(cellKey(placeOf(each)), cause);
  }
  const measures = ['onTime', 'closedLate', 'openOverdue', 'overdue'] as const;
  const given = { expected: countVerdicts(rows), found, measures };
  return compareCells(tally, given, (key) => causes.get(key) ?? 'unexplained');
}

/** Every record that headquarters opens behind a figure is one of the branches' tickets, and the other way round (GRP-02). */
export function compareRecords(
  records: readonly Readonly<{ branchId: string; externalId: string }>[],
  tickets: Iterable<ReadTicket>,
  branchIds: ReadonlyMap<string, string>,
): Finding {
  const tally = new Tally('figures that open down to their records (GRP-02)', { least: 1 });
  const codes = new Map([...branchIds].map(([code, id]) => [id, code]));
  const opened = new Set(
    records.map(({ branchId, externalId }) => ticketKey(codes.get(branchId) ?? '?', externalId)),
  );
  if (opened.size < records.length) tally.differ('a record comes twice', '', records.length - opened.size);
  for (const { branch, externalId } of tickets) {
    const key = ticketKey(branch, externalId);
    if (opened.delete(key)) tally.agree();
    else tally.differ('a ticket without record', key);
  }
  for (const key of opened) tally.differ('a record without ticket', key);
  return tally.finding();
}

/** Why a row's verdict at headquarters is not the source's; undefined when it is. */
function verdictCause(each: Matched, asOf: Date, profile: Profile): string | undefined {
  const { row, ticket } = each;
  const theirs = sourceVerdict(row.verdict);
  if (ticket.dueAt === null) return undefined;
  if (theirs === undefined) return 'the source has no verdict';
  const ours = row.closed === '' ? Date.parse(ticket.dueAt) >= asOf.getTime() : ticket.onTime;
  if (ours === theirs) return undefined;
  const difference = deadlineDifference(each, profile);
  if (difference !== undefined) return `deadlines differ: ${difference}`;
  return row.closed === '' ? 'the source judged open rows at another time' : 'single verdicts differ';
}
