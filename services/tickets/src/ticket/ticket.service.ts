import { Injectable } from '@nestjs/common';
import {
  TicketAssigned,
  TicketCancelled,
  TicketClassified,
  TicketCompleted,
  TicketPaused,
  TicketReopened,
  TicketResumed,
  TicketStarted,
  type EventDefinition,
} from '@steward/contracts';
import { Directory } from '@steward/directory';
import { Commands, requireMatch, rolesAt, type CallContext, type Tx } from '@steward/platform';
import { forbidden } from '@steward/kernel';
import { CategoryService } from '../category/category.service.js';
import { isOnTime } from './deadline.rules.js';
import { DeadlineService } from './deadline.service.js';
import type { AssignBody, ClassifyBody, CompleteBody, PauseBody, ReasonBody } from './ticket-command.dto.js';
import { type TicketDto } from './ticket.dto.js';
import type { Ticket } from './ticket.entity.js';
import { assigneeUnknown, pauseInPast, pauseTooLong, ticketNotFound } from './ticket.errors.js';
import { TicketQueryService } from './ticket-query.service.js';
import { TicketRepository } from './ticket.repository.js';
import { isWorker, MAX_PAUSE_MS, nextState, TRANSITIONS, type TicketAction } from './ticket.rules.js';

type Change = Readonly<{
  patch: Partial<Ticket>;
  definition: EventDefinition;
  data: Record<string, unknown>;
  reason?: string;
  personal?: readonly (keyof Ticket)[];
}>;

/** The use cases of a ticket after intake: each locks it, asks the rules, stores row, trail and event together. */
@Injectable()
export class TicketService {
  constructor(
    private readonly repository: TicketRepository,
    private readonly deadlines: DeadlineService,
    private readonly categories: CategoryService,
    private readonly commands: Commands,
    private readonly queries: TicketQueryService,
    private readonly directory: Directory,
  ) {}

  /** TKT-04: gives kind and category; the deadline follows from them and keeps what was consumed and paused. */
  async classify(ctx: CallContext, id: string, body: ClassifyBody): Promise<TicketDto> {
    return this.act(ctx, id, 'classify', async (ticket, tx) => {
      if (body.categoryCode !== null)
        await this.categories.requireActive(ctx, ticket.branchId, body.categoryCode, tx);
      const deadline = await this.deadlines.decide({ ...ticket, ...body });
      const intakeMetAt = ticket.intakeMetAt ?? ctx.now;
      return {
        patch: { ...body, priority: body.priority ?? ticket.priority, ...deadline, intakeMetAt },
        definition: TicketClassified,
        data: {
          kind: body.kind,
          categoryCode: body.categoryCode,
          dueAt: iso(deadline.dueAt),
          dueMissing: deadline.dueMissing,
        },
      };
    });
  }

  async assign(ctx: CallContext, id: string, { assigneeId }: AssignBody): Promise<TicketDto> {
    return this.act(ctx, id, 'assign', async (ticket) => {
      if (!isWorker(await this.directory.rolesOver(assigneeId, ticket))) throw assigneeUnknown();
      return {
        patch: { assigneeId, assignedAt: ctx.now },
        definition: TicketAssigned,
        data: { assigneeId, assignedAt: iso(ctx.now) },
      };
    });
  }

  async start(ctx: CallContext, id: string): Promise<TicketDto> {
    return this.act(ctx, id, 'start', () => ({
      patch: { startedAt: ctx.now },
      definition: TicketStarted,
      data: { startedAt: iso(ctx.now) },
    }));
  }

  /** TKT-27: stops the clock for a reason until a time at which it goes on by itself. */
  async pause(ctx: CallContext, id: string, { reason, until }: PauseBody): Promise<TicketDto> {
    return this.act(ctx, id, 'pause', async (ticket) => {
      const end = new Date(until);
      if (end <= ctx.now) throw pauseInPast();
      if (end.getTime() - ctx.now.getTime() > MAX_PAUSE_MS) throw pauseTooLong();
      const pauses = [...ticket.pauses, { from: ctx.now.toISOString(), until: end.toISOString(), reason }];
      const dueAt = await this.dueWith(ticket, pauses);
      return {
        patch: { pauses, dueAt, resumeTo: ticket.state, resumeAt: end },
        definition: TicketPaused,
        data: { reason, from: iso(ctx.now), until: iso(end), dueAt: iso(dueAt) },
      };
    });
  }

