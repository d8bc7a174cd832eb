import type { MigrationInterface, QueryRunner } from 'typeorm';
import { plumbingTable } from '@steward/platform';

const TABLES = `
create table directory_unit (
  id uuid primary key,
  kind text not null,
  parent_id uuid,
  branch_id uuid,
  code text not null,
  name text not null,
  time_zone text,
  locale text,
  calendar_id uuid,
  active boolean not null
);
create table directory_grant (
  id uuid primary key,
  employee_id uuid not null,
  subject text not null,
  role text not null,
  unit_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  revoked_at timestamptz
);
create index directory_grant_subject on directory_grant (subject);
create index directory_grant_employee on directory_grant (employee_id);
create table directory_policy (
  key text not null,
  unit_id uuid not null,
  unit_kind text not null,
  version int not null,
  value jsonb not null,
  effective_from timestamptz not null,
  locked boolean not null,
  primary key (key, unit_id, version)
);
create table directory_calendar (
  id uuid not null,
  version int not null,
  name text not null,
  calendar jsonb not null,
  effective_from timestamptz not null,
  primary key (id, version)
);
create table directory_person (
  employee_id uuid primary key,
  name text not null,
  branch_id uuid
);
create table directory_revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null
);
insert into directory_revision (revision) values (0);
`;

/** A service's copy of organisation's data; read through `Directory`, `Policies` and `Calendars`, never by route code. */
export class DirectoryTables1700000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['unit', 'grant', 'policy', 'calendar', 'person', 'revision'])
      await runner.query(plumbingTable(`directory_${table}`));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['unit', 'grant', 'policy', 'calendar', 'person', 'revision'])
      await runner.query(`drop table directory_${table}`);
  }
}

/** Closed months of the branches, from insights' facts; asked by the outbox through `Directory`. */
export class ClosedMonths1700000002001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table directory_closed_month (
  branch_id uuid not null,
  month text not null,
  closed_at timestamptz not null,
  primary key (branch_id, month)
);`);
    await runner.query(plumbingTable('directory_closed_month'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table directory_closed_month');
  }
}

export const directoryMigrations = [DirectoryTables1700000002000, ClosedMonths1700000002001] as const;
