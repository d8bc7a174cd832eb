import { Injectable } from '@nestjs/common';
import { Directory, type Unit } from '@steward/directory';
import { moneyToJson, startOfMonth } from '@steward/kernel';
import { Database, type CallContext, type Page } from '@steward/platform';
import { zonesAsked, type AskedPlace } from '../figure/branch-zone.js';
import { tooManyRows } from '../figure/figure.errors.js';
import { MAX_ROWS } from '../figure/figure.rules.js';
import { rateOf } from '../figure/rate.rules.js';
import { recordsAddress } from '../figure/records-address.js';
import { closedPart } from '../month/month-closing.rules.js';
import { MonthClosingRepository } from '../month/month-closing.repository.js';
import { GenerationService } from '../rebuild/generation.service.js';
import type {
  BillingFiguresDto,
  BillingFiguresQuery,
  BillingRecordDto,
  BillingRecordsQuery,
} from './billing-figure.dto.js';
import {
  BillingFigureRepository,
  type BillingRow,
  type BillingSelection,
} from './billing-figure.repository.js';
import { BILLING_MEASURES, FLOW_NAMES, type BillingMeasure, type Flow } from './billing-figure.rules.js';

type Asked = Omit<BillingSelection, 'generation' | 'branches' | 'asOf'> &
  AskedPlace &
  Readonly<{ asOf?: string | undefined }>;
type Column = BillingMeasure | `late_${Flow}`;

/** Answers questions about money across branches (GRP-01), every figure with the way to its records (GRP-02). */
@Injectable()
export class BillingFigureService {
  constructor(
    private readonly database: Database,
    private readonly repository: BillingFigureRepository,
    private readonly directory: Directory,
    private readonly generations: GenerationService,
    private readonly closings: MonthClosingRepository,
  ) {}

  async figures(ctx: CallContext, { by, ...asked }: BillingFiguresQuery): Promise<BillingFiguresDto> {
    const selection = await this.select(ctx, asked);
    const [rows, closingOf] = await this.database.read(ctx.scope, async (tx) => {
      const found = await this.repository.figures(tx, selection, by);
      if (found.length > MAX_ROWS) throw tooManyRows();
      return [found, await this.closings.closingsOf(tx, found)] as const;
    });
    const units = new Map((await this.directory.branches()).map((unit) => [unit.id, unit]));
    const isClosed = await this.directory.lateRule();
    const asOf = selection.asOf.toISOString();
    return {
      asOf,
      generation: selection.generation,
      by,
      rows: rows.map((row) => {
        const unit = row.branch === undefined ? undefined : units.get(row.branch);
        return {
          branchId: row.branch ?? null,
          branchCode: unit?.code ?? null,
          branchName: unit?.name ?? null,
          month: row.month ?? null,
          currency: row.currency,
          ...closedPart('billing', closingOf(row)),
          closed: unit && row.month ? isClosed(unit.id, startOf(row.month, unit)) : null,
          ...shown([row], row.currency),
          records: recordsAddress('billing', recordsOf(row, { ...asked, asOf })),
        };
      }),
      totals: [...Map.groupBy(rows, (row) => row.currency)].map(([currency, list]) => ({
        currency,
        ...shown(list, currency),
      })),
    };
  }

  async records(ctx: CallContext, query: BillingRecordsQuery): Promise<Page<BillingRecordDto>> {
    const selection = await this.select(ctx, query);
    const page = await this.database.read(ctx.scope, (tx) => this.repository.records(tx, selection, query));
    const items = page.items.map(({ amount, currency, ...record }) => ({
      ...record,
      amount: moneyToJson({ minor: BigInt(amount), currency }),
    }));
    return { next: page.next, items: items as unknown as BillingRecordDto[] };
  }

  private async select(ctx: CallContext, asked: Asked): Promise<BillingSelection> {
    const { asOf, fromMonth, toMonth, currency, happened } = asked;
    return {
      fromMonth,
      toMonth,
      currency,
      happened,
      generation: await this.generations.active(),
      branches: zonesAsked(await this.directory.branches(), asked),
      asOf: asOf === undefined ? ctx.now : new Date(asOf),
    };
  }
}

const startOf = (month: string, unit: Unit): Date => startOfMonth(month, unit.timeZone ?? 'UTC');

function shown(
  rows: readonly BillingRow[],
  currency: string,
): Pick<BillingFiguresDto['totals'][number], 'figures' | 'corrections'> {
  const sum = (column: Column): bigint => rows.reduce((total, row) => total + BigInt(row[column] ?? 0), 0n);
  const money = (column: Column) => moneyToJson({ minor: sum(column), currency });
  const all = <Name extends string>(names: readonly Name[], column: (name: Name) => Column) =>
    Object.fromEntries(names.map((name) => [name, money(column(name))])) as Record<
      Name,
      ReturnType<typeof money>
    >;
  return {
    figures: {
      ...all(BILLING_MEASURES, (name) => name),
      collectionRate: rateOf(sum('collected'), sum('owed')),
    },
    corrections: all(FLOW_NAMES, (name) => `late_${name}` as const),
  };
}

/** The question that gives exactly the records which the row summed. */
const recordsOf = (row: BillingRow, asked: Asked): Parameters<typeof recordsAddress>[1] => ({
  ...asked,
  currency: row.currency,
  ...(row.branch ? { branchId: row.branch } : {}),
  ...(row.month ? { fromMonth: row.month, toMonth: row.month } : {}),
});