  /** Ends the pause, now or at the time it was set to end by itself, whichever is earlier. */
  async resume(ctx: CallContext, id: string): Promise<TicketDto> {
    return this.act(ctx, id, 'resume', async (ticket) => {
      const last = ticket.pauses.at(-1)!;
      const end = new Date(Math.min(ctx.now.getTime(), new Date(last.until).getTime()));
      const pauses = [...ticket.pauses.slice(0, -1), { ...last, until: end.toISOString() }];
      const dueAt = await this.dueWith(ticket, pauses);
      return {
        patch: { pauses, dueAt, resumeTo: null, resumeAt: null },
        definition: TicketResumed,
        data: { resumedAt: iso(end), dueAt: iso(dueAt) },
      };
    });
  }

  /** The verdict is made here once, against the deadline in force, and never again (TKT-28). */
  async complete(ctx: CallContext, id: string, { outcome }: CompleteBody): Promise<TicketDto> {
    return this.act(ctx, id, 'complete', (ticket) => {
      const onTime = isOnTime(ctx.now, ticket.dueAt);
      return {
        patch: { completedAt: ctx.now, outcome, onTime },
        definition: TicketCompleted,
        data: { completedAt: iso(ctx.now), dueAt: iso(ticket.dueAt), onTime },
        personal: ['outcome'],
      };
    });
  }

  async reopen(ctx: CallContext, id: string, { reason }: ReasonBody): Promise<TicketDto> {
    return this.act(ctx, id, 'reopen', (ticket) => ({
      patch: { completedAt: null, outcome: null, onTime: null },
      definition: TicketReopened,
      data: { reopenedAt: iso(ctx.now), reason: 'not-solved', dueAt: iso(ticket.dueAt) },
      reason,
      personal: ['outcome'],
    }));
  }

  async cancel(ctx: CallContext, id: string, { reason }: ReasonBody): Promise<TicketDto> {
    return this.act(ctx, id, 'cancel', () => ({
      patch: { cancelledAt: ctx.now, resumeTo: null, resumeAt: null },
      definition: TicketCancelled,
      data: { cancelledAt: iso(ctx.now) },
      reason,
    }));
  }

  private async dueWith(ticket: Ticket, pauses: Ticket['pauses']): Promise<Date | null> {
    return ticket.dueBasis && this.deadlines.again(ticket.dueBasis, ticket.receivedAt, pauses);
  }

  /** One action on one ticket: repeated keys get the first answer, a stale version is refused before anything changes. */
  private async act(
    ctx: CallContext,
    id: string,
    action: TicketAction,
    decide: (ticket: Ticket, tx: Tx) => Change | Promise<Change>,
  ): Promise<TicketDto> {
    return this.commands.execute(ctx, async (tx) => {
      const ticket = await this.repository.lock(tx, id);
      if (!ticket) throw ticketNotFound();
      if (ctx.actor.kind !== 'system') this.checkCaller(ctx, ticket, action);
      const state = nextState(ticket, action);
      const change = await decide(ticket, tx);
      const stored = await this.store(tx, ctx, ticket, action, {
        ...change,
        patch: { ...change.patch, state },
      });
      return this.queries.present(ctx, stored);
    });
  }

  /** The scope let the caller find it by some role; the action needs one of its own roles over this very record. */
  private checkCaller(ctx: CallContext, ticket: Ticket, action: TicketAction): void {
    if (!rolesAt(ctx, ticket).some((role) => TRANSITIONS[action].roles.includes(role)))
      throw forbidden('ticket.role-missing', `Your roles do not allow the action ${action} on this ticket.`);
    requireMatch(ctx, ticket.version);
  }

  private async store(
    tx: Tx,
    ctx: CallContext,
    ticket: Ticket,
    action: TicketAction,
    change: Change,
  ): Promise<Ticket> {
    const patch = { ...change.patch, version: ticket.version + 1 };
    const entry = {
      branchId: ticket.branchId,
      entity: 'ticket',
      entityId: ticket.id,
      action,
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      changes: changesOf(ticket, patch, change.personal ?? []),
    };
    await this.repository.save(tx, ctx, ticket.id, patch, entry, {
      definition: change.definition,
      aggregateId: ticket.id,
      branchId: ticket.branchId,
      sequence: patch.version,
      occurredAt: ctx.now,
      data: { ticketId: ticket.id, ...change.data },
    });
    return { ...ticket, ...patch };
  }
}

const iso = <T extends Date | null>(at: T): string | null => at && at.toISOString();

/** The fields that really changed. Bookkeeping of the row itself is not part of the trail. */
function changesOf(ticket: Ticket, patch: Partial<Ticket>, personal: readonly (keyof Ticket)[]) {
  return (Object.keys(patch) as (keyof Ticket)[])
    .filter((field) => field !== 'version' && JSON.stringify(ticket[field]) !== JSON.stringify(patch[field]))
    .map((field) => ({
      field,
      from: ticket[field],
      to: patch[field],
      ...(personal.includes(field) ? { personOf: ticket.id } : {}),
    }));
}
