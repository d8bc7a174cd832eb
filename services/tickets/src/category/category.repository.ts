import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { CategoriesQuery } from './category.dto.js';
import { Category } from './category.entity.js';

const COLUMNS = 'id, branch_id "branchId", code, name, kind, active, version';

/** All SQL of categories. */
@Injectable()
export class CategoryRepository {
  async byCode(tx: Tx, branchId: string, code: string): Promise<Category | null> {
    return tx.manager.findOneBy(Category, { branchId, code });
  }

  async lock(tx: Tx, id: string): Promise<Category | null> {
    return tx.manager.findOne(Category, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Codes of the branch's active categories among the given ones. */
  async activeCodes(tx: Tx, branchId: string, codes: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ code: string }>(
      'select code from category where branch_id = $1 and code = any($2) and active',
      [branchId, codes],
    );
    return rows.map((row) => row.code);
  }

  /** Adds what is not there yet, in an order that no other transaction crosses; gives the rows that are new. */
  async addMissing(tx: Tx, categories: readonly Category[]): Promise<Category[]> {
    return tx.query<Category>(
      `insert into category (id, branch_id, code, name, kind, active, version)
       select id, branch_id, code, name, kind, true, 1
       from jsonb_to_recordset($1::jsonb) as r(id uuid, branch_id uuid, code text, name text, kind text)
       order by branch_id, code
       on conflict (branch_id, code) do nothing returning ${COLUMNS}`,
      [JSON.stringify(categories.map(({ branchId, ...row }) => ({ ...row, branch_id: branchId })))],
    );
  }

  async update(tx: Tx, category: Category): Promise<void> {
    const { id, ...rest } = category;
    await tx.manager.update(Category, { id }, rest);
  }

  async list(tx: Tx, query: CategoriesQuery): Promise<Page<Category>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.active !== undefined) where.push(`active = $${values.push(query.active)}`);
    const page = keyset(
      query,
      { code: { column: 'code', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Category & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from category where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...category }) => category);
  }
}
