import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { Occupancy } from './payer.rules.js';

type Stored = Occupancy & Readonly<{ id: string; branchId: string; propertyUnitId: string }>;

/** The copy of who owns and occupies units. */
@Injectable()
export class OccupancyRepository {
  async put(tx: Tx, { id, branchId, propertyUnitId, customerId, role, from, to }: Stored): Promise<void> {
    await tx.query(
      `insert into occupancy (id, branch_id, property_unit_id, customer_id, role, from_day, to_day)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update set from_day = excluded.from_day, to_day = excluded.to_day`,
      [id, branchId, propertyUnitId, customerId, role, from, to],
    );
  }

  /** Whoever had or has these units within the days, by unit. */
  async of(
    tx: Tx,
    propertyUnitIds: readonly string[],
    days: Readonly<{ from: string; to: string }>,
  ): Promise<Map<string, Occupancy[]>> {
    const rows = await tx.query<Stored>(
      `select property_unit_id "propertyUnitId", customer_id "customerId", role, from_day::text "from", to_day::text "to"
       from occupancy where property_unit_id = any($1) and from_day <= $3 and coalesce(to_day, 'infinity') >= $2::date
       order by from_day, id`,
      [propertyUnitIds, days.from, days.to],
    );
    return Map.groupBy(rows, ({ propertyUnitId }) => propertyUnitId);
  }
}
