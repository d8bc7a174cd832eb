import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { AuditSealer, type PublishHeads } from './audit/sealer.js';
import { GROUP_SCOPE } from './context.js';
import type { WorkerDatabase } from './database/database.js';
import type { Scheduler } from './scheduler/scheduler.js';

const DAY_MS = 86_400_000;
/** Days that the answer of an idempotent command is kept. */
const IDEMPOTENCY_DAYS = 7;

/** The platform's own recurring work: seals the audit trail, forgets old idempotency answers. */
export class Housekeeping implements OnApplicationBootstrap {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly scheduler: Scheduler,
    private readonly service: string,
    private readonly clock: Clock,
    private readonly publishHeads?: PublishHeads,
    private readonly headsEveryMs?: number,
  ) {}

  onApplicationBootstrap(): void {
    const sealer = new AuditSealer(
      this.database,
      this.service,
      () => this.clock.now(),
      this.publishHeads,
      this.headsEveryMs,
    );
    this.scheduler.start({
      name: 'seal-audit',
      everyMs: 1000,
      run: async () => void (await sealer.sealAll()),
    });
    this.scheduler.start({
      name: 'forget-idempotency',
      everyMs: DAY_MS / 24,
      run: () => this.forgetAnswers(),
    });
  }

  private async forgetAnswers(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - IDEMPOTENCY_DAYS * DAY_MS);
    for (;;) {
      const gone = await this.database.transaction(GROUP_SCOPE, (tx) =>
        tx.query(
          `delete from idempotency where ctid = any (array(select ctid from idempotency where created_at < $1 limit 5000))
           returning 1`,
          [before],
        ),
      );
      if (gone.length === 0) return;
    }
  }
}
