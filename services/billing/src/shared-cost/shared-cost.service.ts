import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId, notFound, parseMoney, unprocessable, type DomainError } from '@steward/kernel';
import { Audit, Commands, Database, inScope, type CallContext, type Page, type Tx } from '@steward/platform';
import { FeeItemRepository } from '../fee-item/fee-item.repository.js';
import { feeItemNotFound } from '../fee-item/fee-item.service.js';
import type {
  EnterSharedCostBody,
  ShareDto,
  SharedCostDto,
  SharedCostsQuery,
  SharesQuery,
} from './shared-cost.dto.js';
import { SharedCostRepository, type SharedCost } from './shared-cost.repository.js';
import { shareCost } from './shared-cost.rules.js';

/** Common costs, shared among units by a rule that everybody can check (BIL-16); runs charge the shares. */
@Injectable()
export class SharedCostService {
  constructor(
    private readonly database: Database,
    private readonly repository: SharedCostRepository,
    private readonly items: FeeItemRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly directory: Directory,
  ) {}

  /** Enters a cost. Its shares are fixed at once, so they add up whatever happens to the units afterwards. */
  async enter(ctx: CallContext, body: EnterSharedCostBody): Promise<SharedCostDto> {
    const site = await this.directory.unit(body.siteId);
    const branchId = site?.kind === 'site' ? site.branchId : null;
    if (!branchId || !inScope(ctx.scope.write, { branchId, siteId: body.siteId })) throw siteUnknown();
    return this.commands.execute(ctx, async (tx) => {
      const item = await this.items.find(tx, body.feeItemId);
      if (!item || item.branchId !== branchId) throw feeItemNotFound();
      if (item.kind !== 'shared' || !item.active)
        throw unprocessable('shared-cost.item-unfit', 'The fee item is not one of common costs in use.');
      const { amount, ...rest } = body;
      const cost: SharedCost = {
        ...rest,
        ...parseMoney(amount),
        id: newId(ctx.now.getTime()),
        branchId,
        uses: item.uses,
        enteredBy: ctx.actor.id,
        enteredAt: ctx.now.toISOString(),
        version: 1,
      };
      await this.store(tx, ctx, cost);
      return (await this.repository.find(tx, cost.id))!;
    });
  }

  async get(ctx: CallContext, id: string): Promise<SharedCostDto> {
    return this.database.read(ctx.scope, (tx) => this.known(tx, id));
  }

  async list(ctx: CallContext, query: SharedCostsQuery): Promise<Page<SharedCostDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  async shares(ctx: CallContext, id: string, query: SharesQuery): Promise<Page<ShareDto>> {
    return this.database.read(ctx.scope, async (tx) => {
      await this.known(tx, id);
      return this.repository.shares(tx, id, query);
    });
  }

  private async store(tx: Tx, ctx: CallContext, cost: SharedCost): Promise<void> {
    const units = await this.repository.units(tx, cost);
    if (units.length === 0) throw unprocessable('shared-cost.no-units', 'There is no unit to share it.');
    const shares = shareCost(cost, units, cost.rule).map(({ amount, ...share }) => ({
      ...share,
      id: newId(ctx.now.getTime()),
      minor: amount.minor,
    }));
    await this.repository.add(tx, cost, shares);
    await this.audit.record(tx, ctx, {
      branchId: cost.branchId,
      entity: 'shared-cost',
      entityId: cost.id,
      action: 'enter',
      changes: [
        { field: 'amountMinor', from: null, to: String(cost.minor) },
        { field: 'rule', from: null, to: cost.rule },
        { field: 'document', from: null, to: cost.document },
        { field: 'shares', from: null, to: shares.length },
      ],
    });
  }

  private async known(tx: Tx, id: string): Promise<SharedCostDto> {
    const cost = await this.repository.find(tx, id);
    if (!cost) throw notFound('shared-cost.not-found', 'There is no such common cost in your scope.');
    return cost;
  }
}

const siteUnknown = (): DomainError =>
  notFound('billing.site-unknown', 'There is no such site in your scope.');
