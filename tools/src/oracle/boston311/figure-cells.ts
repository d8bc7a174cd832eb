import { toLocalTime } from '@steward/kernel';
import type { Finding, Tally } from '../report.js';
import { sourceVerdict } from './compare-verdicts.js';
import type { Matched } from './match-rows.js';
import type { ReadTicket } from './read-tickets.js';

export const MEASURES = [
  'received',
  'closed',
  'open',
  'onTime',
  'closedLate',
  'openOverdue',
  'overdue',
  'withoutDeadline',
] as const;
export type Measure = (typeof MEASURES)[number];
export type Measures = Record<Measure, number>;

/** One cell of the figures: a branch, a category, a channel, a month by the branch's own time. */
export type Cell = Readonly<{
  branch: string;
  category: string | null;
  channel: string;
  month: string;
  figures: Partial<Measures>;
}>;

type Place = Omit<Cell, 'figures'>;

export const cellKey = ({ branch, category, channel, month }: Place): string =>
  [branch, category ?? 'no category', channel, month].join(' · ');

/** The cell of a row, straight from the file: the month is written in its local time. */
export const placeOf = ({ row, ticket }: Matched): Place => ({
  branch: ticket.branch,
  category: row.category,
  channel: row.channel,
  month: row.opened.slice(0, 7),
});

/** Counts made from the rows of the files alone. */
export function countRows(rows: readonly Matched[]): Cell[] {
  return sum(
    rows.map((each) => {
      const closed = each.row.closed !== '';
      return { ...placeOf(each), counts: ['received', closed ? 'closed' : 'open'] };
    }),
  );
}

/** The source's own verdicts, counted; rows whose ticket has no deadline have no verdict of ours to hold against them. */
export function countVerdicts(rows: readonly Matched[]): Cell[] {
  return sum(
    rows
      .filter(({ ticket }) => ticket.dueAt !== null)
      .map((each) => {
        const closed = each.row.closed !== '';
        const verdict = sourceVerdict(each.row.verdict);
        if (verdict === undefined) return { ...placeOf(each), counts: [] };
        if (verdict) return { ...placeOf(each), counts: closed ? ['onTime'] : [] };
        return { ...placeOf(each), counts: ['overdue', closed ? 'closedLate' : 'openOverdue'] };
      }),
  );
}

/** Counts made from the branches' tickets as they were at a time. */
export function countTickets(tickets: Iterable<ReadTicket>, asOf: Date, timeZone: string): Cell[] {
  return sum(
    [...tickets].map((ticket) => {
      const { branch, category, channel, receivedAt } = ticket;
      const month = toLocalTime(new Date(receivedAt), timeZone).slice(0, 7);
      return { branch, category, channel, month, counts: measuresOf(ticket, asOf) };
    }),
  );
}

function measuresOf({ completedAt, dueAt, onTime }: ReadTicket, asOf: Date): Measure[] {
  const without: Measure[] = dueAt === null ? ['withoutDeadline'] : [];
  if (completedAt === null) {
    const overdue = dueAt !== null && Date.parse(dueAt) < asOf.getTime();
    return ['received', 'open', ...without, ...(overdue ? (['openOverdue', 'overdue'] as const) : [])];
  }
  if (onTime === null) return ['received', 'closed', ...without];
  return ['received', 'closed', ...(onTime ? (['onTime'] as const) : (['closedLate', 'overdue'] as const))];
}

/** Holds cells against each other, measure by measure; a cell that is not there counts zero. */
export function compareCells(
  tally: Tally,
  given: Readonly<{ expected: readonly Cell[]; found: readonly Cell[]; measures: readonly Measure[] }>,
  causeOf: (key: string, measure: Measure) => string,
): Finding {
  const [expected, found] = [given.expected, given.found].map(
    (cells) => new Map(cells.map((cell) => [cellKey(cell), cell.figures])),
  ) as [Map<string, Partial<Measures>>, Map<string, Partial<Measures>>];
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    for (const measure of given.measures) {
      const [wanted, got] = [expected.get(key)?.[measure] ?? 0, found.get(key)?.[measure] ?? 0];
      if (wanted === got) tally.agree();
      else
        tally.differ(causeOf(key, measure), `${key}: ${measure} ${got} at headquarters, ${wanted} expected`);
    }
  }
  return tally.finding();
}

/** All cells together. */
export function totalOf(cells: readonly Cell[]): Measures {
  const total = Object.fromEntries(MEASURES.map((name) => [name, 0])) as Measures;
  for (const { figures } of cells) for (const name of MEASURES) total[name] += figures[name] ?? 0;
  return total;
}

function sum(items: readonly (Place & Readonly<{ counts: readonly Measure[] }>)[]): Cell[] {
  const cells = new Map<string, Place & { figures: Partial<Measures> }>();
  for (const { counts, ...place } of items) {
    const key = cellKey(place);
    const cell = cells.get(key) ?? { ...place, figures: {} };
    cells.set(key, cell);
    for (const measure of counts) cell.figures[measure] = (cell.figures[measure] ?? 0) + 1;
  }
  return [...cells.values()];
}
