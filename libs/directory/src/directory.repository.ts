import { Injectable } from '@nestjs/common';
import type { BusinessCalendar, PolicyValue, Role, UnitKind } from '@steward/kernel';
import { GROUP_SCOPE, WorkerDatabase, type Tx } from '@steward/platform';

/**
 * A unit of the organisation; `branchId` is the unit's own id for a branch and its branch for a site. `Directory` gives it
 * with the zone and language that it takes from above.
 */
export type Unit = Readonly<{
  id: string;
  kind: UnitKind;
  parentId: string | null;
  branchId: string | null;
  code: string;
  name: string;
  timeZone: string | null;
  locale: string | null;
  calendarId: string | null;
  active: boolean;
}>;

export type GrantRow = Readonly<{
  id: string;
  employeeId: string;
  subject: string;
  role: Role;
  unitId: string;
  validFrom: Date;
  validTo: Date | null;
  revokedAt: Date | null;
}>;

export type CalendarVersion = Readonly<{
  calendarId: string;
  version: number;
  name: string;
  calendar: BusinessCalendar;
  effectiveFrom: Date;
}>;

/** A month `YYYY-MM` of a branch that is closed. */
export type ClosedMonth = Readonly<{ branchId: string; month: string }>;

const UNIT = `id, kind, parent_id "parentId", branch_id "branchId", code, name, time_zone "timeZone", locale,
  calendar_id "calendarId", active`;
const GRANT = `id, employee_id "employeeId", subject, role, unit_id "unitId", valid_from "validFrom", valid_to "validTo",
  revoked_at "revokedAt"`;

/** All SQL of the directory's copy. Every change bumps the revision that the readers' caches follow. */
@Injectable()
export class DirectoryRepository {
  constructor(private readonly database: WorkerDatabase) {}

  async revision(): Promise<string> {
    const [row] = await this.load<{ revision: string }>('select revision from directory_revision');
    return row!.revision;
  }

  async units(): Promise<Unit[]> {
    return this.load<Unit>(`select ${UNIT} from directory_unit`);
  }

  async grantsOf(subject: string): Promise<GrantRow[]> {
    return this.load<GrantRow>(
      `select ${GRANT} from directory_grant where subject = $1 and revoked_at is null`,
      [subject],
    );
  }

  async grantsOfEmployee(employeeId: string): Promise<GrantRow[]> {
    return this.load<GrantRow>(
      `select ${GRANT} from directory_grant where employee_id = $1 and revoked_at is null`,
      [employeeId],
    );
  }

  async policyValues(): Promise<PolicyValue[]> {
    return this.load<PolicyValue>(
      `select key, unit_id "unitId", unit_kind "unitKind", value, effective_from "effectiveFrom", version, locked
       from directory_policy`,
    );
  }

  async calendars(): Promise<CalendarVersion[]> {
    return this.load<CalendarVersion>(
      'select id "calendarId", version, name, calendar, effective_from "effectiveFrom" from directory_calendar order by version',
    );
  }

  async closedMonths(): Promise<ClosedMonth[]> {
    return this.load<ClosedMonth>('select branch_id "branchId", month from directory_closed_month');
  }

  async personNames(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.load<{ id: string; name: string }>(
      'select employee_id id, name from directory_person where employee_id = any($1)',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.name]));
  }

  async keepUnit(tx: Tx, unit: Unit): Promise<void> {
    await tx.query(
      `insert into directory_unit (id, kind, parent_id, branch_id, code, name, time_zone, locale, calendar_id, active)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (id) do update set parent_id = excluded.parent_id, branch_id = excluded.branch_id, code = excluded.code,
         name = excluded.name, time_zone = excluded.time_zone, locale = excluded.locale,
         calendar_id = excluded.calendar_id, active = excluded.active`,
      [
        unit.id,
        unit.kind,
        unit.parentId,
        unit.branchId,
        unit.code,
        unit.name,
        unit.timeZone,
        unit.locale,
        unit.calendarId,
        unit.active,
      ],
    );
    await this.bump(tx);
  }

  async keepGrant(
    tx: Tx,
    grant: Omit<GrantRow, 'revokedAt' | 'validFrom' | 'validTo'> & {
      validFrom: string;
      validTo: string | null;
    },
  ): Promise<void> {
    await tx.query(
      `insert into directory_grant (id, employee_id, subject, role, unit_id, valid_from, valid_to)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
      [grant.id, grant.employeeId, grant.subject, grant.role, grant.unitId, grant.validFrom, grant.validTo],
    );
    await this.bump(tx);
  }

  async revokeGrant(tx: Tx, grantId: string, at: string): Promise<void> {
    await tx.query('update directory_grant set revoked_at = $2 where id = $1', [grantId, at]);
    await this.bump(tx);
  }

  async keepPolicy(
    tx: Tx,
    value: Omit<PolicyValue, 'effectiveFrom'> & { effectiveFrom: string },
  ): Promise<void> {
    await tx.query(
      `insert into directory_policy (key, unit_id, unit_kind, version, value, effective_from, locked)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7) on conflict do nothing`,
      [
        value.key,
        value.unitId,
        value.unitKind,
        value.version,
        JSON.stringify(value.value),
        value.effectiveFrom,
        value.locked,
      ],
    );
    await this.bump(tx);
  }

  async keepCalendar(
    tx: Tx,
    version: Omit<CalendarVersion, 'effectiveFrom'> & { effectiveFrom: string },
  ): Promise<void> {
    await tx.query(
      `insert into directory_calendar (id, version, name, calendar, effective_from) values ($1, $2, $3, $4::jsonb, $5)
       on conflict do nothing`,
      [
        version.calendarId,
        version.version,
        version.name,
        JSON.stringify(version.calendar),
        version.effectiveFrom,
      ],
    );
    await this.bump(tx);
  }

  async keepClosedMonth(tx: Tx, { branchId, month }: ClosedMonth, closedAt: string): Promise<void> {
    await tx.query(
      `insert into directory_closed_month (branch_id, month, closed_at) values ($1, $2, $3) on conflict do nothing`,
      [branchId, month, closedAt],
    );
    await this.bump(tx);
  }

  async keepPerson(
    tx: Tx,
    person: { employeeId: string; name: string; branchId: string | null },
  ): Promise<void> {
    await tx.query(
      `insert into directory_person (employee_id, name, branch_id) values ($1, $2, $3)
       on conflict (employee_id) do update set name = excluded.name, branch_id = excluded.branch_id`,
      [person.employeeId, person.name, person.branchId],
    );
    await this.bump(tx);
  }

  async erasePerson(tx: Tx, employeeId: string): Promise<void> {
    await tx.query('delete from directory_person where employee_id = $1', [employeeId]);
    await this.bump(tx);
  }

  private async bump(tx: Tx): Promise<void> {
    await tx.query('update directory_revision set revision = revision + 1');
  }

  private async load<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.database.read(GROUP_SCOPE, (tx) => tx.query<Row>(sql, values));
  }
}
