import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { FORMER_CUSTOMER_RETENTION as RETENTION } from '@steward/contracts';
import { Policies } from '@steward/directory';
import { isDomainError, type Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, Scheduler, systemContext, WorkerDatabase } from '@steward/platform';
import { DuplicateRepository } from '../duplicate/duplicate.repository.js';
import { CustomerRepository, type KnownCustomer } from './customer.repository.js';
import { CustomerService } from './customer.service.js';

const EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
const PAGE = 200;
const NAME = 'customer-retention';

/** ORG-04: erases the personal values of customers who were given up, by the policy of their branch; a legal hold stops it. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: CustomerRepository,
    private readonly duplicates: DuplicateRepository,
    private readonly customers: CustomerService,
    private readonly policies: Policies,
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
    await this.database.transaction(GROUP_SCOPE, (tx) => this.duplicates.forgetExpired(tx, now));
    const before = new Date(now.getTime() - DAY_MS);
    let erased = 0;
    let after: KnownCustomer | undefined;
    do {
      const last = after;
      const page = await this.database.read(GROUP_SCOPE, (tx) =>
        this.repository.former(tx, before, last, PAGE),
      );
      for (const customer of page)
        if (await this.isOver(customer, now)) erased += await this.erase(customer, now);
      after = page.length < PAGE ? undefined : page.at(-1);
    } while (after && !signal?.aborted);
    return erased;
  }

  private async isOver({ registeredIn, inactiveSince }: KnownCustomer, now: Date): Promise<boolean> {
    const { value } = await this.policies.resolve(RETENTION, registeredIn, now);
    return inactiveSince!.getTime() + value * DAY_MS <= now.getTime();
  }

  /** Somebody who was put under legal hold or taken up again meanwhile is left alone, and keeps nobody else waiting. */
  private async erase({ id }: KnownCustomer, now: Date): Promise<number> {
    try {
      await this.customers.erase(
        systemContext(NAME, GROUP_SCOPE, now),
        id,
        `The time of ${RETENTION.key} is over.`,
      );
      return 1;
    } catch (error) {
      if (isDomainError(error) && error.kind !== 'unavailable') return 0;
      throw error;
    }
  }
}
