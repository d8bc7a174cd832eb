import { Injectable } from '@nestjs/common';
import { PriceItemDefined } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { conflict, moneyToJson, newId, notFound, parseMoney, unprocessable } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import type {
  ChangePriceItemBody,
  DefinePriceItemBody,
  PriceItemDto,
  PriceItemsQuery,
} from './price-item.dto.js';
import { PriceItemRepository } from './price-item.repository.js';
import { dayBefore } from './price-item.rules.js';

const FIELDS = ['code', 'name', 'kind', 'measure', 'unitPrice', 'validFrom', 'validTo'] as const;

/** The branch's public list of labour and materials (TKT-43). A new price is a new entry; what was priced stays. */
@Injectable()
export class PriceItemService {
  constructor(
    private readonly database: Database,
    private readonly repository: PriceItemRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly directory: Directory,
  ) {}

  async define(ctx: CallContext, body: DefinePriceItemBody): Promise<PriceItemDto> {
    const branch = await this.directory.branch(body.branchId);
    if (!branch || !inScope(ctx.scope.write, body))
      throw notFound('price-item.branch-unknown', 'There is no such branch in your scope.');
    const unitPrice = moneyToJson(parseMoney(body.unitPrice));
    return this.commands.execute(ctx, async (tx) => {
      await this.repository.lockCode(tx, body.branchId, body.code);
      const item = { ...body, unitPrice, id: newId(ctx.now.getTime()), version: 1 };
      checkDays(item);
      const others = await this.repository.ofCode(tx, body.branchId, body.code);
      const before = others.findLast(({ validFrom }) => validFrom < body.validFrom);
      if (before && before.validTo === null) {
        const ended = { ...before, validTo: dayBefore(body.validFrom) };
        await this.put(tx, ctx, before, ended);
        others[others.indexOf(before)] = ended;
      }
      checkFree(item, others);
      await this.repository.add(tx, item);
      await this.tell(tx, ctx, null, item);
      return item;
    });
  }

  async change(ctx: CallContext, id: string, body: ChangePriceItemBody): Promise<PriceItemDto> {
    return this.commands.execute(ctx, async (tx) => {
      const seen = await this.repository.find(tx, id);
      if (!seen || !inScope(ctx.scope.write, seen)) throw priceItemNotFound();
      await this.repository.lockCode(tx, seen.branchId, seen.code);
      const others = await this.repository.ofCode(tx, seen.branchId, seen.code);
      const before = others.find((each) => each.id === id)!;
      requireMatch(ctx, before.version);
      const { name = before.name, validTo = before.validTo } = body;
      const after = { ...before, name, validTo };
      checkDays(after);
      checkFree(
        after,
        others.filter((each) => each.id !== id),
      );
      return this.put(tx, ctx, before, after);
    });
  }

  async get(ctx: CallContext, id: string): Promise<PriceItemDto> {
    const item = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!item) throw priceItemNotFound();
    return item;
  }

  async list(ctx: CallContext, query: PriceItemsQuery): Promise<Page<PriceItemDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  private async put(
    tx: Tx,
    ctx: CallContext,
    before: PriceItemDto,
    changed: PriceItemDto,
  ): Promise<PriceItemDto> {
    const after = { ...changed, version: before.version + 1 };
    await this.repository.update(tx, after);
    await this.tell(tx, ctx, before, after);
    return after;
  }

  private async tell(
    tx: Tx,
    ctx: CallContext,
    before: PriceItemDto | null,
    after: PriceItemDto,
  ): Promise<void> {
    const { id, branchId, version, ...state } = after;
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'price-item',
      entityId: id,
      action: before ? 'change' : 'define',
      changes: FIELDS.filter(
        (field) => JSON.stringify(before?.[field] ?? null) !== JSON.stringify(after[field]),
      ).map((field) => ({ field, from: before?.[field] ?? null, to: after[field] })),
    });
    await this.outbox.append(tx, ctx, {
      definition: PriceItemDefined,
      aggregateId: id,
      branchId,
      sequence: version,
      occurredAt: ctx.now,
      data: { priceItemId: id, ...state },
    });
  }
}

function checkDays({ validFrom, validTo }: PriceItemDto): void {
  if (validTo !== null && validTo < validFrom)
    throw unprocessable('price-item.days-reversed', 'The last day is before the first.', [
      { path: 'validTo', code: 'too-early', detail: 'Give a day from validFrom on.' },
    ]);
}

function checkFree(item: PriceItemDto, others: readonly PriceItemDto[]): void {
  const end = (each: PriceItemDto): string => each.validTo ?? '9999-12-31';
  const other = others.find((each) => each.validFrom <= end(item) && end(each) >= item.validFrom);
  if (other)
    throw conflict(
      'price-item.days-taken',
      `${item.code} has a price from ${other.validFrom} to ${other.validTo ?? 'now on'} already.`,
    );
}

const priceItemNotFound = () =>
  notFound('price-item.not-found', 'There is no such entry of a price list in your scope.');
