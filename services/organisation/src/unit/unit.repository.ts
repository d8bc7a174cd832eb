import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { UnitsQuery } from './unit.dto.js';
import { Unit } from './unit.entity.js';

const COLUMNS = `id, kind, parent_id "parentId", branch_id "branchId", code, name, time_zone "timeZone", locale,
  calendar_id "calendarId", active, version`;

const SORTS = { code: { column: 'code', type: 'text' }, name: { column: 'name', type: 'text' } } as const;

const EQUALS = {
  kind: 'kind',
  parentId: 'parent_id',
  branchId: 'branch_id',
  code: 'code',
  active: 'active',
} as const;

/** All SQL of units. */
@Injectable()
export class UnitRepository {
  async find(tx: Tx, id: string): Promise<Unit | null> {
    return tx.manager.findOneBy(Unit, { id });
  }

  /** The unit, locked until the end of the transaction. */
  async lock(tx: Tx, id: string): Promise<Unit | null> {
    return tx.manager.findOne(Unit, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async byIds(tx: Tx, ids: readonly string[]): Promise<Unit[]> {
    return tx.query<Unit>(`select ${COLUMNS} from unit where id = any($1)`, [ids]);
  }

  /** Groups, regions and branches with these codes, and sites whose code is unique in what the caller sees. */
  async byCodes(tx: Tx, codes: readonly string[]): Promise<Unit[]> {
    return tx.query<Unit>(`select ${COLUMNS} from unit where code = any($1)`, [codes]);
  }

  async group(tx: Tx): Promise<Unit | null> {
    return tx.manager.findOneBy(Unit, { kind: 'group' });
  }

  /** The unit and all above it, from the top down. */
  async pathOf(tx: Tx, id: string): Promise<Unit[]> {
    return tx.query<Unit>(
      `with recursive path as (
         select u.*, 0 as height from unit u where id = $1
         union all
         select u.*, p.height + 1 from unit u join path p on u.id = p.parent_id)
       select ${COLUMNS} from path order by height desc`,
      [id],
    );
  }

  /** Ids of the branches directly below a unit. */
  async branchesBelow(tx: Tx, id: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      "select id from unit where parent_id = $1 and kind = 'branch'",
      [id],
    );
    return rows.map((row) => row.id);
  }

  async openBelow(tx: Tx, id: string): Promise<number> {
    const [row] = await tx.query<{ n: number }>(
      'select count(*)::int n from unit where parent_id = $1 and active',
      [id],
    );
    return row!.n;
  }

  /** Adds a unit; gives false when its code is taken. `above` are the ids of the units above it, for a branch. */
  async add(tx: Tx, unit: Unit, above: readonly string[]): Promise<boolean> {
    const added = await tx.query(
      `insert into unit (id, kind, parent_id, branch_id, code, name, time_zone, locale, calendar_id, active, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning 1`,
      [
        unit.id,
        unit.kind,
        unit.parentId,
        unit.branchId,
        unit.code,
        unit.name,
        unit.timeZone,
        unit.locale,
        unit.calendarId,
        unit.active,
        unit.version,
      ],
    );
    if (added.length === 0) return false;
    if (unit.kind === 'branch')
      await tx.query('insert into unit_above (unit_id, branch_id) select unnest($1::uuid[]), $2', [
        above,
        unit.id,
      ]);
    return true;
  }

  async update(tx: Tx, unit: Unit): Promise<void> {
    const { id, ...rest } = unit;
    await tx.manager.update(Unit, { id }, rest);
  }

  async list(tx: Tx, query: UnitsQuery): Promise<Page<Unit>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(query, SORTS, { id: 'id', firstParameter: values.length + 1 });
    const rows = await tx.query<Unit & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from unit where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...unit }) => unit);
  }
}
