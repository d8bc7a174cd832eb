import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import { Commands, Database, type CallContext, type Page, type Tx } from '@steward/platform';
import { WebhookSender } from '../delivery/webhook-sender.js';
import { ParkedRepository } from '../delivery/parked.repository.js';
import { GrantBook } from '../grant/grant-book.js';
import { LogPlaces } from '../log/log-places.js';
import { partnerIdOf } from '../log/partner-event.js';
import { asPartner, partnerReads } from '../partner-scope.js';
import { SecretBook } from './secret-book.js';
import type {
  ChangeSubscriptionBody,
  MakeSubscriptionBody,
  SubscriptionDto,
  SubscriptionsQuery,
} from './subscription.dto.js';
import {
  addressRefused,
  notGranted,
  subscriptionNotFound,
  tooManySubscriptions,
} from './subscription.errors.js';
import type { Subscription } from './subscription.js';
import { SubscriptionRecords } from './subscription-records.js';
import {
  beyondGrant,
  mustBeWebhook,
  mustLive,
  stateAfter,
  subscriptionActions,
  type Wish,
} from './subscription.rules.js';

/** Subscriptions of one partner that are not given up. */
const MOST = 200;

/** What a subscription needs of other parts of the service. */
@Injectable()
export class SubscriptionParts {
  constructor(
    readonly grants: GrantBook,
    readonly places: LogPlaces,
    readonly secrets: SecretBook,
    readonly parked: ParkedRepository,
    readonly sender: WebhookSender,
  ) {}
}

/** Subscriptions by self-service of the partner's client, within its grants (PTR-01, PTR-02). */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly records: SubscriptionRecords,
    private readonly parts: SubscriptionParts,
  ) {}

  async make(ctx: CallContext, body: MakeSubscriptionBody): Promise<SubscriptionDto> {
    await this.checkWish(ctx, body);
    this.checkAddress(body.address);
    // what comes from now on; what was before is had by a replay
    const position = await this.parts.places.head();
    return this.commands.execute(asPartner(ctx), async (tx) => {
      const partnerId = partnerIdOf(ctx.actor.id);
      const { repository } = this.records;
      if ((await repository.countLive(tx, partnerId)) >= MOST) throw tooManySubscriptions(MOST);
      const id = newId(ctx.now.getTime());
      const endpointId = await repository.endpoint(tx, newId(), partnerId, 'webhook', body.address);
      await this.records.made(tx, ctx, {
        ...body,
        id,
        partnerId,
        client: ctx.actor.id,
        endpointId,
        delivery: 'webhook',
        state: 'active',
        stateReason: null,
        madeAt: ctx.now,
        version: 1,
        position,
      });
      await this.parts.secrets.add(tx, partnerId, id, ctx.now);
      return this.shown(tx, ctx, id);
    });
  }

  async change(ctx: CallContext, id: string, body: ChangeSubscriptionBody): Promise<SubscriptionDto> {
    if (body.address !== undefined) this.checkAddress(body.address);
    return this.amend(ctx, id, 'change', async (tx, before) => {
      mustLive(before.state);
      if (body.address !== undefined) mustBeWebhook(before.delivery);
      const { address = before.address, ...rest } = body;
      const after = { ...before, ...rest, address };
      await this.checkWish(ctx, after);
      if (address === before.address) return after;
      const { repository } = this.records;
      const endpointId = await repository.endpoint(tx, newId(), before.partnerId, 'webhook', address);
      return { ...after, endpointId };
    });
  }

  pause(ctx: CallContext, id: string): Promise<SubscriptionDto> {
    return this.amend(ctx, id, 'pause', (_tx, before) =>
      Promise.resolve({ ...before, state: stateAfter('pause', before.state), stateReason: 'by-partner' }),
    );
  }

  resume(ctx: CallContext, id: string): Promise<SubscriptionDto> {
    return this.amend(ctx, id, 'resume', async (tx, before) => {
      const state = stateAfter('resume', before.state);
      const { repository } = this.records;
      await repository.endpoint(tx, before.endpointId, before.partnerId, before.delivery, before.address);
      await repository.tryNow(tx, before.endpointId);
      return { ...before, state, stateReason: null };
    });
  }

  end(ctx: CallContext, id: string): Promise<SubscriptionDto> {
    return this.amend(ctx, id, 'end', async (tx, before) => {
      mustLive(before.state);
      mustBeWebhook(before.delivery);
      await this.parts.secrets.drop(tx, id, ctx.now);
      await this.parts.parked.removeAll(tx, id);
      return { ...before, state: 'ended', stateReason: null };
    });
  }

  async get(ctx: CallContext, id: string): Promise<SubscriptionDto> {
    return this.database.read(partnerReads(ctx), (tx) => this.shown(tx, ctx, id));
  }

  async list(ctx: CallContext, query: SubscriptionsQuery): Promise<Page<SubscriptionDto>> {
    const page = await this.database.read(partnerReads(ctx), (tx) => this.records.repository.list(tx, query));
    return { ...page, items: page.items.map((one) => toDto(ctx, one)) };
  }

  private amend(
    ctx: CallContext,
    id: string,
    action: string,
    work: (tx: Tx, before: Subscription) => Promise<Subscription>,
  ): Promise<SubscriptionDto> {
    return this.commands.execute(asPartner(ctx), async (tx) => {
      const before = await this.records.locked(tx, ctx, id, { match: true });
      const after = await work(tx, before);
      return toDto(ctx, await this.records.save(tx, ctx, before, after, { action }));
    });
  }

  private async shown(tx: Tx, ctx: CallContext, id: string): Promise<SubscriptionDto> {
    const found = await this.records.repository.byId(tx, id);
    if (!found) throw subscriptionNotFound();
    return toDto(ctx, found);
  }

  private async checkWish(ctx: CallContext, wish: Wish): Promise<void> {
    // another copy may have heard of a grant that this one does not know yet
    this.parts.grants.forget(partnerIdOf(ctx.actor.id));
    const beyond = beyondGrant(wish, await this.parts.grants.of(ctx.actor.id));
    if (beyond.eventTypes.length + beyond.branchIds.length > 0) throw notGranted(beyond);
  }

  private checkAddress(address: string): void {
    const fault = this.parts.sender.faultOf(address);
    if (fault) throw addressRefused(fault);
  }
}

/** The subscription as its owner and headquarters see it. */
export function toDto(ctx: CallContext, subscription: Subscription): SubscriptionDto {
  const { endpointId: _endpoint, position: _position, endpoint, ...shown } = subscription;
  return {
    ...shown,
    eventTypes: [...shown.eventTypes],
    branchIds: shown.branchIds && [...shown.branchIds],
    filter: shown.filter as SubscriptionDto['filter'],
    madeAt: shown.madeAt.toISOString(),
    lastDeliveredAt: shown.lastDeliveredAt?.toISOString() ?? null,
    endpoint: { ...endpoint, nextTryAt: endpoint.nextTryAt?.toISOString() ?? null },
    actions: subscriptionActions(shown.state, shown.client === ctx.actor.id, shown.delivery),
  };
}
