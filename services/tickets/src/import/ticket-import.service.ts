import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId, toLocalDate } from '@steward/kernel';
import {
  nextNumbersOfEach,
  type CallContext,
  type ImportJobContext,
  type ImportKind,
  type ImportRow,
  type NumberSeries,
  type RowOutcome,
  type RowProblem,
  type Tx,
} from '@steward/platform';
import { CATEGORY_ROLES } from '../category/category.rules.js';
import { CategoryService } from '../category/category.service.js';
import { isOnTime } from '../ticket/deadline.rules.js';
import { DeadlineService } from '../ticket/deadline.service.js';
import { registrationEntry, registrationEvent, UNTOUCHED } from '../ticket/ticket-intake.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { TicketRepository } from '../ticket/ticket.repository.js';
import { TICKET_FORM, type TicketState } from '../ticket/ticket.rules.js';
import { endEvent, TicketAmendmentService } from './ticket-amendment.service.js';
import { ticketRow, type TicketRow } from './ticket-import.dto.js';

type Row = ImportRow<TicketRow>;

/**
 * Imports tickets. History keeps its own times, is judged by the policies that held then, takes numbers of the year of
 * import and counts in figures; it starts nothing else.
 */
@Injectable()
export class TicketImportService implements ImportKind<TicketRow> {
  readonly kind = 'tickets';
  readonly roles = CATEGORY_ROLES;
  readonly rowSchema = ticketRow;
  readonly branchField = 'branch';

  constructor(
    private readonly repository: TicketRepository,
    private readonly categories: CategoryService,
    private readonly amendments: TicketAmendmentService,
    private readonly deadlines: DeadlineService,
    private readonly directory: Directory,
  ) {}

  async applyRows(tx: Tx, job: ImportJobContext, rows: readonly Row[]): Promise<RowOutcome[]> {
    const outcomes = new Map<Row, RowOutcome>();
    for (const row of rows) {
      const problem = problemOf(row, job.call.now);
      if (problem) outcomes.set(row, { state: 'rejected', problems: [problem] });
    }
    const good = rows.filter((row) => !outcomes.has(row));
    await this.addCategories(tx, job.call, good);
    const created = await this.create(
      tx,
      job,
      good.filter((row) => !row.record?.entityId),
    );
    for (const [row, ticket] of created) outcomes.set(row, { state: 'created', entityId: ticket.id });
    for (const row of good.filter((each) => each.record?.entityId))
      outcomes.set(row, await this.amendments.amend(tx, job.call, row));
    return rows.map((row) => outcomes.get(row)!);
  }

  /** The branch's categories come with its history: what it does not have yet is added under the row's name for it. */
  private async addCategories(tx: Tx, ctx: CallContext, rows: readonly Row[]): Promise<void> {
    const wanted = new Map(
      rows.flatMap(({ branchId, data }) =>
        data.categoryCode
          ? [
              [
                `${branchId}/${data.categoryCode}`,
                {
                  branchId: branchId!,
                  code: data.categoryCode,
                  name: data.categoryName ?? data.categoryCode,
                  kind: data.kind,
                },
              ] as const,
            ]
          : [],
      ),
    );
    if (wanted.size > 0) await this.categories.addMissing(tx, ctx, [...wanted.values()]);
  }

  private async create(tx: Tx, job: ImportJobContext, rows: readonly Row[]): Promise<Map<Row, Ticket>> {
    const tickets = new Map<Row, Ticket>();
    if (rows.length === 0) return tickets;
    const numbers = await this.numbers(tx, job.call, rows);
    for (const [i, row] of rows.entries()) tickets.set(row, await this.ticketOf(job, row, numbers[i]!));
    const all = [...tickets.values()];
    const entries = all.map((ticket) => ({ ...registrationEntry(ticket), action: 'import' }));
    const events = all.flatMap((ticket) => [registrationEvent(ticket), ...endEvent(ticket, 2)]);
    await this.repository.insertAll(tx, job.call, all, entries, events);
    return tickets;
  }

  private async numbers(tx: Tx, ctx: CallContext, rows: readonly Row[]): Promise<string[]> {
    const series = new Map<string, NumberSeries>();
    for (const id of new Set(rows.map(({ branchId }) => branchId!))) {
      const branch = (await this.directory.branch(id))!;
      const year = Number(toLocalDate(ctx.now, branch.timeZone ?? 'UTC').slice(0, 4));
      series.set(id, { branchId: id, branchCode: branch.code, form: TICKET_FORM, year });
    }
    return nextNumbersOfEach(
      tx,
      rows.map(({ branchId }) => series.get(branchId!)!),
    );
  }

  private async ticketOf(job: ImportJobContext, row: Row, number: string): Promise<Ticket> {
    const { branchId, externalId, data } = row;
    const receivedAt = new Date(data.receivedAt);
    const filed = {
      branchId: branchId!,
      kind: data.kind,
      categoryCode: data.categoryCode ?? null,
      receivedAt,
    };
    const deadline = await this.deadlines.decide({ ...filed, pauses: [] });
    const end = endOf(data);
    return {
      ...UNTOUCHED,
      ...deadline,
      ...filed,
      ...recordOf(data),
      ...end,
      id: newId(job.call.now.getTime()),
      siteId: null,
      number,
      state: stateOf(data),
      registeredAt: job.call.now,
      registeredBy: job.call.actor.id,
      onTime: end.completedAt && isOnTime(end.completedAt, deadline.dueAt),
      pauses: [],
      intakeDueAt: null,
      intakeMetAt: null,
      origin: 'import',
      source: job.source,
      externalId,
      version: end.completedAt || end.cancelledAt ? 2 : 1,
    };
  }
}

const recordOf = (data: TicketRow) => ({
  channel: data.channel,
  priority: data.priority,
  requesterName: data.requesterName ?? null,
  requesterPhone: data.requesterPhone ?? null,
  company: data.company ?? null,
  unitText: data.unitText ?? null,
  content: data.content,
  evidence: null,
  witnesses: null,
  preferredTime: null,
  outcome: data.outcome ?? null,
});

const endOf = ({ completedAt, cancelledAt }: TicketRow) => ({
  completedAt: completedAt ? new Date(completedAt) : null,
  cancelledAt: cancelledAt ? new Date(cancelledAt) : null,
});

function stateOf({ completedAt, cancelledAt, categoryCode }: TicketRow): TicketState {
  if (completedAt) return 'completed';
  if (cancelledAt) return 'cancelled';
  return categoryCode ? 'classified' : 'registered';
}

function problemOf({ data }: Row, now: Date): RowProblem | undefined {
  const received = new Date(data.receivedAt);
  const problem = (field: string, code: string, detail: string): RowProblem => ({ field, code, detail });
  if (received > now)
    return problem('receivedAt', 'ticket.received-in-future', 'It was received in the future.');
  if (data.completedAt && data.cancelledAt)
    return problem('cancelledAt', 'ticket.two-ends', 'It was completed or cancelled, not both.');
  for (const field of ['completedAt', 'cancelledAt'] as const) {
    const end = data[field];
    if (end && new Date(end) < received)
      return problem(field, 'ticket.ended-before-received', 'It ended before it was received.');
    if (end && new Date(end) > now)
      return problem(field, 'ticket.ended-in-future', 'It ended in the future.');
  }
  return undefined;
}
