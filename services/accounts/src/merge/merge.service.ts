import { Injectable } from '@nestjs/common';
import { CustomerMerged, CustomerMergeUndone, CustomerUnlinked } from '@steward/contracts';
import { conflict, newId, notFound } from '@steward/kernel';
import {
  Audit,
  Commands,
  Database,
  holdsInGroup,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { rolesOver } from '../customer/customer-query.service.js';
import { CustomerRecordService } from '../customer/customer-record.service.js';
import { customerNotFound, customerRoleMissing } from '../customer/customer.errors.js';
import { CustomerRepository, type KnownCustomer } from '../customer/customer.repository.js';
import { MERGERS, mayDo } from '../customer/customer.rules.js';
import type { MergeBody, MergeDto, MergesQuery } from './merge.dto.js';
import { MergeRepository, type Merge } from './merge.repository.js';
import { checkMergeable, mergeActions, nextMergeState, type MergeAction } from './merge.rules.js';

type Pair = Readonly<{ merged: KnownCustomer; survivor: KnownCustomer }>;

/** ACC-02: makes two records one customer, keeps both histories, and can take it back. */
@Injectable()
export class MergeService {
  constructor(
    private readonly database: Database,
    private readonly repository: MergeRepository,
    private readonly customers: CustomerRepository,
    private readonly records: CustomerRecordService,
    private readonly commands: Commands,
    private readonly audit: Audit,
  ) {}

  /** Done at once where it stays within what the caller may write; else a proposal to headquarters. */
  async merge(
    ctx: CallContext,
    customerId: string,
    { intoCustomerId, reason }: MergeBody,
  ): Promise<MergeDto> {
    return this.commands.execute(ctx, async (tx) => {
      const pair = await this.lockPair(tx, customerId, intoCustomerId);
      for (const customer of [pair.merged, pair.survivor])
        if (!mayDo(MERGERS, rolesOver(ctx, customer))) throw customerRoleMissing();
      requireMatch(ctx, pair.merged.version);
      checkMergeable(pair.merged, pair.survivor);
      const further = await this.repository.reachesFurther(tx, customerId, intoCustomerId);
      const asked: Merge = {
        id: newId(ctx.now.getTime()),
        customerId,
        intoCustomerId,
        branchId: this.records.branchOf(ctx, pair.merged),
        state: 'proposed',
        reason,
        askedBy: ctx.actor.id,
        askedAt: ctx.now,
        decidedBy: null,
        decidedAt: null,
        links: [],
        version: 1,
      };
      const made = further ? asked : await this.carryOut(tx, ctx, asked, pair);
      if (!(await this.repository.add(tx, made)))
        throw conflict('merge.proposed', 'This branch has already proposed to merge this customer.');
      await this.record(tx, ctx, made, null, reason);
      return toMergeDto(ctx, made);
    });
  }

  async decide(ctx: CallContext, id: string, action: MergeAction, reason: string): Promise<MergeDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before) throw notFound('merge.not-found', 'There is no such merge in your scope.');
      requireMatch(ctx, before.version);
      const state = nextMergeState(before.state, action);
      const pair = await this.lockPair(tx, before.customerId, before.intoCustomerId);
      const decided = {
        ...before,
        state,
        decidedBy: ctx.actor.id,
        decidedAt: ctx.now,
        version: before.version + 1,
      };
      const after = await this.effect(tx, ctx, action, decided, pair);
      await this.repository.update(tx, after);
      await this.record(tx, ctx, after, before.state, reason);
      return toMergeDto(ctx, after);
    });
  }

  async list(ctx: CallContext, query: MergesQuery): Promise<Page<MergeDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: page.items.map((merge) => toMergeDto(ctx, merge)), next: page.next };
  }

  private async effect(
    tx: Tx,
    ctx: CallContext,
    action: MergeAction,
    merge: Merge,
    pair: Pair,
  ): Promise<Merge> {
    if (action === 'reject') return merge;
    if (action === 'undo') return this.undo(tx, ctx, merge, pair);
    checkMergeable(pair.merged, pair.survivor);
    return this.carryOut(tx, ctx, merge, pair);
  }

  private async carryOut(tx: Tx, ctx: CallContext, merge: Merge, { merged, survivor }: Pair): Promise<Merge> {
    const { id: mergeId, reason } = merge;
    const added = await this.repository.carryLinks(tx, ctx, merged.id, survivor.id);
    const known = new Set(survivor.places.map(({ branchId }) => branchId));
    const branches = [...new Set(added.map(({ branchId }) => branchId))].filter((id) => !known.has(id));
    const data = {
      customerId: merged.id,
      intoCustomerId: survivor.id,
      mergeId,
      mergedAt: ctx.now.toISOString(),
    };
    const patch = { mergedInto: survivor.id, active: false };
    const fact = { definition: CustomerMerged, branchId: null, data };
    await this.records.save(tx, ctx, merged, patch, { action: 'merge', reason }, [fact]);
    if (branches.length > 0) await this.records.link(tx, ctx, survivor, branches, 'merge', reason);
    return {
      ...merge,
      state: 'done',
      decidedBy: ctx.actor.id,
      decidedAt: ctx.now,
      links: added.map(({ id }) => id),
    };
  }

  private async undo(tx: Tx, ctx: CallContext, merge: Merge, { merged, survivor }: Pair): Promise<Merge> {
    const { id: mergeId, reason, links } = merge;
    const lost = await this.repository.takeBackLinks(tx, links);
    const undoneAt = ctx.now.toISOString();
    const data = { customerId: merged.id, fromCustomerId: survivor.id, mergeId, undoneAt };
    const fact = { definition: CustomerMergeUndone, branchId: null, data };
    const patch = { mergedInto: null, active: true };
    await this.records.save(tx, ctx, merged, patch, { action: 'undo-merge', reason }, [fact]);
    if (lost.length === 0) return merge;
    const gone = lost.map((branchId) => ({
      definition: CustomerUnlinked,
      branchId,
      data: { customerId: survivor.id, unlinkedAt: undoneAt },
    }));
    const after = await this.records.save(tx, ctx, survivor, {}, { action: 'unlink', reason }, gone);
    await this.records.spread(tx, after);
    return merge;
  }

  /** Always in the same order, so that two merges of one pair wait for each other instead of blocking for good. */
  private async lockPair(tx: Tx, customerId: string, intoCustomerId: string): Promise<Pair> {
    const locked = new Map<string, KnownCustomer>();
    for (const id of [...new Set([customerId, intoCustomerId])].sort()) {
      const customer = await this.customers.lock(tx, id);
      if (!customer) throw customerNotFound();
      locked.set(id, customer);
    }
    return { merged: locked.get(customerId)!, survivor: locked.get(intoCustomerId)! };
  }

  private async record(
    tx: Tx,
    ctx: CallContext,
    merge: Merge,
    from: string | null,
    reason: string,
  ): Promise<void> {
    await this.audit.record(tx, ctx, {
      branchId: merge.branchId,
      entity: 'customer-merge',
      entityId: merge.id,
      action: merge.state,
      reason,
      changes: [{ field: 'state', from, to: merge.state }],
    });
  }
}

/** The decision is headquarters'; whoever may merge in the branch that asked may take a merge back. */
function toMergeDto(ctx: CallContext, { links: _links, ...merge }: Merge): MergeDto {
  const judges = holdsInGroup(ctx, 'hq-admin');
  const mayUndo = mayDo(MERGERS, rolesAt(ctx, merge));
  return {
    ...merge,
    askedAt: merge.askedAt.toISOString(),
    decidedAt: merge.decidedAt?.toISOString() ?? null,
    actions: mergeActions(merge.state).filter((action) => (action === 'undo' ? mayUndo : judges)),
  };
}
