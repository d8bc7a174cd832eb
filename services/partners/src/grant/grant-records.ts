import { Injectable } from '@nestjs/common';
import { PartnerGrantChanged, PartnerGrantGiven, PartnerGrantRevoked } from '@steward/contracts';
import { Outbox, type NewEvent } from '@steward/messaging';
import { Audit, changesOf, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { LogBell } from '../log/log-bell.js';
import { partnerFact } from '../partner-fact.js';
import { GrantBook } from './grant-book.js';
import type { GrantDto } from './grant.dto.js';
import { grantNotFound } from './grant.errors.js';
import { GrantRepository } from './grant.repository.js';
import { grantActions, type Grant } from './grant.rules.js';

const AUDITED = [
  'name',
  'eventTypes',
  'branchIds',
  'groupFacts',
  'personalFields',
  'state',
  'topic',
] as const;

/** What was done, and why. */
export type GrantDeed = Readonly<{ action: string; reason?: string }>;

/** Stores grants with their audit rows and events: one event for each version. */
@Injectable()
export class GrantRecords {
  constructor(
    readonly repository: GrantRepository,
    private readonly book: GrantBook,
    private readonly bell: LogBell,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async given(tx: Tx, ctx: CallContext, grant: Grant): Promise<void> {
    await this.repository.insert(tx, grant);
    tx.afterCommit(() => this.book.forget(grant.partnerId));
    await this.record(tx, ctx, { action: 'give' }, undefined, grant);
    await this.outbox.append(tx, ctx, partnerFact(ctx, grant, PartnerGrantGiven, termsOf(grant)));
  }

  /** The grant, locked, in the version that the caller saw. Throws `partner-grant.not-found`. */
  async locked(tx: Tx, ctx: CallContext, id: string): Promise<Grant> {
    const grant = await this.repository.lock(tx, id);
    if (!grant) throw grantNotFound();
    requireMatch(ctx, grant.version);
    return grant;
  }

  /** Saves the next version. What is on its way under the old one stops with the commit. */
  async save(tx: Tx, ctx: CallContext, before: Grant, after: Grant, deed: GrantDeed): Promise<void> {
    await this.repository.update(tx, after);
    await this.record(tx, ctx, deed, before, after);
    await this.outbox.append(tx, ctx, factAfter(ctx, after));
    tx.afterCommit(() => {
      this.book.forget(after.partnerId);
      this.bell.ring();
    });
  }

  private async record(
    tx: Tx,
    ctx: CallContext,
    deed: GrantDeed,
    before: Grant | undefined,
    after: Grant,
  ): Promise<void> {
    const changes = changesOf(before, after, AUDITED);
    await this.audit.record(tx, ctx, {
      ...{ branchId: null, entity: 'partner-grant', entityId: after.id, changes },
      ...deed,
    });
  }
}

const termsOf = ({ id, partnerId, eventTypes, branchIds, groupFacts, personalFields }: Grant) => ({
  grantId: id,
  partnerId,
  eventTypes: [...eventTypes],
  branchIds: branchIds && [...branchIds],
  groupFacts,
  personalFields: [...personalFields],
});

function factAfter(ctx: CallContext, grant: Grant): NewEvent {
  if (grant.state === 'active') return partnerFact(ctx, grant, PartnerGrantChanged, termsOf(grant));
  const data = { grantId: grant.id, partnerId: grant.partnerId, revokedAt: ctx.now.toISOString() };
  return partnerFact(ctx, grant, PartnerGrantRevoked, data);
}

/** The grant as the caller sees it. */
export const toGrantDto = (ctx: CallContext, { topic, ...grant }: Grant): GrantDto => ({
  ...grant,
  eventTypes: [...grant.eventTypes],
  branchIds: grant.branchIds && [...grant.branchIds],
  personalFields: [...grant.personalFields],
  givenAt: grant.givenAt.toISOString(),
  revokedAt: grant.revokedAt?.toISOString() ?? null,
  topic: topic && {
    name: topic.name,
    state: topic.state,
    subscriptionId: topic.subscriptionId,
    credentialsAt: topic.credentialsAt?.toISOString() ?? null,
  },
  actions: grantActions(
    { ...grant, topic },
    ctx.grants.filter(({ units }) => units === '*').map(({ role }) => role),
  ),
});
