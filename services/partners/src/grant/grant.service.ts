import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId } from '@steward/kernel';
import { Commands, Database, type CallContext, type Page } from '@steward/platform';
import { partnerIdOf } from '../log/partner-event.js';
import { SUBSCRIBABLE_TYPES } from '../log/subscribable.js';
import { partnerReads } from '../partner-scope.js';
import { TopicCloser } from '../topic/topic-closer.js';
import { GrantRecords, toGrantDto } from './grant-records.js';
import type { ChangeGrantBody, GiveGrantBody, GrantDto, GrantsQuery } from './grant.dto.js';
import { branchesUnknown, grantNotFound, headquartersOnly, typesUnknown } from './grant.errors.js';
import { changed, revoked, type Grant } from './grant.rules.js';

/** What headquarters let partners have (PTR-02). */
@Injectable()
export class GrantService {
  constructor(
    private readonly database: Database,
    private readonly records: GrantRecords,
    private readonly commands: Commands,
    private readonly directory: Directory,
    private readonly topics: TopicCloser,
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
        topic: null,
        version: 1,
      };
      await this.records.given(tx, ctx, grant);
      return toGrantDto(ctx, grant);
    });
  }

  async change(ctx: CallContext, id: string, body: ChangeGrantBody): Promise<GrantDto> {
    await this.checkTerms(body);
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.records.locked(tx, ctx, id);
      const grant = changed(before, body);
      await this.records.save(tx, ctx, before, grant, { action: 'change' });
      return toGrantDto(ctx, grant);
    });
  }

  async revoke(ctx: CallContext, id: string, reason: string): Promise<GrantDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.records.locked(tx, ctx, id);
      const grant = revoked(before, ctx.now);
      await this.records.save(tx, ctx, before, grant, { action: 'revoke', reason });
      await this.topics.end(tx, ctx, before);
      return toGrantDto(ctx, grant);
    });
  }

  async get(ctx: CallContext, id: string): Promise<GrantDto> {
    const { repository } = this.records;
    const grant = await this.database.read(partnerReads(ctx), (tx) => repository.byId(tx, id));
    if (!grant) throw grantNotFound();
    return toGrantDto(ctx, grant);
  }

  async list(ctx: CallContext, query: GrantsQuery): Promise<Page<GrantDto>> {
    const { repository } = this.records;
    const page = await this.database.read(partnerReads(ctx), (tx) => repository.list(tx, query));
    return { ...page, items: page.items.map((grant) => toGrantDto(ctx, grant)) };
  }

  private async checkTerms({ eventTypes, branchIds }: ChangeGrantBody): Promise<void> {
    const strange = (eventTypes ?? []).filter((type) => !SUBSCRIBABLE_TYPES.has(type));
    if (strange.length > 0) throw typesUnknown(strange);
    const known = new Set((await this.directory.branches()).map(({ id }) => id));
    const foreign = (branchIds ?? []).filter((id) => !known.has(id));
    if (foreign.length > 0) throw branchesUnknown(foreign);
  }
}
