import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { MonthClosingsQuery } from './month-closing.dto.js';

export type MonthClosing = Readonly<{
  id: string;
  branchId: string;
  month: string;
  timeZone: string;
  closedAt: Date;
  closedBy: string;
}>;

const COLUMNS = `id, branch_id "branchId", month, time_zone "timeZone", closed_at "closedAt", closed_by "closedBy"`;

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
