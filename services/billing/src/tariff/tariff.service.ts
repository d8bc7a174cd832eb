import { Injectable } from '@nestjs/common';
import { TariffPublished } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { conflict, newId, notFound, unprocessable, type DomainError } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { FeeItemRepository } from '../fee-item/fee-item.repository.js';
import { PRICING_ROLES } from '../fee-item/fee-item.rules.js';
import { feeItemNotFound } from '../fee-item/fee-item.service.js';
import type { DraftTariffBody, TariffDto, TariffsQuery } from './tariff.dto.js';
import { TariffRepository, type StoredTariff } from './tariff.repository.js';
import { checkTerms } from './terms.rules.js';

/** Prices with their days and documents (BIL-01, BIL-02): drafted, then published, and never edited after that. */
@Injectable()
export class TariffService {
  constructor(
    private readonly database: Database,
    private readonly repository: TariffRepository,
    private readonly items: FeeItemRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly directory: Directory,
  ) {}

  async draft(ctx: CallContext, body: DraftTariffBody): Promise<TariffDto> {
    return this.commands.execute(ctx, async (tx) => {
      const item = await this.items.find(tx, body.feeItemId);
      if (!item || !inScope(ctx.scope.write, item)) throw feeItemNotFound();
      checkTerms(body.terms, item.kind);
      await this.checkSite(body.siteId, item.branchId);
      const tariff: StoredTariff = {
        ...body,
        id: newId(ctx.now.getTime()),
        branchId: item.branchId,
        feeItemCode: item.code,
        state: 'draft',
        publishedAt: null,
        version: 0,
      };
      await this.repository.add(tx, tariff);
      await this.record(tx, ctx, tariff, 'draft', null);
      return shown(ctx, tariff);
    });
  }

  /** BIL-01: from now on charges are made by it. A price of the same reach from the same day is refused. */
  async publish(ctx: CallContext, id: string): Promise<TariffDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.lockDraft(tx, ctx, id);
      await this.items.lock(tx, before.feeItemId);
      if (await this.repository.rival(tx, before)) throw rivalled(before.validFrom);
      const after: StoredTariff = {
        ...before,
        state: 'published',
        publishedAt: ctx.now.toISOString(),
        version: 1,
      };
      await this.repository.setState(tx, after);
      await this.record(tx, ctx, after, 'publish', before);
      const { branchId, feeItemId, feeItemCode, siteId, use, validFrom, validTo, document, terms } = after;
      const { method } = terms;
      await this.outbox.append(tx, ctx, {
        definition: TariffPublished,
        aggregateId: id,
        branchId,
        sequence: after.version,
        occurredAt: ctx.now,
        data: { tariffId: id, feeItemId, feeItemCode, siteId, use, method, validFrom, validTo, document },
      });
      return shown(ctx, after);
    });
  }

  async withdraw(ctx: CallContext, id: string): Promise<TariffDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.lockDraft(tx, ctx, id);
      const after: StoredTariff = { ...before, state: 'withdrawn' };
      await this.repository.setState(tx, after);
      await this.record(tx, ctx, after, 'withdraw', before);
      return shown(ctx, after);
    });
  }

  async get(ctx: CallContext, id: string): Promise<TariffDto> {
    const tariff = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!tariff) throw tariffNotFound();
    return shown(ctx, tariff);
  }

  async list(ctx: CallContext, query: TariffsQuery): Promise<Page<TariffDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map((tariff) => shown(ctx, tariff)) };
  }

  private async lockDraft(tx: Tx, ctx: CallContext, id: string): Promise<StoredTariff> {
    const tariff = await this.repository.lock(tx, id);
    if (!tariff || !inScope(ctx.scope.write, { branchId: tariff.branchId })) throw tariffNotFound();
    requireMatch(ctx, tariff.version);
    if (tariff.state !== 'draft')
      throw conflict('tariff.not-a-draft', 'What was published or withdrawn does not change.');
    return tariff;
  }

  private async checkSite(siteId: string | null, branchId: string): Promise<void> {
    if (siteId === null) return;
    const site = await this.directory.unit(siteId);
    if (site?.kind !== 'site' || site.branchId !== branchId)
      throw unprocessable('tariff.site-unknown', 'The branch of the fee item has no such site.', [
        { path: 'siteId', code: 'unknown', detail: 'It is of another branch, or not known.' },
      ]);
  }

  private async record(
    tx: Tx,
    ctx: CallContext,
    after: StoredTariff,
    action: string,
    before: StoredTariff | null,
  ): Promise<void> {
    const content = before
      ? []
      : [
          { field: 'terms', from: null, to: after.terms },
          { field: 'validFrom', from: null, to: after.validFrom },
          { field: 'document', from: null, to: after.document },
        ];
    await this.audit.record(tx, ctx, {
      branchId: after.branchId,
      entity: 'tariff',
      entityId: after.id,
      action,
      changes: [...content, { field: 'state', from: before?.state ?? null, to: after.state }],
    });
  }
}

function shown(ctx: CallContext, tariff: StoredTariff): TariffDto {
  const may = rolesAt(ctx, { branchId: tariff.branchId }).some((role) => PRICING_ROLES.includes(role));
  return { ...tariff, actions: may && tariff.state === 'draft' ? ['publish', 'withdraw'] : [] };
}

const tariffNotFound = (): DomainError =>
  notFound('tariff.not-found', 'There is no such tariff in your scope.');

const rivalled = (day: string): DomainError =>
  conflict('tariff.rival', `A price for the same units from ${day} is published already.`, { day });
