import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { CalendarsQuery, VersionsQuery } from './calendar.dto.js';
import type { Calendar, CalendarVersion } from './calendar.entity.js';

const HEAD = 'id, branch_id "branchId", name, version';
const VERSION = `v.calendar_id id, v.branch_id "branchId", v.name, v.version, v.calendar, v.effective_from "effectiveFrom",
  v.reason, v.defined_by "definedBy", v.defined_at "definedAt"`;

/** All SQL of business calendars. */
@Injectable()
export class CalendarRepository {
  async find(tx: Tx, id: string): Promise<Calendar | null> {
    const [row] = await tx.query<Calendar>(`select ${HEAD} from calendar where id = $1`, [id]);
    return row ?? null;
  }

  /** The calendar, locked until the end of the transaction: versions are made one after another. */
  async lock(tx: Tx, id: string): Promise<Calendar | null> {
    const [row] = await tx.query<Calendar>(`select ${HEAD} from calendar where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** Stores a version and makes it the calendar's latest; version 1 makes the calendar. */
  async keep(tx: Tx, rowId: string, version: CalendarVersion): Promise<void> {
    const { id, branchId, name } = version;
    if (version.version === 1)
      await tx.query('insert into calendar (id, branch_id, name, version) values ($1, $2, $3, 1)', [
        id,
        branchId,
        name,
      ]);
    else
      await tx.query('update calendar set name = $2, version = $3 where id = $1', [
        id,
        name,
        version.version,
      ]);
    await tx.query(
      `insert into calendar_version
         (id, calendar_id, branch_id, version, name, calendar, effective_from, reason, defined_by, defined_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
      [
        rowId,
        id,
        branchId,
        version.version,
        name,
        JSON.stringify(version.calendar),
        version.effectiveFrom,
        version.reason,
        version.definedBy,
        version.definedAt,
      ],
    );
  }

  async latest(tx: Tx, id: string): Promise<CalendarVersion | null> {
    const [row] = await tx.query<CalendarVersion>(
      `select ${VERSION} from calendar_version v where v.calendar_id = $1 order by v.version desc limit 1`,
      [id],
    );
    return row ?? null;
  }

  async list(tx: Tx, query: CalendarsQuery): Promise<Page<CalendarVersion>> {
    const values = query.branchId === undefined ? [] : [query.branchId];
    const where = query.branchId === undefined ? [] : ['c.branch_id = $1'];
    const page = keyset(
      query,
      { name: { column: 'c.name', type: 'text' } },
      { id: 'c.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<CalendarVersion & KeyedRow>(
      `select ${VERSION}, ${page.select} from calendar c
         join calendar_version v on v.calendar_id = c.id and v.version = c.version
       where ${[...where, page.where].join(' and ')} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, withoutKey);
  }

  async versions(tx: Tx, id: string, query: VersionsQuery): Promise<Page<CalendarVersion>> {
    const page = keyset(
      query,
      { version: { column: 'v.version', type: 'integer' } },
      { id: 'v.id', firstParameter: 2 },
    );
    const rows = await tx.query<CalendarVersion & KeyedRow>(
      `select ${VERSION}, ${page.select} from calendar_version v
       where v.calendar_id = $1 and ${page.where} order by ${page.orderBy} limit ${page.limit}`,
      [id, ...page.values],
    );
    return pageOf(rows, query, withoutKey);
  }
}

const withoutKey = ({
  cursor_key: _key,
  cursor_id: _id,
  ...version
}: CalendarVersion & KeyedRow): CalendarVersion => version;
