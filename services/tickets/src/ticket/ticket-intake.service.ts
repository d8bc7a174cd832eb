import { Injectable } from '@nestjs/common';
import { TicketRegistered } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { newId, toLocalDate } from '@steward/kernel';
import { Outbox, type NewEvent } from '@steward/messaging';
import {
  Audit,
  Commands,
  idempotencyClient,
  numberPrefix,
  rolesAt,
  type AuditEntry,
  type CallContext,
  type NumberSeries,
} from '@steward/platform';
import { CategoryService } from '../category/category.service.js';
import { DeadlineService } from './deadline.service.js';
import type { RegisterTicketBody } from './ticket-command.dto.js';
import { toTicketDto, type TicketDto } from './ticket.dto.js';
import type { Ticket } from './ticket.entity.js';
import {
  branchUnknown,
  customerUnknown,
  propertyUnitUnknown,
  receivedInFuture,
  siteUnknown,
} from './ticket.errors.js';
import { TicketRepository } from './ticket.repository.js';
import { defaultPriority, mayRecur, stateAtIntake, TICKET_FORM } from './ticket.rules.js';

/** Takes tickets in (TKT-01, TKT-02): any unit, at once with a number, in one round trip to the database. */
@Injectable()
export class TicketIntakeService {
  constructor(
    private readonly repository: TicketRepository,
    private readonly deadlines: DeadlineService,
    private readonly categories: CategoryService,
    private readonly directory: Directory,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async register(ctx: CallContext, body: RegisterTicketBody): Promise<TicketDto> {
    const series = await this.series(ctx, body);
    const ticket = await this.open(ctx, body);
    // The database puts the number where this stands; made from the new id, it occurs in nothing that a caller sent.
    const placeholder = `#${ticket.id}#`;
    ticket.number = placeholder;
    const entry = registrationEntry(ticket);
    const audit = this.audit.toRow(ctx, entry);
    const answer = toTicketDto(ctx, ticket, null);
    const { number, ...known } = await this.repository.register(ctx.scope, {
      ticket,
      placeholder,
      series: { prefix: numberPrefix(series), form: series.form, year: series.year },
      event: await this.outbox.toRow(ctx, registrationEvent(ticket)),
      audit,
      personal: this.audit.personalRows(audit.id, entry),
      answer,
      idempotency: ctx.idempotency && { ...ctx.idempotency, client: idempotencyClient(ctx) },
    });
    if (number !== null) return { ...answer, number };
    if (known.seen) return this.commands.replay<TicketDto>(ctx);
    throw known.customer ? propertyUnitUnknown() : customerUnknown();
  }

  /** The branch's series of ticket numbers for this year. */
  private async series(ctx: CallContext, body: RegisterTicketBody): Promise<NumberSeries> {
    const unknown = { branch: branchUnknown, site: siteUnknown };
    const branch = await this.directory.writableBranch(ctx, body, unknown);
    const year = Number(toLocalDate(ctx.now, branch.timeZone ?? 'UTC').slice(0, 4));
    return { branchId: branch.id, branchCode: branch.code, form: TICKET_FORM, year };
  }

  private async open(ctx: CallContext, { receivedAt: stated, ...body }: RegisterTicketBody): Promise<Ticket> {
    const receivedAt = stated === null ? ctx.now : new Date(stated);
    if (receivedAt > ctx.now) throw receivedInFuture();
    if (body.categoryCode !== null)
      await this.categories.requireActive(ctx, body.branchId, body.categoryCode);
    const state = stateAtIntake(body.categoryCode, rolesAt(ctx, body));
    const [deadline, intakeDueAt] = await Promise.all([
      this.deadlines.decide({ ...body, receivedAt, pauses: [] }),
      this.deadlines.intakeDue(body.branchId, receivedAt),
    ]);
    return {
      ...UNTOUCHED,
      ...body,
      ...deadline,
      id: newId(ctx.now.getTime()),
      number: '',
      priority: body.priority ?? defaultPriority(body.kind),
      state,
      receivedAt,
      registeredAt: ctx.now,
      registeredBy: ctx.actor.id,
      pauses: [],
      intakeDueAt,
      intakeMetAt: state === 'classified' ? ctx.now : null,
      causeCheck: mayRecur(body),
      origin: 'live',
      version: 1,
    };
  }
}

/** What a ticket has not had yet when it comes in. */
export const UNTOUCHED = {
  resumeTo: null,
  assigneeId: null,
  assignedAt: null,
  startedAt: null,
  completedAt: null,
  cancelledAt: null,
  outcome: null,
  resumeAt: null,
  onTime: null,
  source: null,
  externalId: null,
  customerId: null,
  propertyUnitId: null,
  slipReceivedAt: null,
  slipReceivedBy: null,
  quoteState: null,
  signedAt: null,
  signedBy: null,
  chargedAt: null,
  reworkRounds: 0,
  payment: 'none',
  rootCauseOf: null,
  causeCheck: false,
} as const;

/** The fact that a ticket came in; carries nothing personal. */
export function registrationEvent(ticket: Ticket): NewEvent<TicketRegistered> {
  return {
    definition: TicketRegistered,
    aggregateId: ticket.id,
    branchId: ticket.branchId,
    sequence: 1,
    occurredAt: ticket.receivedAt,
    origin: ticket.origin,
    data: {
      ticketId: ticket.id,
      number: ticket.number,
      kind: ticket.kind,
      channel: ticket.channel,
      categoryCode: ticket.categoryCode,
      siteId: ticket.siteId,
      priority: ticket.priority,
      receivedAt: ticket.receivedAt.toISOString(),
      registeredAt: ticket.registeredAt.toISOString(),
      dueAt: ticket.dueAt?.toISOString() ?? null,
      dueMissing: ticket.dueMissing,
      source: ticket.source,
      externalId: ticket.externalId,
      customerId: ticket.customerId,
      propertyUnitId: ticket.propertyUnitId,
    },
  };
}

const PERSONAL = ['requesterName', 'requesterPhone', 'unitText', 'witnesses', 'content', 'evidence'] as const;
const FILED = [
  'number',
  'kind',
  'channel',
  'categoryCode',
  'priority',
  'state',
  'siteId',
  'customerId',
  'propertyUnitId',
  'rootCauseOf',
  'dueAt',
  'dueMissing',
] as const;

/** The first row of a ticket's trail (ORG-02); what people said or are called is digested. */
export function registrationEntry(ticket: Ticket): AuditEntry {
  const filled = <F extends keyof Ticket>(fields: readonly F[]) =>
    fields.filter((field) => ticket[field] !== null);
  return {
    branchId: ticket.branchId,
    entity: 'ticket',
    entityId: ticket.id,
    action: 'register',
    changes: [
      ...filled(FILED).map((field) => ({ field, from: null, to: ticket[field] })),
      ...filled(PERSONAL).map((field) => ({ field, from: null, to: ticket[field], personOf: ticket.id })),
    ],
  };
}
