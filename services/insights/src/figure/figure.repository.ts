import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { BranchZone } from './branch-zone.js';
import type { RecordDto, RecordsQuery } from './figure.dto.js';
import { MEASURE_NAMES, MEASURES, type Dimension, type FigureLine, type Measure } from './figure.rules.js';

export type Selection = Readonly<{
  generation: number;
  branches: readonly BranchZone[];
  asOf: Date;
  fromMonth?: string | undefined;
  toMonth?: string | undefined;
  /** Months by when it happened, also of what was recorded late; else a late fact counts where it was recorded. */
  happened?: boolean | undefined;
  categoryCode?: string | undefined;
  withoutCategory?: boolean | undefined;
  channel?: string | undefined;
  kind?: string | undefined;
  source?: string | undefined;
}>;

/** Counts of one group. A dimension that was not asked for is absent; null stands for tickets without a category. */
export type FigureRow = Readonly<Record<Measure, string> & Partial<Record<Dimension, string | null>>>;

const monthOf = (column: string): string => `to_char(${column} at time zone b.zone, 'YYYY-MM')`;
const COLUMNS: Readonly<Record<Dimension, string>> = {
  branch: 'f.branch_id',
  category: 'f.category_code',
  channel: 'f.channel',
  kind: 'f.kind',
  month: monthOf('f.counted_at'),
};

const RECORD = `f.ticket_id "ticketId", f.branch_id "branchId", f.number, f.kind, f.channel, f.category_code "categoryCode",
  f.source, f.external_id "externalId", f.received_at "receivedAt", f.due_at "dueAt", f.due_missing "dueMissing",
  f.completed_at "completedAt", f.cancelled_at "cancelledAt", f.on_time "onTime"`;

// $1 generation, $2 branch ids, $3 their zones, $4 the time the figures are judged at. Naming the branches lets the index
// do the work; row-level security still decides what is seen.
const FROM = `from unnest($2::uuid[], $3::text[]) b(id, zone) join ticket_fact f on f.generation = $1 and f.branch_id = b.id
  left join (select ticket_id, min(scheduled_at) as scheduled_at,
      min(recorded_at) filter (where result <> 'unreachable') as called_back_at
    from callback_fact where generation = $1 and branch_id = any($2::uuid[]) group by ticket_id) k on k.ticket_id = f.ticket_id`;
const measure = (name: Measure): string => MEASURES[name].replaceAll('$asOf', '$4::timestamptz');
const counted = (name: Measure): string => `'${name}', (count(*) filter (where ${measure(name)}))::text`;
const digest = (name: Measure): string =>
  `'${name}', md5(string_agg(f.ticket_id::text, ',' order by f.ticket_id) filter (where ${measure(name)}))`;

/** The SQL of figures: one set of conditions for counting and for opening. */
@Injectable()
export class FigureRepository {
  async figures(tx: Tx, selection: Selection, by: readonly Dimension[]): Promise<FigureRow[]> {
    const { where, values } = conditions(selection);
    const counts = MEASURE_NAMES.map((name) => `count(*) filter (where ${measure(name)}) as "${name}"`).join(
      ', ',
    );
    const columns = by.map((dimension) => `${COLUMNS[dimension]} as ${dimension}`);
    const order = by.map((_, i) => `${i + 1} nulls first`).join(', ');
    return tx.query<FigureRow>(
      `select ${[...columns, counts].join(', ')} ${FROM} where ${where.join(' and ')}
       ${by.length > 0 ? `group by ${by.map((_, i) => i + 1).join(', ')} order by ${order}` : ''}`,
      values,
    );
  }

  /** The figures, in total or by one dimension, each with a digest of its tickets. */
  async lines(tx: Tx, selection: Selection, by?: Dimension): Promise<FigureLine<Measure>[]> {
    const { where, values } = conditions(selection);
    return tx.query<FigureLine<Measure>>(
      `select ${by ? COLUMNS[by] : 'null::text'} as value, jsonb_build_object(${MEASURE_NAMES.map(counted).join(', ')}) as figures,
         jsonb_build_object(${MEASURE_NAMES.map(digest).join(', ')}) as digests
       ${FROM} where ${where.join(' and ')} ${by ? 'group by 1' : ''} order by 1 nulls first`,
      values,
    );
  }

  async records(tx: Tx, selection: Selection, name: Measure, query: RecordsQuery): Promise<Page<RecordDto>> {
    const { where, values } = conditions(selection);
    const columns = { receivedAt: { column: 'f.counted_at', type: 'timestamptz' } } as const;
    const page = keyset(query, columns, { id: 'f.ticket_id', firstParameter: values.length + 1 });
    const rows = await tx.query<Record<string, unknown> & KeyedRow>(
      `select ${RECORD}, ${page.select} ${FROM} where ${[...where, `(${measure(name)})`, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(
      rows,
      query,
      ({ cursor_key: _key, cursor_id: _id, ...record }) => record as unknown as RecordDto,
    );
  }
}

function conditions(selection: Selection): { where: string[]; values: unknown[] } {
  const { generation, branches, asOf, happened = false } = selection;
  const month = monthOf(happened ? 'f.received_at' : 'f.counted_at');
  const values: unknown[] = [generation, branches.map((b) => b.id), branches.map((b) => b.timeZone), asOf];
  const where = ['f.counted_at <= $4::timestamptz'];
  const add = (value: unknown, sql: (parameter: string) => string): void => {
    if (value !== undefined) where.push(sql(`$${values.push(value)}`));
  };
  // The bounds without a zone come first, for the index; a month starts at most 14 hours apart from UTC's. Nothing counts
  // before it happened, so the lower bound holds for both.
  add(
    selection.fromMonth,
    (p) => `f.counted_at >= (${p} || '-01')::timestamp at time zone 'UTC' - interval '1 day'`,
  );
  add(selection.fromMonth, (p) => `${month} >= ${p}`);
  add(
    happened ? undefined : selection.toMonth,
    (p) =>
      `f.counted_at < ((${p} || '-01')::date + interval '1 month') at time zone 'UTC' + interval '1 day'`,
  );
  add(selection.toMonth, (p) => `${month} <= ${p}`);
  add(selection.categoryCode, (p) => `f.category_code = ${p}`);
  add(selection.channel, (p) => `f.channel = ${p}`);
  add(selection.kind, (p) => `f.kind = ${p}`);
  add(selection.source, (p) => `f.source = ${p}`);
  if (selection.withoutCategory) where.push('f.category_code is null');
  return { where, values };
}
