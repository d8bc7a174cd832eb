import { Injectable } from '@nestjs/common';
import { keyset, numberIs, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { MeterDto, MetersQuery } from './meter.dto.js';

export type Meter = MeterDto;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", building_id "buildingId", property_unit_id "propertyUnitId",
  serial, medium, measure, multiplier::text multiplier, digits, installed_on::text "installedOn",
  opening_reading::text "openingReading", removed_on::text "removedOn", closing_reading::text "closingReading",
  replaces_meter_id "replacesMeterId", version`;
const EQUALS = {
  branchId: 'branch_id',
  siteId: 'site_id',
  buildingId: 'building_id',
  propertyUnitId: 'property_unit_id',
  medium: 'medium',
} as const;

/** All SQL of meters. */
@Injectable()
export class MeterRepository {
  async find(tx: Tx, id: string): Promise<Meter | null> {
    const [row] = await tx.query<Meter>(`select ${COLUMNS} from meter where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Meter | null> {
    const [row] = await tx.query<Meter>(`select ${COLUMNS} from meter where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** Gives false when the branch has a meter of this medium and number in place. */
  async add(tx: Tx, meter: Meter): Promise<boolean> {
    const rows = await tx.query(
      `insert into meter (id, branch_id, site_id, building_id, property_unit_id, serial, medium, measure, multiplier, digits,
         installed_on, opening_reading, replaces_meter_id, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) on conflict do nothing returning id`,
      [
        meter.id,
        meter.branchId,
        meter.siteId,
        meter.buildingId,
        meter.propertyUnitId,
        meter.serial,
        meter.medium,
        meter.measure,
        meter.multiplier,
        meter.digits,
        meter.installedOn,
        meter.openingReading,
        meter.replacesMeterId,
      ],
    );
    return rows.length > 0;
  }

  async remove(tx: Tx, { id, removedOn, closingReading, version }: Meter): Promise<void> {
    await tx.query('update meter set removed_on = $2, closing_reading = $3, version = $4 where id = $1', [
      id,
      removedOn,
      closingReading,
      version,
    ]);
  }

  async list(tx: Tx, query: MetersQuery): Promise<Page<Meter>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.serial !== undefined) where.push(numberIs('serial', `$${values.push(query.serial)}`));
    if (query.removed !== undefined) where.push(`removed_on is ${query.removed ? 'not ' : ''}null`);
    const page = keyset(
      query,
      { serial: { column: 'serial', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Meter & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from meter where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...meter }) => meter);
  }
}
