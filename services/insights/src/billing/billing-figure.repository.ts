import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { BranchZone } from '../figure/branch-zone.js';
import { MAX_ROWS, type FigureLine } from '../figure/figure.rules.js';
import type { BillingRecordsQuery } from './billing-figure.dto.js';
import {
  BILLING_MEASURES,
  FLOW_NAMES,
  FLOWS,
  STATE_NAMES,
  STATES,
  type BillingDimension,
  type BillingMeasure,
  type Flow,
} from './billing-figure.rules.js';

export type BillingSelection = Readonly<{
  generation: number;
  branches: readonly BranchZone[];
  asOf: Date;
  fromMonth?: string | undefined;
  toMonth?: string | undefined;
  currency?: string | undefined;
  /** Months by when it happened, late facts among them; else a late fact stands beside the month in which it was recorded. */
  happened?: boolean | undefined;
}>;

/** Sums in minor units; null where nothing was counted. */
export type BillingRow = Readonly<{ branch?: string; month?: string; currency: string }> &
  Readonly<Record<BillingMeasure | `late_${Flow}`, string | null>>;

export type StoredRecord = Readonly<{
  kind: string;
  recordId: string;
  chargeId: string | null;
  accountId: string;
  branchId: string;
  ticketId: string | null;
  number: string | null;
  about: string | null;
  amount: string;
  currency: string;
  dueOn: string | null;
  statedOn: string | null;
  occurredAt: Date;
  recordedAt: Date;
  late: boolean;
}>;

const COLUMNS: Readonly<Record<BillingDimension, string>> = { branch: 'l.branch_id', month: 'l.month' };

// $1 generation, $2 branch ids, $3 their zones, $4 the time the figures are judged at.
const BRANCHES = 'unnest($2::uuid[], $3::text[]) b(id, zone)';
const FACT = `f.event_id, f.kind, f.record_id, f.charge_id, f.account_id, f.branch_id, f.ticket_id, f.number, f.about, f.amount,
  f.currency, f.due_on, f.stated_on, f.occurred_at, f.recorded_at, f.late, f.counted_at`;
const KINDS = Object.values(FLOWS)
  .flat()
  .map((kind) => `'${kind}'`)
  .join(', ');
const FLOW_OF = `case ${FLOW_NAMES.map((flow) => `when f.kind in (${FLOWS[flow].map((k) => `'${k}'`).join(', ')}) then '${flow}'`).join(' ')} end`;

/**
 * Every amount that a figure is made of, with the measure that it counts in: facts for what happened, charges for what
 * stands. The same lines are summed and opened, so a figure and its records cannot differ (GRP-02).
 */
const linesOf = ({ happened = false }: BillingSelection): string => `with fact as (
  select ${FACT}, to_char(${happened ? 'f.occurred_at' : 'f.counted_at'} at time zone b.zone, 'YYYY-MM') as month, ($4::timestamptz at time zone b.zone)::date as today
  from ${BRANCHES} join billing_fact f on f.generation = $1 and f.branch_id = b.id and f.counted_at <= $4::timestamptz
), settled as (
  select f.charge_id, sum(f.amount) filter (where f.kind in ('charge-reversal', 'credit')) as taken,
    sum(f.amount) filter (where f.kind = 'settlement') as collected
  from fact f where f.kind in ('charge-reversal', 'credit', 'settlement') group by f.charge_id
), standing as (
  select f.*, f.amount + coalesce(s.taken, 0) as owed, coalesce(s.collected, 0) as collected, f.today - f.due_on as days
  from fact f left join settled s using (charge_id) where f.kind = 'charge'
), line as (
  select ${FACT}, f.month, ${FLOW_OF} as measure, f.amount as counted from fact f where f.kind in (${KINDS})
  union all
  select ${FACT.replaceAll('f.', 'c.')}, c.month, m.measure, m.counted from standing c cross join lateral
    (values ${STATE_NAMES.map((state) => `('${state}', ${STATES[state]})`).join(', ')}) m(measure, counted)
  where m.counted <> 0
)`;

