import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import { writtenCode } from '../property-unit/unit-code.rules.js';
import type { BuildingDto, BuildingsQuery } from './building.dto.js';

export type Building = BuildingDto;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", code, name, storeys, built_in "builtIn", details, active, version`;
const EQUALS = { branchId: 'branch_id', siteId: 'site_id', code: 'code', active: 'active' } as const;

/** All SQL of buildings. */
@Injectable()
export class BuildingRepository {
  async find(tx: Tx, id: string): Promise<Building | null> {
    const [row] = await tx.query<Building>(`select ${COLUMNS} from building where id = $1`, [id]);
    return row ?? null;
  }

  async byCode(tx: Tx, siteId: string, code: string): Promise<Building | null> {
    const [row] = await tx.query<Building>(
      `select ${COLUMNS} from building where site_id = $1 and code = $2`,
      [siteId, code],
    );
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Building | null> {
    const [row] = await tx.query<Building>(`select ${COLUMNS} from building where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** Gives false when the site has a building with this code. */
  async add(tx: Tx, building: Building): Promise<boolean> {
    const { id, branchId, siteId, code, name, storeys, builtIn, details } = building;
    const rows = await tx.query(
      `insert into building (id, branch_id, site_id, code, name, storeys, built_in, details, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 1) on conflict (branch_id, site_id, code) do nothing returning id`,
      [id, branchId, siteId, code, name, storeys, builtIn, JSON.stringify(details)],
    );
    return rows.length > 0;
  }

  async update(tx: Tx, { id, name, storeys, builtIn, details, active, version }: Building): Promise<void> {
    await tx.query(
      `update building set name = $2, storeys = $3, built_in = $4, details = $5, active = $6, version = $7 where id = $1`,
      [id, name, storeys, builtIn, JSON.stringify(details), active, version],
    );
  }

  async list(tx: Tx, query: BuildingsQuery): Promise<Page<Building>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const given = query[field as keyof typeof EQUALS];
      const value = field === 'code' && typeof given === 'string' ? writtenCode(given) : given;
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(
      query,
      { code: { column: 'code', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Building & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from building where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...building }) => building);
  }
}
