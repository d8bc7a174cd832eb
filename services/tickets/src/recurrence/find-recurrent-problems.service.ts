import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import {
  CLOCK,
  GROUP_SCOPE,
  LOGGER,
  Scheduler,
  scopeOf,
  systemContext,
  WorkerDatabase,
  type Logger,
} from '@steward/platform';
import { RecurrenceRepository } from './recurrence.repository.js';
import { RootCauseService } from './root-cause.service.js';

const NAME = 'find-recurrent-problems';
const EVERY_MS = 2_000;
const BATCH = 200;

/**
 * TKT-64: looks at tickets whose unit or category is new. It is not done at intake, which stays one round trip. One copy
 * at a time looks, so a problem gets one task.
 */
@Injectable()
export class FindRecurrentProblemsService implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: RecurrenceRepository,
    private readonly causes: RootCauseService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.start({
      name: NAME,
      everyMs: EVERY_MS,
      run: (signal) => this.run(signal),
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const waiting = await this.database.read(GROUP_SCOPE, (tx) => this.repository.unchecked(tx, BATCH));
    for (const { id, branchId } of waiting) {
      if (signal.aborted) return;
      try {
        await this.causes.check(systemContext(NAME, scopeOf([branchId]), this.clock.now()), id);
      } catch (error) {
        this.log.warn({ err: error, ticketId: id }, 'whether a problem recurs could not be looked at');
      }
    }
  }
}
