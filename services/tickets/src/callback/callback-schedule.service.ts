import { Injectable } from '@nestjs/common';
import { CallbackScheduled } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { DeadlineService } from '../ticket/deadline.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { CallbackRecordService } from './callback-record.service.js';
import { CallbackRepository, type Callback } from './callback.repository.js';

/** TKT-60: everybody is called back whose ticket is completed, if there is somebody to call. */
@Injectable()
export class CallbackScheduleService {
  constructor(
    private readonly repository: CallbackRepository,
    private readonly records: CallbackRecordService,
    private readonly deadlines: DeadlineService,
  ) {}

  /** At completion. One that was not made before the ticket was opened again gets a new time instead of a twin. */
  async schedule(tx: Tx, ctx: CallContext, ticket: Ticket): Promise<void> {
    if (ticket.customerId === null && ticket.requesterPhone === null) return;
    const dueAt = await this.deadlines.callbackDue(ticket.branchId, ticket.priority, ctx.now);
    const waiting = await this.repository.lockDue(tx, ticket.id);
    await this.plan(tx, ctx, ticket, dueAt, waiting);
  }

  /** A callback until a time, new or the one that is waiting. */
  async plan(
    tx: Tx,
    ctx: CallContext,
    ticket: Ticket,
    dueAt: Date,
    waiting: Callback | null,
  ): Promise<Callback> {
    const { priority } = ticket;
    const after = waiting
      ? { ...waiting, priority, dueAt, scheduledAt: ctx.now, attempts: [], version: waiting.version + 1 }
      : newCallback(ctx, ticket, dueAt);
    return this.records.store(tx, ctx, waiting, after, {
      action: 'schedule',
      definition: CallbackScheduled,
      data: { priority, dueAt: dueAt.toISOString() },
    });
  }
}

const newCallback = (ctx: CallContext, ticket: Ticket, dueAt: Date): Callback => ({
  id: newId(ctx.now.getTime()),
  branchId: ticket.branchId,
  siteId: ticket.siteId,
  ticketId: ticket.id,
  number: ticket.number,
  priority: ticket.priority,
  state: 'due',
  dueAt,
  scheduledAt: ctx.now,
  attempts: [],
  recordedAt: null,
  recordedBy: null,
  score: null,
  priceAgrees: null,
  conductGood: null,
  words: null,
  onTime: null,
  version: 1,
});
