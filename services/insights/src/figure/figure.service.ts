import { Injectable } from '@nestjs/common';
import { Directory, type Unit } from '@steward/directory';
import { Database, type CallContext, type Page } from '@steward/platform';
import { closedPart } from '../month/month-closing.rules.js';
import { MonthClosingRepository } from '../month/month-closing.repository.js';
import type { ClosedFields } from '../month/closed-fields.dto.js';
import { GenerationService } from '../rebuild/generation.service.js';
import { zonesAsked, type AskedPlace } from './branch-zone.js';
import type { FiguresDto, FiguresQuery, RecordDto, RecordsQuery } from './figure.dto.js';
import type { Selection } from './figure-conditions.rules.js';
import { FigureRepository, type FigureRow } from './figure.repository.js';
import { tooManyRows } from './figure.errors.js';
import { MAX_ROWS, MEASURE_NAMES, ratesOf, type Measure } from './figure.rules.js';
import { recordsAddress } from './records-address.js';

type Asked = Omit<Selection, 'generation' | 'branches' | 'asOf'> &
  AskedPlace &
  Readonly<{ asOf?: string | undefined }>;

/** Answers questions about tickets across branches (GRP-01), every figure with the way to its records (GRP-02). */
@Injectable()
export class FigureService {
  constructor(
    private readonly database: Database,
    private readonly repository: FigureRepository,
    private readonly directory: Directory,
    private readonly generations: GenerationService,
    private readonly closings: MonthClosingRepository,
  ) {}

  async figures(ctx: CallContext, { by, ...asked }: FiguresQuery): Promise<FiguresDto> {
    const selection = await this.select(ctx, asked);
    const [rows, closingOf] = await this.database.read(ctx.scope, async (tx) => {
      const found = await this.repository.figures(tx, selection, by);
      if (found.length > MAX_ROWS) throw tooManyRows();
      return [found, await this.closings.closingsOf(tx, found)] as const;
    });
    const units = new Map((await this.directory.branches()).map((unit) => [unit.id, unit]));
    const shown = rows.map((row) => ({
      ...rowDto(row, asked, selection.asOf, units),
      ...closedPart('tickets', closingOf(row)),
    }));
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
    return {
      ...filters,
      generation: await this.generations.active(),
      branches: zonesAsked(await this.directory.branches(), { branchId, regionId }),
      asOf: asOf === undefined ? ctx.now : new Date(asOf),
    };
  }
}

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
): Omit<FiguresDto['rows'][number], keyof ClosedFields> {
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
    records: recordsAddress('tickets', recordsOf(row, asked, asOf)),
  };
}

/** The question that gives exactly the records which the row counted. */
function recordsOf(row: FigureRow, asked: Asked, asOf: Date): Parameters<typeof recordsAddress>[1] {
  return {
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
}
