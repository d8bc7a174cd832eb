import { Injectable } from '@nestjs/common';
import { Directory, type Unit } from '@steward/directory';
import { Database, type CallContext, type Page } from '@steward/platform';
import { GenerationService } from '../rebuild/generation.service.js';
import type { FiguresDto, FiguresQuery, RecordDto, RecordsQuery } from './figure.dto.js';
import { FigureRepository, type FigureRow, type Selection } from './figure.repository.js';
import { MEASURE_NAMES, RATE_NAMES, RATES, type Measure, type Rate } from './figure.rules.js';
import { rateOf } from './rate.rules.js';

type Asked = Omit<Selection, 'generation' | 'branches' | 'asOf'> &
  Readonly<{ branchId?: string | undefined; regionId?: string | undefined; asOf?: string | undefined }>;

/** Answers questions about tickets across branches (GRP-01), every figure with the way to its records (GRP-02). */
@Injectable()
export class FigureService {
  constructor(
    private readonly database: Database,
    private readonly repository: FigureRepository,
    private readonly directory: Directory,
    private readonly generations: GenerationService,
  ) {}

  async figures(ctx: CallContext, { by, ...asked }: FiguresQuery): Promise<FiguresDto> {
    const selection = await this.select(ctx, asked);
    const rows = await this.database.read(ctx.scope, (tx) => this.repository.figures(tx, selection, by));
    const units = new Map((await this.directory.branches()).map((unit) => [unit.id, unit]));
    const shown = rows.map((row) => rowDto(row, asked, selection.asOf, units));
    const all = total(rows);
    return {
      asOf: selection.asOf.toISOString(),
      generation: selection.generation,
      by,
      rows: by.length === 0 ? [] : shown,
      total: all,
      rates: ratesOf(all),
    };
  }

  async records(ctx: CallContext, query: RecordsQuery): Promise<Page<RecordDto>> {
    const selection = await this.select(ctx, query);
    return this.database.read(ctx.scope, (tx) =>
      this.repository.records(tx, selection, query.measure, query),
    );
  }

  private async select(
    ctx: CallContext,
    { branchId, regionId, asOf, ...filters }: Asked,
  ): Promise<Selection> {
    const branches = (await this.directory.branches()).filter(
      (unit) =>
        (branchId === undefined || unit.id === branchId) &&
        (regionId === undefined || unit.parentId === regionId),
    );
    return {
      ...filters,
      generation: await this.generations.active(),
      branches: branches.map((unit) => ({ id: unit.id, timeZone: unit.timeZone ?? 'UTC' })),
      asOf: asOf === undefined ? ctx.now : new Date(asOf),
    };
  }
}

const ratesOf = (figures: Record<Measure, number>): Record<Rate, string | null> =>
  Object.fromEntries(
    RATE_NAMES.map((name) => {
      const [part, whole] = RATES[name];
      return [name, rateOf(BigInt(figures[part]), BigInt(figures[whole]))];
    }),
  ) as Record<Rate, string | null>;

const numbers = (row: FigureRow): Record<Measure, number> =>
  Object.fromEntries(MEASURE_NAMES.map((name) => [name, Number(row[name])])) as Record<Measure, number>;

const total = (rows: readonly FigureRow[]): Record<Measure, number> =>
  Object.fromEntries(
    MEASURE_NAMES.map((name) => [name, rows.reduce((sum, row) => sum + Number(row[name]), 0)]),
  ) as Record<Measure, number>;

function rowDto(
  row: FigureRow,
  asked: Asked,
  asOf: Date,
  units: Map<string, Unit>,
): FiguresDto['rows'][number] {
  const figures = numbers(row);
  const unit = row.branch ? units.get(row.branch) : undefined;
  return {
    branchId: row.branch ?? null,
    branchCode: unit?.code ?? null,
    branchName: unit?.name ?? null,
    categoryCode: row.category ?? null,
    channel: row.channel ?? null,
    kind: row.kind ?? null,
    month: row.month ?? null,
    figures,
    rates: ratesOf(figures),
    records: recordsAddress(row, asked, asOf),
  };
}

/** The question that gives exactly the records which the row counted. */
function recordsAddress(row: FigureRow, asked: Asked, asOf: Date): string {
  const parts = {
    ...asked,
    asOf: asOf.toISOString(),
    ...(row.branch ? { branchId: row.branch } : {}),
    ...(row.channel ? { channel: row.channel } : {}),
    ...(row.kind ? { kind: row.kind } : {}),
    ...(row.month ? { fromMonth: row.month, toMonth: row.month } : {}),
    ...(row.category
      ? { categoryCode: row.category }
      : row.category === null
        ? { withoutCategory: 'true' }
        : {}),
  };
  const query = Object.entries(parts).flatMap<[string, string]>(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return `/api/v1/figures/tickets/records?${new URLSearchParams(query).toString()}`;
}
