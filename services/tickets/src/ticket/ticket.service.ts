import { Injectable } from '@nestjs/common';
import {
  TicketAmended,
  TicketAssigned,
  TicketCancelled,
  TicketClassified,
  TicketCompleted,
  TicketPaused,
  TicketReopened,
  TicketResumed,
  TicketStarted,
} from '@steward/contracts';
import { Directory } from '@steward/directory';
import type { CallContext } from '@steward/platform';
import { CallbackScheduleService } from '../callback/callback-schedule.service.js';
import { CategoryService } from '../category/category.service.js';
import { PlaceService } from '../place/place.service.js';
import { isOnTime } from './deadline.rules.js';
import { DeadlineService } from './deadline.service.js';
import { TicketActionService, type Change } from './ticket-action.service.js';
import type {
  AmendTicketBody,
  AssignBody,
  ClassifyBody,
  CompleteBody,
  PauseBody,
  ReasonBody,
} from './ticket-command.dto.js';
import { type TicketDto } from './ticket.dto.js';
import type { Ticket } from './ticket.entity.js';
import { assigneeUnknown, pauseInPast, pauseTooLong, ticketCharged } from './ticket.errors.js';
import { isWorker, MAX_PAUSE_MS, mayRecur, UNDONE } from './ticket.rules.js';

/** The use cases of a ticket after intake: each locks it, asks the rules, stores row, trail and event together. */
@Injectable()
export class TicketService {
  constructor(
    private readonly actions: TicketActionService,
    private readonly deadlines: DeadlineService,
    private readonly categories: CategoryService,
    private readonly places: PlaceService,
    private readonly callbacks: CallbackScheduleService,
    private readonly directory: Directory,
  ) {}

  /** Whom and where the ticket is about, once that is known. What was charged stays with its customer. */
  async amend(ctx: CallContext, id: string, body: AmendTicketBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'amend', async (ticket, tx) => {
      const { customerId = ticket.customerId, propertyUnitId = ticket.propertyUnitId } = body;
      if (ticket.chargedAt) throw ticketCharged();
      await this.places.require(tx, {
        ...ticket,
        customerId: customerId === ticket.customerId ? null : customerId,
        propertyUnitId: propertyUnitId === ticket.propertyUnitId ? null : propertyUnitId,
      });
      const causeCheck = mayRecur({ ...ticket, propertyUnitId });
      return {
        patch: { customerId, propertyUnitId, causeCheck },
        definition: TicketAmended,
        data: { fields: Object.keys(body) },
      };
    });
  }

  /** TKT-04: gives kind and category; the deadline follows from them and keeps what was consumed and paused. */
  async classify(ctx: CallContext, id: string, body: ClassifyBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'classify', async (ticket, tx) => {
      if (body.categoryCode !== null)
        await this.categories.requireActive(ctx, ticket.branchId, body.categoryCode, tx);
      const deadline = await this.deadlines.decide({ ...ticket, ...body });
      const intakeMetAt = ticket.intakeMetAt ?? ctx.now;
      const causeCheck = mayRecur({ ...ticket, ...body });
      return {
        patch: { ...body, priority: body.priority ?? ticket.priority, ...deadline, intakeMetAt, causeCheck },
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
    return this.actions.act(ctx, id, 'assign', async (ticket) => {
      if (!isWorker(await this.directory.rolesOver(assigneeId, ticket))) throw assigneeUnknown();
      return {
        patch: { assigneeId, assignedAt: ctx.now },
        definition: TicketAssigned,
        data: { assigneeId, assignedAt: iso(ctx.now) },
      };
    });
  }

  async start(ctx: CallContext, id: string): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'start', () => ({
      patch: { startedAt: ctx.now },
      definition: TicketStarted,
      data: { startedAt: iso(ctx.now) },
    }));
  }

  /** TKT-27: stops the clock for a reason until a time at which it goes on by itself. */
  async pause(ctx: CallContext, id: string, { reason, until }: PauseBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'pause', async (ticket) => {
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
    return this.actions.act(ctx, id, 'resume', async (ticket) => {
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

  /** TKT-60: the customer is to be called back. The verdict is made here once, against the deadline in force, and never again (TKT-28). */
  async complete(ctx: CallContext, id: string, { outcome }: CompleteBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'complete', async (ticket, tx) => {
      const onTime = isOnTime(ctx.now, ticket.dueAt);
      await this.callbacks.schedule(tx, ctx, ticket);
      return {
        patch: { completedAt: ctx.now, outcome, onTime },
        definition: TicketCompleted,
        data: { completedAt: iso(ctx.now), dueAt: iso(ticket.dueAt), onTime },
        personal: ['outcome'],
      };
    });
  }

  async reopen(ctx: CallContext, id: string, { reason }: ReasonBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'reopen', (ticket) => ({
      ...reopened(ctx, ticket),
      reason,
    }));
  }

  async cancel(ctx: CallContext, id: string, { reason }: ReasonBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'cancel', () => ({
      patch: { cancelledAt: ctx.now, resumeTo: null, resumeAt: null },
      definition: TicketCancelled,
      data: { cancelledAt: iso(ctx.now) },
      reason,
    }));
  }

  private async dueWith(ticket: Ticket, pauses: Ticket['pauses']): Promise<Date | null> {
    return ticket.dueBasis && this.deadlines.again(ticket.dueBasis, ticket.receivedAt, pauses);
  }
}

const iso = <T extends Date | null>(at: T): string | null => at && at.toISOString();

/** Open again as if never completed: what was done and signed counts no more, what it cost stays. */
export const reopened = (ctx: CallContext, ticket: Ticket): Change => ({
  patch: UNDONE,
  definition: TicketReopened,
  data: { reopenedAt: iso(ctx.now), reason: 'not-solved', dueAt: iso(ticket.dueAt) },
  personal: ['outcome', 'signedBy'],
});
