import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { FORMER_EMPLOYEE_RETENTION as RETENTION } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { findPolicy, type Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, Scheduler, systemContext, WorkerDatabase } from '@steward/platform';
import { EmployeeErasureService } from './employee-erasure.service.js';
import { EmployeeRepository, type FormerEmployee } from './employee.repository.js';

const EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
const PAGE = 200;

/** ORG-04: erases the personal values of former employees on schedule; a legal hold stops it. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: EmployeeRepository,
    private readonly erasure: EmployeeErasureService,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.start({
      name: 'employee-retention',
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

  private async isOver({ homeUnitId, endedAt }: FormerEmployee, now: Date): Promise<boolean> {
    const place = await this.directory.placeOf(homeUnitId);
    if (!place) return false; // not known here yet: the next turn sees to it
    const values = await this.directory.policyValues(RETENTION.key);
    const days = findPolicy(RETENTION, RETENTION.key, values, place, now)!.value;
    return endedAt.getTime() + days * DAY_MS <= now.getTime();
  }

  private async erase({ id }: FormerEmployee, now: Date): Promise<number> {
    const reason = `The time of ${RETENTION.key} is over.`;
    await this.erasure.erase(systemContext('employee-retention', GROUP_SCOPE, now), id, { reason });
    return 1;
  }
}
