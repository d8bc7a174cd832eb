import { Tally, type Finding } from '../report.js';
import type { ImportedFile, Rejection } from './import-files.js';
import { localInstant } from './local-instant.js';
import { ticketKey, type ReadTicket } from './read-tickets.js';
import type { ReadFile, SourceRow } from './source-rows.js';

/** A row of the source with the ticket that it became; a text that is no time has no instant. */
export type Matched = Readonly<{
  row: SourceRow;
  ticket: ReadTicket;
  openedAt: Date | null;
  targetAt: Date | null;
  closedAt: Date | null;
}>;

type Surroundings = Readonly<{
  tickets: ReadonlyMap<string, ReadTicket>;
  branchOf: (row: SourceRow) => string;
  timeZone: string;
}>;

/** Finds the ticket of every row, and says of every other row why it has none. */
export class RowMatcher {
  private readonly accepted = new Tally('rows accepted', { least: 0, some: true });
  private readonly accounted = new Tally('rows in as the file has them, or rejected with a reason', {
    least: 1,
  });
  private readonly found = new Map<string, Matched>();

  constructor(private readonly around: Surroundings) {}

  /** Takes the next file; of rows with the same branch and id the first one counts, as it does for the importer. */
  addFile({ rows, unreadable }: ReadFile, imported: ImportedFile): void {
    const rejections = byRow(imported.rejections);
    for (const rowNumber of unreadable)
      this.leaveOut(imported, rowNumber, rejections.get(rowNumber), 'the row cannot be read');
    for (const row of rows) {
      const rejection = rejections.get(row.rowNumber);
      const key = ticketKey(this.around.branchOf(row), row.id);
      const ticket = this.around.tickets.get(key);
      if (ticket && !rejection) this.pair(key, row, ticket);
      else this.leaveOut(imported, row.rowNumber, rejection, row.id);
    }
  }

  /** The rows that have tickets, and what became of all rows. */
  end(): Readonly<{ matched: readonly Matched[]; findings: readonly Finding[] }> {
    for (const key of this.around.tickets.keys())
      if (!this.found.has(key)) this.accounted.differ('a ticket that no row explains', key);
    const findings = [this.accepted.finding(), this.accounted.finding()];
    return { matched: [...this.found.values()], findings };
  }

  private pair(key: string, row: SourceRow, ticket: ReadTicket): void {
    this.accepted.agree();
    if (this.found.has(key)) return this.accounted.agree();
    const { timeZone } = this.around;
    const [openedAt, targetAt, closedAt] = [row.opened, row.target, row.closed].map((text) =>
      localInstant(text, timeZone),
    ) as [Date | null, Date | null, Date | null];
    const pair = { row, ticket, openedAt, targetAt, closedAt };
    this.found.set(key, pair);
    const difference = differenceOf(pair);
    if (difference) this.accounted.differ(`the ticket has another ${difference}`, key);
    else this.accounted.agree();
  }

  private leaveOut(
    file: ImportedFile,
    rowNumber: number,
    rejection: Rejection | undefined,
    text: string,
  ): void {
    const place = `${file.name} row ${rowNumber}`;
    const field = rejection?.field ? ` (${rejection.field})` : '';
    const why = rejection ? `${rejection.code}${field}` : file.failure;
    this.accepted.differ(why ?? 'not imported', `${place}: ${rejection?.detail ?? text}`);
    if (why === null) this.accounted.differ('neither in nor rejected', place);
    else this.accounted.agree();
  }
}

const RANGE = /^Lines (\d+) to (\d+) /;

/** The first problem of each rejected row; lines that were passed over together are told of once. */
function byRow(rejections: readonly Rejection[]): Map<number, Rejection> {
  const found = new Map<number, Rejection>();
  for (const rejection of rejections) {
    const last = Number(RANGE.exec(rejection.detail)?.[2] ?? rejection.rowNumber);
    for (let row = rejection.rowNumber; row <= last; row += 1) if (!found.has(row)) found.set(row, rejection);
  }
  return found;
}

/** The first field in which a ticket says something else than its row. */
function differenceOf({ row, ticket, openedAt, closedAt }: Matched): string | undefined {
  const same: Record<string, boolean> = {
    'time of receipt': Date.parse(ticket.receivedAt) === openedAt?.getTime(),
    'time of completion':
      (ticket.completedAt && Date.parse(ticket.completedAt)) === (closedAt && closedAt.getTime()),
    category: ticket.category === row.category,
    channel: ticket.channel === row.channel,
  };
  return Object.keys(same).find((field) => !same[field]);
}
