import { Injectable } from '@nestjs/common';
import {
  SubscriptionChanged,
  SubscriptionDisabled,
  SubscriptionEnded,
  SubscriptionMade,
} from '@steward/contracts';
import { Outbox, type NewEvent } from '@steward/messaging';
import {
  Audit,
  changesOf,
  requireMatch,
  type AuditChange,
  type CallContext,
  type Tx,
} from '@steward/platform';
import { LogBell } from '../log/log-bell.js';
import { partnerFact } from '../partner-fact.js';
import { subscriptionNotFound } from './subscription.errors.js';
import type { Subscription } from './subscription.js';
import { SubscriptionRepository, type NewSubscription } from './subscription.repository.js';

const AUDITED = ['name', 'address', 'eventTypes', 'branchIds', 'filter', 'state', 'stateReason'] as const;

/** What was done, why, and what changed beside the fields of the record. */
export type Deed = Readonly<{ action: string; reason?: string; changes?: readonly AuditChange[] }>;

/** Stores subscriptions with their audit rows and events: one event for each version. */
@Injectable()
export class SubscriptionRecords {
  constructor(
    readonly repository: SubscriptionRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly bell: LogBell,
  ) {}

  async made(tx: Tx, ctx: CallContext, made: NewSubscription): Promise<void> {
    await this.repository.insert(tx, made);
    await this.record(tx, ctx, made.id, { action: 'make', changes: changesOf(null, made, AUDITED) });
    const data = {
      subscriptionId: made.id,
      partnerId: made.partnerId,
      delivery: made.delivery,
      madeAt: made.madeAt.toISOString(),
    };
    await this.outbox.append(tx, ctx, partnerFact(ctx, made, SubscriptionMade, data));
    tx.afterCommit(() => this.bell.ring());
  }

  /** The subscription, locked; with `match` in the version that the caller saw. Throws `subscription.not-found`. */
  async locked(tx: Tx, ctx: CallContext, id: string, { match = false } = {}): Promise<Subscription> {
    const found = await this.repository.lock(tx, id);
    if (!found) throw subscriptionNotFound();
    if (match) requireMatch(ctx, found.version);
    return found;
  }

  /** Saves what was changed as the next version, and gives it as it is then. */
  async save(
    tx: Tx,
    ctx: CallContext,
    before: Subscription,
    after: Subscription,
    deed: Deed,
  ): Promise<Subscription> {
    const next = { ...after, version: before.version + 1 };
    await this.repository.update(tx, next);
    const changes = [...changesOf(before, next, AUDITED), ...(deed.changes ?? [])];
    await this.record(tx, ctx, next.id, { ...deed, changes });
    await this.outbox.append(tx, ctx, this.factAfter(ctx, next, deed.action));
    tx.afterCommit(() => this.bell.ring());
    return (await this.repository.byId(tx, next.id))!;
  }

  /** An audit row of something that makes no new version. */
  async record(tx: Tx, ctx: CallContext, id: string, { action, reason, changes = [] }: Deed): Promise<void> {
    const entry = { branchId: null, entity: 'subscription', entityId: id, action, changes };
    await this.audit.record(tx, ctx, reason === undefined ? entry : { ...entry, reason });
  }

  private factAfter(ctx: CallContext, next: Subscription, action: string): NewEvent {
    const whose = { subscriptionId: next.id, partnerId: next.partnerId };
    const at = ctx.now.toISOString();
    if (next.state === 'ended') return partnerFact(ctx, next, SubscriptionEnded, { ...whose, endedAt: at });
    if (action === 'disable') {
      const data = { ...whose, reason: next.stateReason ?? 'unknown', disabledAt: at };
      return partnerFact(ctx, next, SubscriptionDisabled, data);
    }
    const data = { ...whose, what: action, state: next.state, changedAt: at };
    return partnerFact(ctx, next, SubscriptionChanged, data);
  }
}
