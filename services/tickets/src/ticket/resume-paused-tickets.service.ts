import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { isDomainError, type Clock } from '@steward/kernel';
import {
  CLOCK,
  GROUP_SCOPE,
  LOGGER,
  Scheduler,
  scopeOf,
  systemContext,
  WorkerDatabase,
  type CallContext,
  type Logger,
} from '@steward/platform';
import { TicketRepository } from './ticket.repository.js';
import { TicketService } from './ticket.service.js';

const NAME = 'resume-paused-tickets';
const EVERY_MS = 5_000;
const BATCH = 200;

/** TKT-27: pauses end by themselves. One copy at a time looks for those whose time has come. */
@Injectable()
export class ResumePausedTicketsService implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: TicketRepository,
    private readonly tickets: TicketService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.start({
      name: 'resume-paused-tickets',
      everyMs: EVERY_MS,
      run: (signal) => this.run(signal),
    });
  }

  /** Resumes what is due; each ticket in a transaction of its own, under its branch's scope. */
  async run(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const due = await this.database.read(GROUP_SCOPE, (tx) => this.repository.resumable(tx, now, BATCH));
    for (const { id, branchId } of due) {
      if (signal.aborted) return;
      await this.resume(id, systemContext(NAME, scopeOf([branchId]), now));
    }
  }

  /** One ticket that cannot be resumed now, or that somebody resumed meanwhile, must not keep the others waiting. */
  private async resume(id: string, ctx: CallContext): Promise<void> {
    try {
      await this.tickets.resume(ctx, id);
    } catch (error) {
      if (isDomainError(error) && error.kind === 'conflict') return;
      this.log.warn({ err: error, ticketId: id }, 'a pause could not be ended, it is tried again');
    }
  }
}
