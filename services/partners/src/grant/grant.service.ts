import { Injectable } from '@nestjs/common';
import { PartnerGrantChanged, PartnerGrantGiven, PartnerGrantRevoked } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { newId } from '@steward/kernel';
import { Outbox, type NewEvent } from '@steward/messaging';
import {
  Audit,
  Commands,
  Database,
  requireMatch,
  type AuditChange,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { LogBell } from '../log/log-bell.js';
import { partnerIdOf } from '../log/partner-event.js';
import { SUBSCRIBABLE_TYPES } from '../log/subscribable.js';
import { partnerReads } from '../partner-scope.js';
import { GrantBook } from './grant-book.js';
import type { ChangeGrantBody, GiveGrantBody, GrantDto, GrantsQuery } from './grant.dto.js';
import { branchesUnknown, grantNotFound, headquartersOnly, typesUnknown } from './grant.errors.js';
import { GrantRepository } from './grant.repository.js';
import { changed, grantActions, revoked, type Grant } from './grant.rules.js';

const TERMS = ['name', 'eventTypes', 'branchIds', 'groupFacts', 'personalFields'] as const;

/** What headquarters let partners have (PTR-02). */
@Injectable()
export class GrantService {
  constructor(
    private readonly database: Database,
    private readonly repository: GrantRepository,
    private readonly book: GrantBook,
    private readonly bell: LogBell,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly directory: Directory,
  ) {}

  async give(ctx: CallContext, body: GiveGrantBody): Promise<GrantDto> {
    if (ctx.scope.write !== '*') throw headquartersOnly();
    await this.checkTerms(body);
    return this.commands.execute(ctx, async (tx) => {
      const grant: Grant = {
        ...body,
        id: newId(ctx.now.getTime()),
        partnerId: partnerIdOf(body.client),
        state: 'active',
        givenBy: ctx.actor.id,
        givenAt: ctx.now,
        revokedAt: null,
        version: 1,
      };
      await this.repository.insert(tx, grant);
      tx.afterCommit(() => this.book.forget(grant.partnerId));
      await this.record(tx, ctx, 'give', grant, changesOf(undefined, grant));
      await this.outbox.append(tx, ctx, factOf(ctx, grant, PartnerGrantGiven, termsOf(grant)));
      return toDto(ctx, grant);
    });
  }

  async change(ctx: CallContext, id: string, body: ChangeGrantBody): Promise<GrantDto> {
    await this.checkTerms(body);
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.locked(tx, ctx, id);
      const grant = changed(before, body);
      await this.repository.update(tx, grant);
      await this.record(tx, ctx, 'change', grant, changesOf(before, grant));
      await this.outbox.append(tx, ctx, factOf(ctx, grant, PartnerGrantChanged, termsOf(grant)));
      return toDto(ctx, grant);
    });
  }

  async revoke(ctx: CallContext, id: string, reason: string): Promise<GrantDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.locked(tx, ctx, id);
      const grant = revoked(before, ctx.now);
      await this.repository.update(tx, grant);
      const change = { field: 'state', from: before.state, to: grant.state };
      await this.record(tx, ctx, 'revoke', grant, [change], reason);
      const data = { grantId: id, partnerId: grant.partnerId, revokedAt: ctx.now.toISOString() };
      await this.outbox.append(tx, ctx, factOf(ctx, grant, PartnerGrantRevoked, data));
      return toDto(ctx, grant);
    });
  }

  async get(ctx: CallContext, id: string): Promise<GrantDto> {
    const grant = await this.database.read(partnerReads(ctx), (tx) => this.repository.byId(tx, id));
    if (!grant) throw grantNotFound();
    return toDto(ctx, grant);
  }

  async list(ctx: CallContext, query: GrantsQuery): Promise<Page<GrantDto>> {
    const page = await this.database.read(partnerReads(ctx), (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map((grant) => toDto(ctx, grant)) };
  }

  private async locked(tx: Tx, ctx: CallContext, id: string): Promise<Grant> {
    const grant = await this.repository.lock(tx, id);
    if (!grant) throw grantNotFound();
    requireMatch(ctx, grant.version);
    // what is on its way under the old terms stops with the commit
    tx.afterCommit(() => {
      this.book.forget(grant.partnerId);
      this.bell.ring();
    });
    return grant;
  }

  private async checkTerms({ eventTypes, branchIds }: ChangeGrantBody): Promise<void> {
    const strange = (eventTypes ?? []).filter((type) => !SUBSCRIBABLE_TYPES.has(type));
    if (strange.length > 0) throw typesUnknown(strange);
    const known = new Set((await this.directory.branches()).map(({ id }) => id));
    const foreign = (branchIds ?? []).filter((id) => !known.has(id));
    if (foreign.length > 0) throw branchesUnknown(foreign);
  }

  private record(
    tx: Tx,
    ctx: CallContext,
    action: string,
    grant: Grant,
    changes: AuditChange[],
    reason?: string,
  ): Promise<void> {
    const entry = { branchId: null, entity: 'partner-grant', entityId: grant.id, action, changes };
    return this.audit.record(tx, ctx, reason === undefined ? entry : { ...entry, reason });
  }
}

const changesOf = (before: Grant | undefined, after: Grant): AuditChange[] =>
  TERMS.filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after[field])).map((field) => ({
    field,
    from: before?.[field] ?? null,
    to: after[field],
  }));

const termsOf = ({ id, partnerId, eventTypes, branchIds, groupFacts, personalFields }: Grant) => ({
  grantId: id,
  partnerId,
  eventTypes: [...eventTypes],
  branchIds: branchIds && [...branchIds],
  groupFacts,
  personalFields: [...personalFields],
});

const factOf = <T>(
  ctx: CallContext,
  { id, version }: Grant,
  definition: NewEvent<T>['definition'],
  data: T,
): NewEvent<T> => ({
  definition,
  aggregateId: id,
  branchId: null,
  sequence: version,
  occurredAt: ctx.now,
  data,
});

const toDto = (ctx: CallContext, grant: Grant): GrantDto => ({
  ...grant,
  eventTypes: [...grant.eventTypes],
  branchIds: grant.branchIds && [...grant.branchIds],
  personalFields: [...grant.personalFields],
  givenAt: grant.givenAt.toISOString(),
  revokedAt: grant.revokedAt?.toISOString() ?? null,
  actions: grantActions(
    grant,
    ctx.grants.filter(({ units }) => units === '*').map(({ role }) => role),
  ),
});
