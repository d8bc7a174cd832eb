import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, PLATFORM_CONFIG, Scheduler, WorkerDatabase } from '@steward/platform';
import type { PartnersConfig } from '../config.js';
import { AttemptRepository } from '../delivery/attempt.repository.js';
import { LogRepository } from './log.repository.js';

const HOUR_MS = 3_600_000;

/** Keeps the log and the attempts bounded: what was not fetched in time can be had no more. */
@Injectable()
export class LogUpkeep implements OnApplicationBootstrap {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly scheduler: Scheduler,
    private readonly log: LogRepository,
    private readonly attempts: AttemptRepository,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PartnersConfig, 'delivery'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.start({ name: 'forget-partner-log', everyMs: HOUR_MS, run: () => this.forget() });
  }

  async forget(): Promise<void> {
    const { keepDays } = this.config.delivery;
    for (;;) {
      const gone = await this.database.transaction(GROUP_SCOPE, (tx) => this.log.forget(tx, keepDays));
      if (gone === 0) break;
    }
    await this.database.transaction(GROUP_SCOPE, (tx) => this.attempts.forget(tx, this.clock.now()));
  }
}
