import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import { Commands, Database, type CallContext, type Tx } from '@steward/platform';
import { GrantRecords, toGrantDto } from '../grant/grant-records.js';
import type { GrantDto } from '../grant/grant.dto.js';
import { grantNotFound, headquartersOnly } from '../grant/grant.errors.js';
import {
  admitted,
  closed,
  mustBeActive,
  opened,
  openTopicOf,
  topicOpen,
  type Grant,
} from '../grant/grant.rules.js';
import { LogPlaces } from '../log/log-places.js';
import { SubscriptionRecords } from '../subscription/subscription-records.js';
import { TopicAccess, type Credentials } from './topic-access.js';
import { TopicCloser } from './topic-closer.js';
import type { TopicCredentialsDto } from './topic.dto.js';
import { shownOnce } from './topic.errors.js';

/** Topics of their own that headquarters gives partners (PTR-01). What is written there is a subscription. */
@Injectable()
export class TopicService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly grants: GrantRecords,
    private readonly subscriptions: SubscriptionRecords,
    private readonly places: LogPlaces,
    private readonly access: TopicAccess,
    private readonly closer: TopicCloser,
  ) {}

  async open(ctx: CallContext, id: string): Promise<GrantDto> {
    if (ctx.scope.write !== '*') throw headquartersOnly();
    const found = await this.found(ctx, id);
    // nothing is made for a grant that may not have it
    if (found.topic === null) mustBeActive(found);
    const name = found.topic?.name ?? (await this.access.make(found.partnerId));
    // what comes from now on; the partner has what was before by a replay
    const position = await this.places.head();
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.grants.locked(tx, ctx, id);
      const subscriptionId = newId(ctx.now.getTime());
      const grant = opened(before, name, subscriptionId);
      // one after another: a partner has one topic
      await this.subscriptions.repository.countLive(tx, grant.partnerId);
      if (await this.grants.repository.hasTopic(tx, grant.partnerId)) throw topicOpen();
      await this.subscribe(tx, ctx, grant, { id: subscriptionId, address: name, position });
      await this.grants.save(tx, ctx, before, grant, { action: 'open-topic' });
      return toGrantDto(ctx, grant);
    });
  }

  /** New credentials. They are stored nowhere: who does not keep them asks for new ones. */
  async issue(ctx: CallContext, id: string): Promise<TopicCredentialsDto> {
    const found = await this.found(ctx, id);
    openTopicOf(found);
    // the brokers may have lost it
    await this.access.make(found.partnerId);
    let credentials: Credentials | undefined;
    const { version } = await this.commands.execute(ctx, async (tx) => {
      const before = await this.grants.locked(tx, ctx, id);
      const grant = admitted(before, ctx.now);
      await this.grants.save(tx, ctx, before, grant, { action: 'issue-credentials' });
      // last of all, under the lock of the grant: what closes the topic comes before or after all of it
      credentials = await this.access.admit(grant.partnerId);
      return { version: grant.version };
    });
    if (!credentials) throw shownOnce();
    return { grantId: id, version, ...credentials };
  }

  close(ctx: CallContext, id: string): Promise<GrantDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.grants.locked(tx, ctx, id);
      openTopicOf(before);
      const grant = closed(before);
      await this.grants.save(tx, ctx, before, grant, { action: 'close-topic' });
      await this.closer.end(tx, ctx, before);
      return toGrantDto(ctx, grant);
    });
  }

  private async found(ctx: CallContext, id: string): Promise<Grant> {
    const grant = await this.database.read(ctx.scope, (tx) => this.grants.repository.byId(tx, id));
    if (!grant) throw grantNotFound();
    return grant;
  }

  /** The subscription that is written to the topic: everything that the grant names, in all branches it may reach. */
  private async subscribe(
    tx: Tx,
    ctx: CallContext,
    { partnerId, client, name, eventTypes }: Grant,
    made: Readonly<{ id: string; address: string; position: number }>,
  ): Promise<void> {
    const { repository } = this.subscriptions;
    const endpointId = await repository.endpoint(tx, newId(), partnerId, 'topic', made.address);
    await this.subscriptions.made(tx, ctx, {
      ...{ ...made, partnerId, client, name, endpointId, eventTypes },
      branchIds: null,
      filter: { imported: false },
      delivery: 'topic',
      state: 'active',
      stateReason: null,
      madeAt: ctx.now,
      version: 1,
    });
  }
}
