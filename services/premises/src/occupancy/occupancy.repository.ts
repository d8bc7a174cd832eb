import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { OccupanciesQuery, OccupancyDto } from './occupancy.dto.js';
import type { Occupancy as OccupancyFacts } from './occupancy.rules.js';

export type Occupancy = OccupancyDto;

const COLUMNS = `o.id, o.branch_id "branchId", o.site_id "siteId", o.property_unit_id "propertyUnitId",
  coalesce(m.into_customer_id, o.customer_id) "customerId", o.customer_id "enteredAs", o.role, o.from_day::text "from",
  o.to_day::text "to", o.version`;
const FROM = 'from occupancy o left join merged_customer m on m.customer_id = o.customer_id';

/** All SQL of occupancies. */
@Injectable()
export class OccupancyRepository {
  async lock(tx: Tx, id: string): Promise<Occupancy | null> {
    const [row] = await tx.query<Occupancy>(`select ${COLUMNS} ${FROM} where o.id = $1 for update of o`, [
      id,
    ]);
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Occupancy | null> {
    const [row] = await tx.query<Occupancy>(`select ${COLUMNS} ${FROM} where o.id = $1`, [id]);
    return row ?? null;
  }

  /** All of a unit, for the rules; the unit is locked, so none is added meanwhile. */
  async ofUnit(tx: Tx, propertyUnitId: string): Promise<OccupancyFacts[]> {
    return tx.query<OccupancyFacts>(
      `select id "occupancyId", customer_id "customerId", role, from_day::text "from", to_day::text "to"
       from occupancy where property_unit_id = $1 order by from_day`,
      [propertyUnitId],
    );
  }

  async add(tx: Tx, occupancy: Occupancy): Promise<void> {
    const { id, branchId, siteId, propertyUnitId, enteredAs, role, from, to } = occupancy;
    await tx.query(
      `insert into occupancy (id, branch_id, site_id, property_unit_id, customer_id, role, from_day, to_day, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
      [id, branchId, siteId, propertyUnitId, enteredAs, role, from, to],
    );
  }

  async end(tx: Tx, { id, to, version }: Occupancy): Promise<void> {
    await tx.query('update occupancy set to_day = $2, version = $3 where id = $1', [id, to, version]);
  }

  /** A new version of the unit, whose facts these are. */
  async moveUnitOn(tx: Tx, propertyUnitId: string): Promise<number> {
    const [row] = await tx.query<{ version: number }>(
      'update property_unit set version = version + 1 where id = $1 returning version',
      [propertyUnitId],
    );
    return row!.version;
  }

  async list(tx: Tx, query: OccupanciesQuery): Promise<Page<Occupancy>> {
    const where: string[] = [];
    const values: unknown[] = [];
    const put = (value: unknown): string => `$${values.push(value)}`;
    if (query.branchId !== undefined) where.push(`o.branch_id = ${put(query.branchId)}`);
    if (query.propertyUnitId !== undefined) where.push(`o.property_unit_id = ${put(query.propertyUnitId)}`);
    if (query.role !== undefined) where.push(`o.role = ${put(query.role)}`);
    if (query.customerId !== undefined) {
      const at = put(query.customerId);
      where.push(
        `o.customer_id in (select ${at}::uuid union select customer_id from merged_customer where into_customer_id = ${at})`,
      );
    }
    if (query.on !== undefined) {
      const at = `${put(query.on)}::date`;
      where.push(`o.from_day <= ${at} and coalesce(o.to_day, 'infinity') >= ${at}`);
    }
    const page = keyset(
      query,
      { from: { column: 'o.from_day', type: 'date' } },
      { id: 'o.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Occupancy & KeyedRow>(
      `select ${COLUMNS}, ${page.select} ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...occupancy }) => occupancy);
  }
}
