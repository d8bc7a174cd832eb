import { Injectable } from '@nestjs/common';
import { RECURRENCE_COUNT, RECURRENCE_DAYS, RecurrenceFound } from '@steward/contracts';
import { Directory, Policies } from '@steward/directory';
import { newId, toLocalDate } from '@steward/kernel';
import { Database, nextNumbers, type CallContext, type Tx } from '@steward/platform';
import { isRecurrent } from '../callback/callback.rules.js';
import { DeadlineService } from '../ticket/deadline.service.js';
import { TicketActionService } from '../ticket/ticket-action.service.js';
import { registrationEntry, registrationEvent, UNTOUCHED } from '../ticket/ticket-intake.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { TicketRepository } from '../ticket/ticket.repository.js';
import { TICKET_FORM } from '../ticket/ticket.rules.js';
import { RecurrenceRepository, type Problem } from './recurrence.repository.js';

const DAY_MS = 86_400_000;

/** TKT-64: a problem that comes again and again gets a ticket of its own, once, to find its cause. */
@Injectable()
export class RootCauseService {
  constructor(
    private readonly database: Database,
    private readonly tickets: TicketRepository,
    private readonly recurrences: RecurrenceRepository,
    private readonly actions: TicketActionService,
    private readonly deadlines: DeadlineService,
    private readonly policies: Policies,
    private readonly directory: Directory,
  ) {}

  /** Looks once whether the ticket's problem recurs. */
  async check(ctx: CallContext, id: string): Promise<void> {
    await this.database.transaction(ctx.scope, async (tx) => {
      const ticket = await this.tickets.lock(tx, id);
      if (!ticket?.causeCheck) return;
      const { branchId, propertyUnitId, categoryCode, rootCauseOf } = ticket;
      await this.tickets.note(tx, id, { causeCheck: false });
      if (propertyUnitId === null || categoryCode === null || rootCauseOf !== null) return;
      const problem = { branchId, propertyUnitId, categoryCode };
      const numbers = await this.recurring(tx, ctx, problem);
      if (numbers) await this.order(tx, ctx, ticket, problem, numbers);
    });
  }

  /** The numbers of a recurrent problem's tickets, unless somebody looks for its cause already. */
  private async recurring(tx: Tx, ctx: CallContext, problem: Problem): Promise<string[] | undefined> {
    const [count, days] = await Promise.all([
      this.policies.resolve(RECURRENCE_COUNT, problem.branchId, ctx.now),
      this.policies.resolve(RECURRENCE_DAYS, problem.branchId, ctx.now),
    ]);
    const since = new Date(ctx.now.getTime() - days.value * DAY_MS);
    const numbers = await this.recurrences.tickets(tx, problem, since);
    if (!isRecurrent(numbers.length, count.value)) return undefined;
    return (await this.recurrences.hasTask(tx, problem, since)) ? undefined : numbers;
  }

  private async order(
    tx: Tx,
    ctx: CallContext,
    trigger: Ticket,
    problem: Problem,
    numbers: readonly string[],
  ): Promise<void> {
    const task = await this.task(tx, ctx, trigger, numbers);
    await this.tickets.insertAll(tx, ctx, [task], [registrationEntry(task)], [registrationEvent(task)]);
    await this.actions.store(tx, ctx, trigger, 'recur', {
      patch: {},
      definition: RecurrenceFound,
      data: {
        rootCauseTicketId: task.id,
        propertyUnitId: problem.propertyUnitId,
        categoryCode: problem.categoryCode,
        count: numbers.length,
      },
    });
  }

  private async task(tx: Tx, ctx: CallContext, trigger: Ticket, numbers: readonly string[]): Promise<Ticket> {
    const { branchId, siteId, kind, categoryCode, propertyUnitId, unitText } = trigger;
    const branch = (await this.directory.branch(branchId))!;
    const year = Number(toLocalDate(ctx.now, branch.timeZone ?? 'UTC').slice(0, 4));
    const [number] = await nextNumbers(tx, { branchId, branchCode: branch.code, form: TICKET_FORM, year }, 1);
    const filed = { branchId, kind, categoryCode, receivedAt: ctx.now, pauses: [] };
    return {
      ...UNTOUCHED,
      ...filed,
      ...(await this.deadlines.decide(filed)),
      id: newId(ctx.now.getTime()),
      siteId,
      number: number!,
      propertyUnitId,
      unitText,
      channel: 'department',
      priority: 'routine',
      state: 'classified',
      content: `根因调查 Find the cause of a recurrent problem: ${numbers.slice(-20).join(', ')}.`,
      requesterName: null,
      requesterPhone: null,
      company: null,
      evidence: null,
      witnesses: null,
      preferredTime: null,
      registeredAt: ctx.now,
      registeredBy: ctx.actor.id,
      intakeDueAt: null,
      intakeMetAt: null,
      rootCauseOf: trigger.id,
      origin: 'live',
      version: 1,
    };
  }
}
