import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** A unit as billing needs it. */
export type PropertyUnit = Readonly<{
  id: string;
  branchId: string;
  siteId: string;
  buildingId: string;
  code: string;
  use: string;
  area: string | null;
  active: boolean;
}>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", building_id "buildingId", code, use, area::text area, active`;

/** The copy of the register's units. */
@Injectable()
export class PropertyUnitRepository {
  async put(
    tx: Tx,
    { id, branchId, siteId, buildingId, code, use, area, active }: PropertyUnit,
  ): Promise<void> {
    await tx.query(
      `insert into property_unit (id, branch_id, site_id, building_id, code, use, area, active)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set site_id = excluded.site_id, building_id = excluded.building_id,
         code = excluded.code, use = excluded.use, area = excluded.area, active = excluded.active`,
      [id, branchId, siteId, buildingId, code, use, area, active],
    );
  }

  async find(tx: Tx, id: string): Promise<PropertyUnit | null> {
    const [row] = await tx.query<PropertyUnit>(`select ${COLUMNS} from property_unit where id = $1`, [id]);
    return row ?? null;
  }

  async inBranch(tx: Tx, branchId: string, ids: readonly string[]): Promise<PropertyUnit[]> {
    return tx.query<PropertyUnit>(
      `select ${COLUMNS} from property_unit where branch_id = $1 and id = any ($2)`,
      [branchId, ids],
    );
  }
}
