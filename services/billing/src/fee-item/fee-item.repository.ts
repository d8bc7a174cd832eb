import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { FeeItemDto, FeeItemsQuery } from './fee-item.dto.js';

export type FeeItem = FeeItemDto;

const COLUMNS = `id, branch_id "branchId", code, name, kind, medium, uses, payer, due_days "dueDays", active, version`;
const EQUALS = { branchId: 'branch_id', kind: 'kind', active: 'active' } as const;

/** All SQL of fee items. */
@Injectable()
export class FeeItemRepository {
  async find(tx: Tx, id: string): Promise<FeeItem | null> {
    const [row] = await tx.query<FeeItem>(`select ${COLUMNS} from fee_item where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<FeeItem | null> {
    const [row] = await tx.query<FeeItem>(`select ${COLUMNS} from fee_item where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** Active items of a branch by code, for a run: all, or those named. */
  async active(tx: Tx, branchId: string, codes: readonly string[] | null): Promise<FeeItem[]> {
    return tx.query<FeeItem>(
      `select ${COLUMNS} from fee_item where branch_id = $1 and active and ($2::text[] is null or code = any($2))
       order by code`,
      [branchId, codes],
    );
  }

  /** Gives false when the branch has the code. */
  async add(tx: Tx, item: FeeItem): Promise<boolean> {
    const rows = await tx.query(
      `insert into fee_item (id, branch_id, code, name, kind, medium, uses, payer, due_days, active, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, 1) on conflict (branch_id, code) do nothing returning id`,
      [
        item.id,
        item.branchId,
        item.code,
        item.name,
        item.kind,
        item.medium,
        item.uses,
        item.payer,
        item.dueDays,
      ],
    );
    return rows.length > 0;
  }

  async update(tx: Tx, { id, name, uses, payer, dueDays, active, version }: FeeItem): Promise<void> {
    await tx.query(
      `update fee_item set name = $2, uses = $3, payer = $4, due_days = $5, active = $6, version = $7 where id = $1`,
      [id, name, uses, payer, dueDays, active, version],
    );
  }

  async list(tx: Tx, query: FeeItemsQuery): Promise<Page<FeeItem>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(
      query,
      { code: { column: 'code', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<FeeItem & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from fee_item where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...item }) => item);
  }
}
