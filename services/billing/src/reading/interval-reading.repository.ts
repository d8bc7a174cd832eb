import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { IntervalReading } from './interval-series.rules.js';

/** Energy or volume of one interval of an interval meter. */
export type NewIntervalReading = Readonly<{
  meterId: string;
  branchId: string;
  siteId: string;
  startsAt: string;
  minutes: number;
  quantity: string;
}>;

type Known = Readonly<{ meterId: string; startsAt: Date; quantity: string }>;

/** All SQL of the series of interval meters. */
@Injectable()
export class IntervalReadingRepository {
  /** Adds what is not there yet, and gives what stands for all of them. */
  async addAll(tx: Tx, readings: readonly NewIntervalReading[]): Promise<{ added: Known[]; known: Known[] }> {
    const given = `jsonb_to_recordset($1::jsonb) r ("meterId" uuid, "branchId" uuid, "siteId" uuid,
      "startsAt" timestamptz, minutes int, quantity numeric)`;
    const values = [JSON.stringify(readings)];
    const columns = `meter_id "meterId", starts_at "startsAt", quantity::text quantity`;
    const known = await tx.query<Known>(
      `select distinct i.meter_id "meterId", i.starts_at "startsAt", i.quantity::text quantity
       from interval_reading i join ${given} on i.meter_id = r."meterId" and i.starts_at = r."startsAt"`,
      values,
    );
    const added = await tx.query<Known>(
      `insert into interval_reading (meter_id, branch_id, site_id, starts_at, minutes, quantity)
       select "meterId", "branchId", "siteId", "startsAt", minutes, quantity from ${given}
       on conflict do nothing returning ${columns}`,
      values,
    );
    return { added, known };
  }

  /** The series of meters within instants, in order; `minutes` is the length of the meter's intervals. */
  async of(
    tx: Tx,
    meterIds: readonly string[],
    from: Date,
    to: Date,
  ): Promise<Map<string, (IntervalReading & { minutes: number })[]>> {
    const rows = await tx.query<{ meterId: string; start: Date; quantity: string; minutes: number }>(
      `select meter_id "meterId", starts_at start, quantity::text quantity, minutes from interval_reading
       where meter_id = any($1) and starts_at >= $2 and starts_at < $3 order by meter_id, starts_at`,
      [meterIds, from, to],
    );
    return Map.groupBy(rows, ({ meterId }) => meterId);
  }
}
