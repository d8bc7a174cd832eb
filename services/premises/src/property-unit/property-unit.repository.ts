import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import { writtenCode } from './unit-code.rules.js';
import type { PropertyUnitDto, PropertyUnitsQuery } from './property-unit.dto.js';

export type PropertyUnit = PropertyUnitDto;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", building_id "buildingId", code, entrance, floor, door, use,
  area::text area, title_status "titleStatus", equipment, active, version`;
const EQUALS = {
  branchId: 'branch_id',
  siteId: 'site_id',
  buildingId: 'building_id',
  use: 'use',
  active: 'active',
} as const;

/** All SQL of property units. */
@Injectable()
export class PropertyUnitRepository {
  async find(tx: Tx, id: string): Promise<PropertyUnit | null> {
    const [row] = await tx.query<PropertyUnit>(`select ${COLUMNS} from property_unit where id = $1`, [id]);
    return row ?? null;
  }

  async byCode(tx: Tx, siteId: string, code: string): Promise<PropertyUnit | null> {
    const [row] = await tx.query<PropertyUnit>(
      `select ${COLUMNS} from property_unit where site_id = $1 and code = $2`,
      [siteId, code],
    );
    return row ?? null;
  }

  /** Locks the unit until the end of the transaction: its facts, also of who lives there, come one after another. */
  async lock(tx: Tx, id: string): Promise<PropertyUnit | null> {
    const [row] = await tx.query<PropertyUnit>(
      `select ${COLUMNS} from property_unit where id = $1 for update`,
      [id],
    );
    return row ?? null;
  }

  /** Gives false when the site has a unit with this code. */
  async add(tx: Tx, unit: PropertyUnit): Promise<boolean> {
    const rows = await tx.query(
      `insert into property_unit (id, branch_id, site_id, building_id, code, entrance, floor, door, use, area, title_status,
         equipment, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
       on conflict (branch_id, site_id, code) do nothing returning id`,
      [
        unit.id,
        unit.branchId,
        unit.siteId,
        unit.buildingId,
        unit.code,
        unit.entrance,
        unit.floor,
        unit.door,
        unit.use,
        unit.area,
        unit.titleStatus,
        unit.equipment,
      ],
    );
    return rows.length > 0;
  }

  async update(
    tx: Tx,
    { id, use, area, titleStatus, equipment, active, version }: PropertyUnit,
  ): Promise<void> {
    await tx.query(
      `update property_unit set use = $2, area = $3, title_status = $4, equipment = $5, active = $6, version = $7 where id = $1`,
      [id, use, area, titleStatus, equipment, active, version],
    );
  }

  async list(tx: Tx, query: PropertyUnitsQuery): Promise<Page<PropertyUnit>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.ids !== undefined) where.push(`id = any ($${values.push(query.ids)})`);
    if (query.code !== undefined) {
      const start = writtenCode(query.code);
      where.push(`code like $${values.push(`${start.replaceAll(/[\\%_]/g, '\\$&')}%`)}`);
    }
    const page = keyset(
      query,
      { code: { column: 'code', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<PropertyUnit & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from property_unit where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...unit }) => unit);
  }
}
