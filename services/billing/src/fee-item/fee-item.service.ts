import { Injectable } from '@nestjs/common';
import { FeeItemDefined } from '@steward/contracts';
import { conflict, newId, notFound, type DomainError } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  changesOf,
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { BranchService } from '../branch/branch.service.js';
import type { ChangeFeeItemBody, DefineFeeItemBody, FeeItemDto, FeeItemsQuery } from './fee-item.dto.js';
import { FeeItemRepository, type FeeItem } from './fee-item.repository.js';

const FIELDS = ['code', 'name', 'kind', 'medium', 'uses', 'payer', 'dueDays', 'active'] as const;

/** What a branch may charge (BIL-01). */
@Injectable()
export class FeeItemService {
  constructor(
    private readonly database: Database,
    private readonly repository: FeeItemRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly branches: BranchService,
  ) {}

  async define(ctx: CallContext, body: DefineFeeItemBody): Promise<FeeItemDto> {
    await this.branches.writable(ctx, { branchId: body.branchId });
    return this.commands.execute(ctx, async (tx) => {
      const item: FeeItem = { ...body, id: newId(ctx.now.getTime()), active: true, version: 1 };
      if (!(await this.repository.add(tx, item))) throw codeTaken(item.code);
      await this.tell(tx, ctx, null, item);
      return item;
    });
  }

  async change(ctx: CallContext, id: string, body: ChangeFeeItemBody): Promise<FeeItemDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before || !inScope(ctx.scope.write, before)) throw feeItemNotFound();
      requireMatch(ctx, before.version);
      const { name = before.name, uses = before.uses, payer = before.payer } = body;
      const { dueDays = before.dueDays, active = before.active } = body;
      const after = { ...before, name, uses, payer, dueDays, active, version: before.version + 1 };
      await this.repository.update(tx, after);
      await this.tell(tx, ctx, before, after);
      return after;
    });
  }

  async get(ctx: CallContext, id: string): Promise<FeeItemDto> {
    const item = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!item) throw feeItemNotFound();
    return item;
  }

  async list(ctx: CallContext, query: FeeItemsQuery): Promise<Page<FeeItemDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  private async tell(tx: Tx, ctx: CallContext, before: FeeItem | null, after: FeeItem): Promise<void> {
    const { id: feeItemId, branchId, code, name, kind, active, version } = after;
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'fee-item',
      entityId: feeItemId,
      action: before ? 'change' : 'define',
      changes: changesOf(before, after, FIELDS),
    });
    await this.outbox.append(tx, ctx, {
      definition: FeeItemDefined,
      aggregateId: feeItemId,
      branchId,
      sequence: version,
      occurredAt: ctx.now,
      data: { feeItemId, code, name, kind, active },
    });
  }
}

export const feeItemNotFound = (): DomainError =>
  notFound('fee-item.not-found', 'There is no such fee item in your scope.');

const codeTaken = (code: string): DomainError =>
  conflict('fee-item.code-taken', `The branch already has a fee item ${code}.`, { code });
