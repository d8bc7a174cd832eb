import { Injectable } from '@nestjs/common';
import { moneyToJson, type MoneyJson } from '@steward/kernel';
import { Database, inScope, type CallContext, type Tx } from '@steward/platform';
import { BillingFigureRepository } from '../billing/billing-figure.repository.js';
import { BILLING_MEASURES } from '../billing/billing-figure.rules.js';
import type { Selection } from '../figure/figure-conditions.rules.js';
import { FigureRepository } from '../figure/figure.repository.js';
import { MEASURE_NAMES, RATE_NAMES, RATES, type FigureLine } from '../figure/figure.rules.js';
import { recordsAddress } from '../figure/records-address.js';
import { GenerationService } from '../rebuild/generation.service.js';
import type {
  BillingStatementDto,
  BillingStatementQuery,
  TicketStatementDto,
  TicketStatementQuery,
} from './closing-statement.dto.js';
import { ClosingStatementRepository } from './closing-statement.repository.js';
import {
  comparedLines,
  comparedRate,
  STATEMENT_DIMENSIONS,
  type Compared,
  type KeptDimension,
  type StatementDimension,
} from './closing-statement.rules.js';
import { closingDto } from './month-closing.dto.js';
import { closingUnknown, figuresNotKept } from './month-closing.errors.js';
import { MonthClosingRepository, type MonthClosing } from './month-closing.repository.js';

type Lines<Name extends string> = (tx: Tx, selection: Selection) => Promise<FigureLine<Name>[]>;

/** Fixes the figures of a month when it is closed, and shows what came since as corrections (GRP-02). */
@Injectable()
export class ClosingStatementService {
  constructor(
    private readonly database: Database,
    private readonly repository: ClosingStatementRepository,
    private readonly closings: MonthClosingRepository,
    private readonly tickets: FigureRepository,
    private readonly billing: BillingFigureRepository,
    private readonly generations: GenerationService,
  ) {}

  /** Keeps the figures of the month as they are known at its closing. */
  async keep(tx: Tx, closing: MonthClosing): Promise<void> {
    const selection = await this.selectionOf(closing, closing.closedAt);
    const kept: (FigureLine<string> & { dimension: KeptDimension })[] = [];
    for (const dimension of STATEMENT_DIMENSIONS)
      kept.push(
        ...(await this.ticketLines(dimension)(tx, selection)).map((line) => ({ ...line, dimension })),
      );
    for (const line of await this.billing.lines(tx, selection)) kept.push({ ...line, dimension: 'currency' });
    await this.repository.keep(tx, closing, kept);
  }

  async ticketStatement(
    ctx: CallContext,
    id: string,
    { by, asOf }: TicketStatementQuery,
  ): Promise<TicketStatementDto> {
    const { closing, at, lines } = await this.compared(ctx, id, {
      ...{ asOf, dimension: by, names: MEASURE_NAMES },
      linesOf: this.ticketLines(by),
    });
    return {
      closing: closingDto(closing),
      asOf: at.toISOString(),
      by,
      rows: lines.map(({ value, figures }) => ({
        kind: by === 'kind' ? value : null,
        categoryCode: by === 'category' ? value : null,
        figures: mapped(figures, ({ asClosed, now, opens }) => ({
          ...{ asClosed: Number(asClosed), now: Number(now), correction: Number(now - asClosed), opens },
        })),
        rates: Object.fromEntries(
          RATE_NAMES.map((name) => {
            const [part, whole] = RATES[name];
            return [name, comparedRate(figures[part], figures[whole])];
          }),
        ) as TicketStatementDto['rows'][number]['rates'],
        ...addresses('tickets', closing, at, group(by, value)),
      })),
    };
  }

  async billingStatement(
    ctx: CallContext,
    id: string,
    { asOf }: BillingStatementQuery,
  ): Promise<BillingStatementDto> {
    const { closing, at, lines } = await this.compared(ctx, id, {
      ...{ asOf, dimension: 'currency', names: BILLING_MEASURES },
      linesOf: (tx, selection) => this.billing.lines(tx, selection),
    });
    return {
      closing: closingDto(closing),
      asOf: at.toISOString(),
      rows: lines.map(({ value, figures }) => {
        const currency = value!;
        const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency });
        return {
          currency,
          figures: mapped(figures, ({ asClosed, now, opens }) => ({
            ...{ asClosed: money(asClosed), now: money(now), correction: money(now - asClosed), opens },
          })),
          collectionRate: comparedRate(figures.collected, figures.owed),
          ...addresses('billing', closing, at, { currency }),
        };
      }),
    };
  }

  private ticketLines(by: StatementDimension): Lines<(typeof MEASURE_NAMES)[number]> {
    return (tx, selection) => this.tickets.lines(tx, selection, by === 'total' ? undefined : by);
  }

  private async compared<Name extends string>(
    ctx: CallContext,
    id: string,
    question: Readonly<{
      asOf: string | undefined;
      dimension: KeptDimension;
      names: readonly Name[];
      linesOf: Lines<Name>;
    }>,
  ) {
    const { asOf, dimension, names, linesOf } = question;
    const at = asOf === undefined ? ctx.now : new Date(asOf);
    return this.database.read(ctx.scope, async (tx) => {
      const closing = await this.closings.find(tx, id);
      if (!closing || !inScope(ctx.scope.read, closing)) throw closingUnknown();
      if (!closing.kept) throw figuresNotKept();
      const kept = await this.repository.kept<Name>(tx, id, dimension);
      const now = await linesOf(tx, await this.selectionOf(closing, at));
      const again = await linesOf(tx, await this.selectionOf(closing, closing.closedAt));
      return { closing, at, lines: comparedLines(names, { kept, now, again }) };
    });
  }

  /** The month by when it happened, so that what was recorded late is among it. */
  private async selectionOf({ branchId, timeZone, month }: MonthClosing, asOf: Date): Promise<Selection> {
    return {
      generation: await this.generations.active(),
      branches: [{ id: branchId, timeZone }],
      ...{ asOf, fromMonth: month, toMonth: month, happened: true },
    };
  }
}

const mapped = <Name extends string, To>(
  figures: Readonly<Record<Name, Compared>>,
  to: (figure: Compared) => To,
): Record<Name, To> =>
  Object.fromEntries(Object.entries<Compared>(figures).map(([name, figure]) => [name, to(figure)])) as Record<
    Name,
    To
  >;

function group(by: StatementDimension, value: string | null): Record<string, string> {
  if (by === 'kind' && value !== null) return { kind: value };
  if (by === 'category') return value === null ? { withoutCategory: 'true' } : { categoryCode: value };
  return {};
}

/** The questions that give the records behind the figures: as they are known now, and judged at the closing. */
function addresses(
  of: 'tickets' | 'billing',
  { branchId, month, closedAt }: MonthClosing,
  asOf: Date,
  part: Readonly<Record<string, string>>,
): Readonly<{ records: string; recordsAsClosed: string }> {
  const address = (at: Date): string => {
    const asked = { branchId, fromMonth: month, toMonth: month, happened: true, asOf: at.toISOString() };
    return recordsAddress(of, { ...asked, ...part });
  };
  return { records: address(asOf), recordsAsClosed: address(closedAt) };
}
