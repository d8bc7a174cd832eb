import { Injectable } from '@nestjs/common';
import { moneyToJson } from '@steward/kernel';
import { keyset, pageOf, type KeyedRow, type ListQuery, type Page, type Tx } from '@steward/platform';
import type { Draft, Problem } from './assessment.js';
import type {
  RunExceptionDto,
  RunExceptionsQuery,
  RunLineDto,
  RunLinesQuery,
  RunsQuery,
} from './billing-run.dto.js';
import type { BillingRun } from './billing-run.js';

const COLUMNS = `id, branch_id "branchId", period, items, dry_run "dryRun", accept_gaps "acceptGaps", state, plan, step,
  position, looked_at "lookedAt", charges, exceptions, totals, error, requested_by "requestedBy",
  requested_at "requestedAt", completed_at "completedAt", version`;
const EQUALS = { branchId: 'branch_id', period: 'period', state: 'state' } as const;

/** All SQL of billing runs. */
@Injectable()
export class BillingRunRepository {
  /** Adds a run, or gives the open one with the same wish: a second click starts nothing. */
  async start(tx: Tx, run: BillingRun): Promise<{ run: BillingRun; fresh: boolean }> {
    const [added] = await tx.query<BillingRun>(
      `insert into billing_run (id, branch_id, period, items, dry_run, accept_gaps, state, requested_by, requested_at, version)
       values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, 1)
       on conflict (branch_id, period, items, dry_run) where state in ('waiting', 'running') do nothing returning ${COLUMNS}`,
      [
        run.id,
        run.branchId,
        run.period,
        run.items,
        run.dryRun,
        run.acceptGaps,
        run.requestedBy,
        run.requestedAt,
      ],
    );
    if (added) return { run: added, fresh: true };
    const [open] = await tx.query<BillingRun>(
      `select ${COLUMNS} from billing_run where branch_id = $1 and period = $2 and items is not distinct from $3
         and dry_run = $4 order by requested_at desc limit 1`,
      [run.branchId, run.period, run.items, run.dryRun],
    );
    return { run: open!, fresh: false };
  }

  /** The open run that was asked for first. */
  async next(tx: Tx): Promise<Pick<BillingRun, 'id' | 'branchId' | 'requestedAt'> | null> {
    const [row] = await tx.query<BillingRun>(
      `select id, branch_id "branchId", requested_at "requestedAt" from billing_run
       where state in ('waiting', 'running') order by requested_at, id limit 1`,
    );
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<BillingRun | null> {
    const [row] = await tx.query<BillingRun>(`select ${COLUMNS} from billing_run where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<BillingRun | null> {
    const sql = `select ${COLUMNS} from billing_run where id = $1 for update`;
    const [row] = await tx.query<BillingRun>(sql, [id]);
    return row ?? null;
  }

  async save(tx: Tx, run: BillingRun): Promise<void> {
    await tx.query(
      `update billing_run set state = $2, plan = $3, step = $4, position = $5, looked_at = $6, charges = $7,
         exceptions = $8, totals = $9, error = $10, completed_at = $11, version = $12 where id = $1`,
      [
        run.id,
        run.state,
        run.plan,
        run.step,
        run.position,
        run.lookedAt,
        run.charges,
        run.exceptions,
        JSON.stringify(run.totals),
        run.error,
        run.completedAt,
        run.version,
      ],
    );
  }

  async addProblems(tx: Tx, run: BillingRun, code: string, problems: readonly Problem[]): Promise<void> {
    if (problems.length === 0) return;
    await tx.query(
      `insert into billing_exception (run_id, number, id, branch_id, fee_item_code, property_unit_id, meter_id, code,
         detail, service_from, service_to)
       select $2, $3 + at, gen_random_uuid(), $4, $5, (one ->> 'propertyUnitId')::uuid, (one ->> 'meterId')::uuid,
         one ->> 'code', one ->> 'detail', (one ->> 'from')::date, (one ->> 'to')::date
       from jsonb_array_elements($1::jsonb) with ordinality given (one, at)`,
      [JSON.stringify(problems), run.id, run.exceptions, run.branchId, code],
    );
  }

  /** What a dry run would charge. */
  async addLines(tx: Tx, run: BillingRun, code: string, drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) return;
    const lines = drafts.map((draft) => ({
      ...draft,
      amount: String(draft.amount.minor),
      currency: draft.amount.currency,
    }));
    await tx.query(
      `insert into billing_run_line (run_id, number, id, branch_id, fee_item_code, customer_id, property_unit_id, meter_id,
         service_from, service_to, amount_minor, currency, explanation)
       select $2, $3 + at, gen_random_uuid(), $4, $5, (one ->> 'customerId')::uuid, (one ->> 'propertyUnitId')::uuid,
         (one ->> 'meterId')::uuid, (one ->> 'serviceFrom')::date, (one ->> 'serviceTo')::date,
         (one ->> 'amount')::bigint, one ->> 'currency', one -> 'explanation'
       from jsonb_array_elements($1::jsonb) with ordinality given (one, at)`,
      [JSON.stringify(lines), run.id, run.charges, run.branchId, code],
    );
  }

  async list(tx: Tx, query: RunsQuery): Promise<Page<BillingRun>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(
      query,
      { requestedAt: { column: 'requested_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<BillingRun & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from billing_run where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, (row) => row);
  }

  async exceptions(tx: Tx, runId: string, query: RunExceptionsQuery): Promise<Page<RunExceptionDto>> {
    const values: unknown[] = [runId];
    const where = ['run_id = $1'];
    if (query.code !== undefined) where.push(`code = $${values.push(query.code)}`);
    const page = numbered(query, values);
    const rows = await tx.query<RunExceptionDto & KeyedRow>(
      `select id, number, fee_item_code "feeItemCode", property_unit_id "propertyUnitId", meter_id "meterId", code,
         detail, service_from::text "serviceFrom", service_to::text "serviceTo", ${page.select}
       from billing_exception where ${[...where, page.where].join(' and ')} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => row);
  }

  async lines(tx: Tx, runId: string, query: RunLinesQuery): Promise<Page<RunLineDto>> {
    const values: unknown[] = [runId];
    const page = numbered(query, values);
    const rows = await tx.query<Omit<RunLineDto, 'amount'> & { minor: string; currency: string } & KeyedRow>(
      `select id, number, customer_id "customerId", property_unit_id "propertyUnitId", meter_id "meterId",
         fee_item_code "feeItemCode", service_from::text "serviceFrom", service_to::text "serviceTo",
         amount_minor::text minor, currency, explanation, ${page.select}
       from billing_run_line where run_id = $1 and ${page.where} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, minor, currency, ...row }) => ({
      ...row,
      amount: moneyToJson({ minor: BigInt(minor), currency }),
    }));
  }
}

const numbered = (query: ListQuery<'number'>, values: readonly unknown[]) =>
  keyset(
    query,
    { number: { column: 'number', type: 'integer' } },
    { id: 'id', firstParameter: values.length + 1 },
  );
