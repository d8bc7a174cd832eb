import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { FORMER_EMPLOYEE_RETENTION as RETENTION } from '@steward/contracts';
import { isDomainError, type Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, Scheduler, systemContext, WorkerDatabase } from '@steward/platform';
import { PolicyQueryService } from '../policy/policy-query.service.js';
import { EmployeeErasureService } from './employee-erasure.service.js';
import { EmployeeRepository, type FormerEmployee } from './employee.repository.js';

const EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
const PAGE = 200;
const NAME = 'employee-retention';

/** ORG-04: erases the personal values of former employees on schedule; a legal hold stops it. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: EmployeeRepository,
    private readonly erasure: EmployeeErasureService,
    private readonly policies: PolicyQueryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.start({
      name: NAME,
      everyMs: EVERY_MS,
      run: async (signal) => void (await this.run(signal)),
    });
  }

  /** Erases everybody whose time is over, each in a transaction of their own; gives their number. */
  async run(signal?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - DAY_MS);
    let erased = 0;
    let after: FormerEmployee | undefined;
    do {
      const last = after;
      const page = await this.database.read(GROUP_SCOPE, (tx) =>
        this.repository.former(tx, before, last, PAGE),
      );
      for (const employee of page)
        if (await this.isOver(employee, now)) erased += await this.erase(employee, now);
      after = page.length < PAGE ? undefined : page.at(-1);
    } while (after && !signal?.aborted);
    return erased;
  }

  /** By the policies themselves and not by a copy of them: what is erased too early does not come back. */
  private async isOver({ homeUnitId, endedAt }: FormerEmployee, now: Date): Promise<boolean> {
    const ctx = systemContext(NAME, GROUP_SCOPE, now);
    const { items } = await this.policies.effective(ctx, { unitId: homeUnitId, key: RETENTION.key });
    const days = items[0]!.value as number;
    return endedAt.getTime() + days * DAY_MS <= now.getTime();
  }

  /** Somebody who was put under legal hold or given a role meanwhile is left alone, and keeps nobody else waiting. */
  private async erase({ id }: FormerEmployee, now: Date): Promise<number> {
    const reason = `The time of ${RETENTION.key} is over.`;
    try {
      await this.erasure.erase(systemContext(NAME, GROUP_SCOPE, now), id, { reason });
      return 1;
    } catch (error) {
      if (isDomainError(error) && error.kind !== 'unavailable') return 0;
      throw error;
    }
  }
}
