import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { MonthClosingsQuery } from './month-closing.dto.js';
import type { KnownClosing } from './month-closing.rules.js';

export type MonthClosing = Readonly<{
  id: string;
  branchId: string;
  month: string;
  timeZone: string;
  closedAt: Date;
  closedBy: string;
}>;

const COLUMNS = `id, branch_id "branchId", month, time_zone "timeZone", closed_at "closedAt", closed_by "closedBy"`;

type Found = MonthClosing & Readonly<{ kept: boolean }>;
type Place = Readonly<{ branch?: string | null; month?: string | null }>;

const KEPT = 'exists (select from month_closing_figure f where f.closing_id = c.id) kept';

/** All SQL of closed months. */
@Injectable()
export class MonthClosingRepository {
  /** Gives false when the month is closed already. */
  async add(tx: Tx, closing: MonthClosing): Promise<boolean> {
    const { id, branchId, month, timeZone, closedAt, closedBy } = closing;
    const rows = await tx.query(
      `insert into month_closing (id, branch_id, month, time_zone, closed_at, closed_by) values ($1, $2, $3, $4, $5, $6)
       on conflict (branch_id, month) do nothing returning id`,
      [id, branchId, month, timeZone, closedAt, closedBy],
    );
    return rows.length > 0;
  }

  async find(tx: Tx, id: string): Promise<Found | undefined> {
    const [found] = await tx.query<Found>(`select ${COLUMNS}, ${KEPT} from month_closing c where id = $1`, [
      id,
    ]);
    return found;
  }

  /** Tells for rows of figures whether their months are closed; rows that are not of one branch and month have none. */
  async closingsOf(tx: Tx, rows: readonly Place[]): Promise<(row: Place) => KnownClosing | undefined> {
    const places = new Map(
      rows.flatMap(({ branch, month }) =>
        branch && month ? [[`${branch} ${month}`, [branch, month] as const] as const] : [],
      ),
    );
    if (places.size === 0) return () => undefined;
    const found = await tx.query<Found>(
      `select ${COLUMNS}, ${KEPT} from month_closing c
       where (branch_id, month) in (select * from unnest($1::uuid[], $2::text[]))`,
      [[...places.values()].map(([branch]) => branch), [...places.values()].map(([, month]) => month)],
    );
    const known = new Map(found.map((closing) => [`${closing.branchId} ${closing.month}`, closing]));
    return ({ branch, month }) => known.get(`${branch} ${month}`);
  }

  async list(tx: Tx, query: MonthClosingsQuery): Promise<Page<MonthClosing>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.month !== undefined) where.push(`month = $${values.push(query.month)}`);
    const page = keyset(
      query,
      { month: { column: 'month', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<MonthClosing & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from month_closing where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...closing }) => closing);
  }
}
