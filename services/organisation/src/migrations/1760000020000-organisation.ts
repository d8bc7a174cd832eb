import { branchTable, plumbingTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { employeePolicies, unitSightFunction, withReads } from './row-sight.js';

const UNIT = `
create table unit (
  id uuid primary key,
  kind text not null check (kind in ('group', 'region', 'branch', 'site')),
  parent_id uuid references unit,
  branch_id uuid check ((branch_id is not null) = (kind in ('branch', 'site'))),
  code text not null,
  name text not null,
  time_zone text,
  locale text,
  calendar_id uuid,
  active boolean not null default true,
  version int not null,
  check (kind <> 'site' or parent_id = branch_id)
);
create unique index unit_only_group on unit (kind) where kind = 'group';
create unique index unit_code on unit (code) where kind <> 'site';
create unique index unit_site_code on unit (branch_id, code) where kind = 'site';
create index unit_parent on unit (parent_id);
create index unit_branch on unit (branch_id);
create table unit_above (
  unit_id uuid not null,
  branch_id uuid not null,
  primary key (unit_id, branch_id)
);
create index unit_above_branch on unit_above (branch_id);
`;

/** Only whoever writes in the whole group says what lies above a branch. */
export const UNIT_ABOVE_INSERTS = '(select app_write_all())';

const EMPLOYEE = `
create table employee (
  id uuid primary key,
  subject text not null unique,
  home_unit_id uuid not null,
  branch_id uuid,
  legal_hold boolean not null default false,
  erased_at timestamptz,
  registered_at timestamptz not null,
  version int not null,
  sequence int not null
);
create index employee_branch on employee (branch_id);
create table employee_person (
  employee_id uuid primary key,
  branch_id uuid,
  name text not null,
  phone text
);
create table role_grant (
  id uuid primary key,
  employee_id uuid not null,
  subject text not null,
  role text not null,
  unit_id uuid not null,
  branch_id uuid,
  valid_from timestamptz not null,
  valid_to timestamptz,
  granted_by text not null,
  granted_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  revocation_reason text,
  check (valid_to > valid_from)
);
create index role_grant_employee on role_grant (employee_id);
create index role_grant_unit on role_grant (unit_id);
create index role_grant_branch on role_grant (branch_id);
create index role_grant_admins on role_grant (role) where role = 'hq-admin' and revoked_at is null;
`;

const CALENDAR = `
create table calendar (
  id uuid primary key,
  branch_id uuid,
  name text not null,
  version int not null,
  unique (id, branch_id)
);
create table calendar_version (
  id uuid primary key,
  calendar_id uuid not null references calendar,
  branch_id uuid,
  version int not null,
  name text not null,
  calendar jsonb not null,
  effective_from timestamptz not null,
  reason text,
  defined_by text not null,
  defined_at timestamptz not null,
  unique (calendar_id, version),
  foreign key (calendar_id, branch_id) references calendar (id, branch_id)
);
`;

const POLICY = `
create table policy (
  id uuid primary key,
  key text not null,
  unit_id uuid not null,
  unit_kind text not null check (unit_kind in ('group', 'region', 'branch')),
  branch_id uuid,
  version int not null,
  unique (key, unit_id),
  unique (id, branch_id)
);
create index policy_unit on policy (unit_id);
create table policy_value (
  id uuid primary key,
  policy_id uuid not null references policy,
  key text not null,
  unit_id uuid not null,
  unit_kind text not null,
  branch_id uuid,
  version int not null,
  value jsonb not null,
  effective_from timestamptz not null,
  locked boolean not null,
  reason text,
  set_by text not null,
  set_at timestamptz not null,
  unique (policy_id, version),
  foreign key (policy_id, branch_id) references policy (id, branch_id)
);
create index policy_value_key on policy_value (key, unit_id);
create index policy_value_set_at on policy_value (set_at, id);
`;

const IN_SIGHT = `branch_id = any ((select app_refs_ids())::uuid[])
  or branch_id is null and unit_id = any ((select app_units_above())::uuid[])`;

/** Units, employees with their roles, business calendars and policies; who sees and writes what is in the README. */
export class Organisation1760000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kept = { rights: 'select, insert, update' };
    const added = { rights: 'select, insert' };
    await runner.query(
      UNIT + plumbingTable('unit_above', { appInserts: UNIT_ABOVE_INSERTS }) + unitSightFunction,
    );
    await runner.query(branchTable('unit', kept) + withReads('unit', IN_SIGHT.replaceAll('unit_id', 'id')));
    await runner.query(EMPLOYEE + branchTable('role_grant', kept) + branchTable('employee', kept));
    await runner.query(branchTable('employee_person') + employeePolicies);
    await runner.query(CALENDAR);
    for (const [table, rights] of [
      ['calendar', kept],
      ['calendar_version', added],
    ] as const)
      await runner.query(
        branchTable(table, rights) +
          withReads(table, 'branch_id is null or branch_id = any ((select app_refs_ids())::uuid[])'),
      );
    await runner.query(POLICY);
    await runner.query(branchTable('policy', kept) + withReads('policy', IN_SIGHT));
    await runner.query(branchTable('policy_value', added) + withReads('policy_value', IN_SIGHT));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table policy_value, policy, calendar_version, calendar, role_grant, employee_person,
      employee, unit_above, unit; drop function app_units_above();`);
  }
}