const RECORD = `l.kind, l.record_id "recordId", l.charge_id "chargeId", l.account_id "accountId", l.branch_id "branchId",
  l.ticket_id "ticketId", l.number, l.about, l.counted amount, l.currency, l.due_on::text "dueOn", l.stated_on::text "statedOn",
  l.occurred_at "occurredAt", l.recorded_at "recordedAt", l.late`;

const isFlow = (measure: BillingMeasure): measure is Flow => measure in FLOWS;
/** Late facts are no part of what happened in a period: they stand beside it. What stands at a time holds all that is known. */
const sumOf = (measure: BillingMeasure): string =>
  `sum(l.counted) filter (where l.measure = '${measure}'${isFlow(measure) ? ' and not l.late' : ''}) as "${measure}"`;

/** The SQL of billing figures. */
@Injectable()
export class BillingFigureRepository {
  async figures(tx: Tx, selection: BillingSelection, by: readonly BillingDimension[]): Promise<BillingRow[]> {
    const { where, values } = conditions(selection);
    const sums = [
      ...BILLING_MEASURES.map(sumOf),
      ...FLOW_NAMES.map(
        (flow) => `sum(l.counted) filter (where l.measure = '${flow}' and l.late) as "late_${flow}"`,
      ),
    ];
    const columns = [...by.map((dimension) => `${COLUMNS[dimension]} as ${dimension}`), 'l.currency'];
    const places = columns.map((_, i) => i + 1).join(', ');
    return tx.query<BillingRow>(
      `${linesOf(selection)} select ${[...columns, ...sums].join(', ')} from line l where ${where.join(' and ')}
       group by ${places} order by ${places} limit ${MAX_ROWS + 1}`,
      values,
    );
  }

  /** The figures of each currency, late facts among them, each with a digest of its records. */
  async lines(tx: Tx, selection: BillingSelection): Promise<FigureLine<BillingMeasure>[]> {
    const { where, values } = conditions(selection);
    const all = (sql: (condition: string) => string): string =>
      BILLING_MEASURES.map((name) => `'${name}', ${sql(`l.measure = '${name}'`)}`).join(', ');
    const sums = all((condition) => `coalesce(sum(l.counted) filter (where ${condition}), 0)::text`);
    const digests = all(
      (condition) =>
        `md5(string_agg(concat(l.event_id, ' ', l.counted), ',' order by l.event_id) filter (where ${condition}))`,
    );
    return tx.query<FigureLine<BillingMeasure>>(
      `${linesOf(selection)} select l.currency as value, jsonb_build_object(${sums}) as figures,
         jsonb_build_object(${digests}) as digests
       from line l where ${where.join(' and ')} group by 1 order by 1`,
      values,
    );
  }

  async records(
    tx: Tx,
    selection: BillingSelection,
    query: BillingRecordsQuery,
  ): Promise<Page<StoredRecord>> {
    const { where, values } = conditions(selection);
    where.push(`l.measure = $${values.push(query.measure)}`);
    if (isFlow(query.measure) && (query.late || !selection.happened))
      where.push(`l.late = $${values.push(query.late)}`);
    const columns = { countedAt: { column: 'l.counted_at', type: 'timestamptz' } } as const;
    const page = keyset(query, columns, { id: 'l.event_id', firstParameter: values.length + 1 });
    const rows = await tx.query<StoredRecord & KeyedRow>(
      `${linesOf(selection)} select ${RECORD}, ${page.select} from line l where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...record }) => record);
  }
}

function conditions({
  generation,
  branches,
  asOf,
  fromMonth,
  toMonth,
  currency,
}: BillingSelection): Readonly<{ where: string[]; values: unknown[] }> {
  const values: unknown[] = [generation, branches.map((b) => b.id), branches.map((b) => b.timeZone), asOf];
  const where = ['true'];
  const add = (value: unknown, sql: (parameter: string) => string): void => {
    if (value !== undefined) where.push(sql(`$${values.push(value)}`));
  };
  add(fromMonth, (p) => `l.month >= ${p}`);
  add(toMonth, (p) => `l.month <= ${p}`);
  add(currency, (p) => `l.currency = ${p}`);
  return { where, values };
}
