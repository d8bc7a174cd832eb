import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { Database, rolesAt, scopeOf, type CallContext, type Page } from '@steward/platform';
import { DeadlineService } from './deadline.service.js';
import {
  toTicketDto,
  type DeadlineDto,
  type HistoryDto,
  type HistoryQuery,
  type TicketDto,
  type TicketsQuery,
} from './ticket.dto.js';
import type { Ticket } from './ticket.entity.js';
import { ticketNotFound } from './ticket.errors.js';
import { TicketRepository, type HistoryRow } from './ticket.repository.js';
import { mayKnowPerson } from './ticket.rules.js';

/** Reads tickets: one, a page of them, the explanation of a deadline, the history. */
@Injectable()
export class TicketQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: TicketRepository,
    private readonly deadlines: DeadlineService,
    private readonly directory: Directory,
  ) {}

  async get(ctx: CallContext, id: string): Promise<TicketDto> {
    return this.present(ctx, await this.load(ctx, id));
  }

  /** The ticket as the caller may see it after its own change. */
  async present(ctx: CallContext, ticket: Ticket): Promise<TicketDto> {
    const names = await this.directory.personNames(ticket.assigneeId ? [ticket.assigneeId] : []);
    return toTicketDto(ctx, ticket, names.get(ticket.assigneeId ?? '') ?? null);
  }

  async list(ctx: CallContext, query: TicketsQuery): Promise<Page<TicketDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    const assignees = new Set(items.flatMap((ticket) => ticket.assigneeId ?? []));
    const names = await this.directory.personNames([...assignees]);
    return {
      items: items.map((ticket) => toTicketDto(ctx, ticket, names.get(ticket.assigneeId ?? '') ?? null)),
      next,
    };
  }

  /** TKT-28: why the deadline is when it is, span by span, from the versions it was decided under. */
  async deadline(ctx: CallContext, id: string): Promise<DeadlineDto> {
    const ticket = await this.load(ctx, id);
    const { dueBasis: basis, receivedAt } = ticket;
    const head = {
      ticketId: id,
      number: ticket.number,
      missing: ticket.dueMissing,
      receivedAt: receivedAt.toISOString(),
    };
    if (!basis) return { ...head, dueAt: null, startsAt: null, basis: null, spans: [] };
    const { due, startsAt, spans, calendar } = await this.deadlines.explain(basis, receivedAt, ticket.pauses);
    return {
      ...head,
      dueAt: due.toISOString(),
      startsAt: startsAt.toISOString(),
      basis: {
        policy: basis.key,
        policyVersion: basis.policyVersion,
        policyFrom: basis.policyFrom,
        allowance: basis.allowance,
        profile: basis.profile,
        calendar: calendar.name,
        calendarVersion: basis.calendarVersion,
        timeZone: calendar.calendar.timeZone,
      },
      spans: spans.map(({ from, to, counted, reason, name, amount }) => ({
        from: from.toISOString(),
        to: to.toISOString(),
        counted,
        reason,
        ...(name === undefined ? {} : { name }),
        ...(amount === undefined ? {} : { minutes: Math.round(amount / 60_000) }),
      })),
    };
  }

  /** ORG-02: who changed what, when, from what to what, why. */
  async history(ctx: CallContext, id: string, query: HistoryQuery): Promise<HistoryDto> {
    const ticket = await this.load(ctx, id);
    // Whoever sees the ticket sees its trail, also from one site only; the trail itself is kept per branch.
    const page = await this.database.read(scopeOf([ticket.branchId]), (tx) =>
      this.repository.history(tx, id, query),
    );
    const personal = mayKnowPerson(rolesAt(ctx, ticket));
    return { ...page, items: page.items.map((row) => historyItem(row, personal)) };
  }

  private async load(ctx: CallContext, id: string): Promise<Ticket> {
    const ticket = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!ticket) throw ticketNotFound();
    return ticket;
  }
}

function historyItem(row: HistoryRow, showPersonal: boolean): HistoryDto['items'][number] {
  const value = (change: HistoryRow['changes'][number], side: 'from' | 'to'): unknown => {
    if (!change.personal) return change[side];
    if (!showPersonal) return '***';
    return row.personal?.[change.field]?.[side] ?? null;
  };
  return {
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    reason: row.reason,
    changes: row.changes.map((change) => ({
      field: change.field,
      from: value(change, 'from'),
      to: value(change, 'to'),
    })),
    sealed: row.sealed,
  };
}
