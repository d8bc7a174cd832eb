import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** A meter as billing needs it; `readings` counts the readings that it has told of. */
export type Meter = Readonly<{
  id: string;
  branchId: string;
  siteId: string;
  propertyUnitId: string | null;
  serial: string;
  medium: string;
  measure: string;
  multiplier: string;
  digits: number | null;
  installedOn: string;
  removedOn: string | null;
  replacesMeterId: string | null;
  readings: number;
}>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", property_unit_id "propertyUnitId", serial, medium, measure,
  multiplier::text multiplier, digits, installed_on::text "installedOn", removed_on::text "removedOn",
  replaces_meter_id "replacesMeterId", readings`;

/** The copy of the register's meters. */
@Injectable()
export class MeterRepository {
  async add(tx: Tx, meter: Meter): Promise<void> {
    await tx.query(
      `insert into meter (id, branch_id, site_id, property_unit_id, serial, medium, measure, multiplier, digits,
         installed_on, replaces_meter_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
      [
        meter.id,
        meter.branchId,
        meter.siteId,
        meter.propertyUnitId,
        meter.serial,
        meter.medium,
        meter.measure,
        meter.multiplier,
        meter.digits,
        meter.installedOn,
        meter.replacesMeterId,
      ],
    );
  }

  async remove(tx: Tx, id: string, removedOn: string): Promise<void> {
    await tx.query('update meter set removed_on = $2 where id = $1', [id, removedOn]);
  }

  async find(tx: Tx, id: string): Promise<Meter | null> {
    const [row] = await tx.query<Meter>(`select ${COLUMNS} from meter where id = $1`, [id]);
    return row ?? null;
  }

  /** Meters by their ids, locked in the order of their ids. */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<Meter[]> {
    return tx.query<Meter>(`select ${COLUMNS} from meter where id = any($1) order by id for update`, [ids]);
  }

  /** Meters of the branch with these numbers, for files. */
  async bySerial(tx: Tx, branchId: string, serials: readonly string[]): Promise<Meter[]> {
    return tx.query<Meter>(
      `select ${COLUMNS} from meter where branch_id = $1 and serial = any($2)
       order by serial, medium, installed_on, id`,
      [branchId, serials],
    );
  }

  /** Counts readings that were told of. */
  async count(tx: Tx, told: ReadonlyMap<string, number>): Promise<void> {
    await tx.query(
      `update meter set readings = r.readings from jsonb_to_recordset($1::jsonb) r (id uuid, readings int)
       where meter.id = r.id`,
      [JSON.stringify([...told].map(([id, readings]) => ({ id, readings })))],
    );
  }
}
