import { Injectable } from '@nestjs/common';
import {
  CALLBACK_DAYS,
  CALLBACK_PARTS_OF_DAY,
  CallbackAttempted,
  CallbackRecorded,
} from '@steward/contracts';
import { Directory, Policies } from '@steward/directory';
import { conflict, notFound, unprocessable } from '@steward/kernel';
import {
  Commands,
  Database,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { ReworkService } from '../repair/rework.service.js';
import { TicketActionService } from '../ticket/ticket-action.service.js';
import { mayKnowPerson } from '../ticket/ticket.rules.js';
import { CallbackRecordService } from './callback-record.service.js';
import { CallbackScheduleService } from './callback-schedule.service.js';
import {
  CALLBACK_ACTIONS,
  type AttemptCallbackBody,
  type CallbackDto,
  type CallbacksQuery,
  type RecordCallbackBody,
  type ScheduleCallbackBody,
} from './callback.dto.js';
import { CallbackRepository, type Callback } from './callback.repository.js';
import {
  attemptAt,
  CALLBACK_ROLES,
  checkResult,
  missingAttempts,
  type ReachPolicy,
} from './callback.rules.js';

/** Calling customers back about what was done (TKT-60, TKT-61). */
@Injectable()
export class CallbackService {
  constructor(
    private readonly database: Database,
    private readonly repository: CallbackRepository,
    private readonly records: CallbackRecordService,
    private readonly schedules: CallbackScheduleService,
    private readonly tickets: TicketActionService,
    private readonly reworks: ReworkService,
    private readonly commands: Commands,
    private readonly policies: Policies,
    private readonly directory: Directory,
  ) {}

  /** One more callback than completion brings, such as after the first rain. */
  async schedule(ctx: CallContext, { ticketId, dueAt }: ScheduleCallbackBody): Promise<CallbackDto> {
    return this.commands.execute(ctx, async (tx) => {
      const ticket = await this.tickets.locked(tx, ticketId);
      const end = new Date(dueAt);
      if (end <= ctx.now)
        throw unprocessable('callback.due-in-past', 'A callback is due in the future.', [
          { path: 'dueAt', code: 'past', detail: 'Give a time after now.' },
        ]);
      return this.present(ctx, await this.schedules.plan(tx, ctx, ticket, end, null));
    });
  }

  /** TKT-61: nobody answered; kept with its day and part of day. */
  async attempt(ctx: CallContext, id: string, body: AttemptCallbackBody): Promise<CallbackDto> {
    return this.change(ctx, id, async (tx, before) => {
      if (before.state !== 'due') throw conflict('callback.done', 'The result of this callback is recorded.');
      const at = body.at === undefined ? ctx.now : new Date(body.at);
      if (at > ctx.now || at < before.scheduledAt)
        throw unprocessable(
          'callback.attempt-time',
          'A call was made after it was planned, and not in the future.',
          [
            {
              path: 'at',
              code: 'outside',
              detail: 'Give a time since the callback was planned, or leave it out.',
            },
          ],
        );
      const place = attemptAt(at, await this.timeZone(before.branchId));
      const attempts = [
        ...before.attempts,
        { ...place, at: at.toISOString(), by: ctx.actor.id, note: body.note },
      ];
      const after = { ...before, attempts, version: before.version + 1 };
      return this.records.store(tx, ctx, before, after, {
        action: 'attempt',
        definition: CallbackAttempted,
        data: { attempt: attempts.length, attemptedAt: at.toISOString(), partOfDay: place.partOfDay },
      });
    });
  }

  /** TKT-61: what the customer said. TKT-49: who is not satisfied gets the work done again. */
  async record(ctx: CallContext, id: string, { again, ...body }: RecordCallbackBody): Promise<CallbackDto> {
    return this.change(ctx, id, async (tx, before) => {
      checkResult(before, body.result, await this.reach(before.branchId, ctx.now));
      const onTime = ctx.now <= before.dueAt;
      const { result, words, ...said } = body;
      const after = {
        ...before,
        ...said,
        words,
        state: result,
        onTime,
        recordedAt: ctx.now,
        recordedBy: ctx.actor.id,
        version: before.version + 1,
      };
      await this.records.store(tx, ctx, before, after, {
        action: 'record',
        definition: CallbackRecorded,
        data: { ...said, result, onTime, recordedAt: ctx.now.toISOString() },
      });
      if (result === 'dissatisfied' && again) await this.redo(tx, ctx, before.ticketId, words!);
      return after;
    });
  }

  async get(ctx: CallContext, id: string): Promise<CallbackDto> {
    const callback = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!callback) throw callbackNotFound();
    return this.present(ctx, callback);
  }

  async list(ctx: CallContext, query: CallbacksQuery): Promise<Page<CallbackDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: await Promise.all(items.map((callback) => this.present(ctx, callback))), next };
  }

  /** A ticket that is open again already needs no second order. */
  private async redo(tx: Tx, ctx: CallContext, ticketId: string, reason: string): Promise<void> {
    const ticket = await this.tickets.locked(tx, ticketId);
    if (ticket.state === 'completed') await this.reworks.order(tx, ctx, ticket, reason);
  }

  private async change(
    ctx: CallContext,
    id: string,
    work: (tx: Tx, before: Callback) => Promise<Callback>,
  ): Promise<CallbackDto> {
    return this.commands.execute(ctx, async (tx) => {
      const seen = await this.repository.find(tx, id);
      // The ticket first, as at its completion: then nobody waits in a circle.
      if (seen) await this.tickets.locked(tx, seen.ticketId);
      const before = seen && (await this.repository.lock(tx, id));
      if (!before) throw callbackNotFound();
      requireMatch(ctx, before.version);
      return this.present(ctx, await work(tx, before));
    });
  }

  private async present(ctx: CallContext, callback: Callback): Promise<CallbackDto> {
    const roles = rolesAt(ctx, callback);
    const personal = mayKnowPerson(roles) ? asIs : masked;
    const mayAct = callback.state === 'due' && roles.some((role) => CALLBACK_ROLES.includes(role));
    return {
      ...callback,
      dueAt: callback.dueAt.toISOString(),
      scheduledAt: callback.scheduledAt.toISOString(),
      recordedAt: callback.recordedAt && callback.recordedAt.toISOString(),
      attempts: callback.attempts.map((attempt) => ({ ...attempt, note: personal(attempt.note) })),
      missing: missingAttempts(callback.attempts, await this.reach(callback.branchId, ctx.now)),
      words: personal(callback.words),
      actions: mayAct ? [...CALLBACK_ACTIONS] : [],
    };
  }

  private async reach(branchId: string, at: Date): Promise<ReachPolicy> {
    const [days, partsOfDay] = await Promise.all([
      this.policies.resolve(CALLBACK_DAYS, branchId, at),
      this.policies.resolve(CALLBACK_PARTS_OF_DAY, branchId, at),
    ]);
    return { days: days.value, partsOfDay: partsOfDay.value };
  }

  private async timeZone(branchId: string): Promise<string> {
    return (await this.directory.branch(branchId))?.timeZone ?? 'UTC';
  }
}

const asIs = (value: string | null): string | null => value;
const masked = (value: string | null): string | null => value && '***';

const callbackNotFound = () => notFound('callback.not-found', 'There is no such callback in your scope.');
