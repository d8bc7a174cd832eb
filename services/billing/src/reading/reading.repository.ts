import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { MissingReadingDto, MissingReadingsQuery, ReadingDto, ReadingsQuery } from './reading.dto.js';

export type Reading = Omit<ReadingDto, 'actions'>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", meter_id "meterId", day::text, value::text, source, kind,
  estimated, suspect, rolled_over "rolledOver", state, note, recorded_by "recordedBy",
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') "recordedAt", version`;
const EQUALS = { branchId: 'branch_id', meterId: 'meter_id', state: 'state' } as const;

/** All SQL of register readings. */
@Injectable()
export class ReadingRepository {
  /** Readings of the meters that stand: the last ones before a day and all from then on, in the order of days. */
  async around(tx: Tx, meterIds: readonly string[], day: string, before: number): Promise<Reading[]> {
    return tx.query<Reading>(
      `select ${COLUMNS} from reading where meter_id = any($1) and day >= $2 and state <> 'voided'
       union all
       select r.* from unnest($1::uuid[]) m (id) cross join lateral (
         select ${COLUMNS} from reading where meter_id = m.id and day < $2 and state <> 'voided'
         order by reading.day desc limit $3) r
       order by day`,
      [meterIds, day, before],
    );
  }

  /** Adds readings that were checked under the lock of their meters. */
  async addAll(tx: Tx, readings: readonly Reading[]): Promise<void> {
    if (readings.length === 0) return;
    await tx.query(
      `insert into reading (id, branch_id, site_id, meter_id, day, value, source, kind, estimated, suspect, rolled_over,
         state, note, recorded_by, recorded_at, version)
       select id, "branchId", "siteId", "meterId", day, value, source, kind, estimated,
         array(select jsonb_array_elements_text(suspect)), "rolledOver", state, note, "recordedBy", "recordedAt", 1
       from jsonb_to_recordset($1::jsonb) r (id uuid, "branchId" uuid, "siteId" uuid, "meterId" uuid, day date,
         value numeric, source text, kind text, estimated boolean, suspect jsonb, "rolledOver" boolean, state text,
         note text, "recordedBy" text, "recordedAt" timestamptz)`,
      [JSON.stringify(readings)],
    );
  }

  async find(tx: Tx, id: string): Promise<Reading | null> {
    const [row] = await tx.query<Reading>(`select ${COLUMNS} from reading where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Reading | null> {
    const [row] = await tx.query<Reading>(`select ${COLUMNS} from reading where id = $1 for update`, [id]);
    return row ?? null;
  }

  async setState(tx: Tx, { id, state, version }: Reading): Promise<void> {
    await tx.query('update reading set state = $2, version = $3 where id = $1', [id, state, version]);
  }

  async list(tx: Tx, query: ReadingsQuery): Promise<Page<Reading>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.from !== undefined) where.push(`day >= $${values.push(query.from)}`);
    if (query.to !== undefined) where.push(`day <= $${values.push(query.to)}`);
    const page = keyset(
      query,
      { day: { column: 'day', type: 'date' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Reading & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from reading where ${[...where, page.where].join(' and ')}
       order by reading.${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...reading }) => reading);
  }

  /** BIL-06: meters in place that had no actual reading in the period nor in the one before. */
  async missing(tx: Tx, query: MissingReadingsQuery): Promise<Page<MissingReadingDto>> {
    const first = `${query.period}-01`;
    const values: unknown[] = [first];
    const where = ['missed >= 2'];
    if (query.branchId !== undefined) where.push(`"branchId" = $${values.push(query.branchId)}`);
    const page = keyset(
      query,
      { serial: { column: 'serial', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<MissingReadingDto & KeyedRow>(
      `select *, ${page.select} from (
         select m.id, m.branch_id "branchId", m.site_id "siteId", m.property_unit_id "propertyUnitId", m.serial,
           m.medium, r.day::text "lastActualOn",
           ((extract(year from $1::date) - extract(year from coalesce(r.day, m.installed_on))) * 12
             + extract(month from $1::date) - extract(month from coalesce(r.day, m.installed_on)))::int missed
         from meter m left join lateral (
           select day from reading where meter_id = m.id and not estimated and state = 'accepted'
             and day < $1::date + interval '1 month' order by day desc limit 1) r on true
         where m.removed_on is null
           and not exists (select from interval_reading i where i.meter_id = m.id)) found
       where ${[...where, page.where].join(' and ')} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...meter }) => meter);
  }
}
