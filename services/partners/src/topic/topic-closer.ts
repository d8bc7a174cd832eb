import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  GROUP_SCOPE,
  LOGGER,
  Scheduler,
  WorkerDatabase,
  type CallContext,
  type Logger,
  type Tx,
} from '@steward/platform';
import { ParkedRepository } from '../delivery/parked.repository.js';
import { GrantRepository } from '../grant/grant.repository.js';
import type { Grant } from '../grant/grant.rules.js';
import { SubscriptionRecords } from '../subscription/subscription-records.js';
import { TopicAccess } from './topic-access.js';

const EVERY_MS = 10_000;
const AT_ONCE = 20;

/**
 * Ends topics of partners: in the transaction that decides it nothing more is written; that the brokers let the partner
 * in no more is done after it, again and again until they are there.
 */
@Injectable()
export class TopicCloser implements OnApplicationBootstrap {
  private wake = (): void => undefined;

  constructor(
    private readonly database: WorkerDatabase,
    private readonly scheduler: Scheduler,
    private readonly grants: GrantRepository,
    private readonly subscriptions: SubscriptionRecords,
    private readonly parked: ParkedRepository,
    private readonly access: TopicAccess,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.wake = this.scheduler.start({
      name: 'close-partner-topics',
      everyMs: EVERY_MS,
      run: () => this.close(),
    });
  }

  /** Ends what is written to the topic of a grant, if it has one; the grant itself is stored by the caller as closed. */
  async end(tx: Tx, ctx: CallContext, { topic }: Grant): Promise<void> {
    if (topic?.state !== 'open') return;
    const before = await this.subscriptions.locked(tx, ctx, topic.subscriptionId);
    await this.parked.removeAll(tx, before.id);
    const after = { ...before, state: 'ended' as const, stateReason: 'topic-closed' };
    await this.subscriptions.save(tx, ctx, before, after, { action: 'end' });
    tx.afterCommit(() => this.wake());
  }

  private async close(): Promise<void> {
    const found = await this.database.read(GROUP_SCOPE, (tx) => this.grants.closing(tx, AT_ONCE));
    for (const { id, partnerId } of found) {
      // outside of any transaction: brokers may be long in answering, and no topic is opened while one is being closed
      await this.access.expel(partnerId);
      await this.database.transaction(GROUP_SCOPE, (tx) => this.grants.forgetTopic(tx, id));
      this.log.info({ partnerId }, 'a partner is let in to its topic no more');
    }
  }
}
