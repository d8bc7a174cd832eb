import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const COPIES = `
create table meter (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  property_unit_id uuid,
  serial text not null,
  medium text not null,
  measure text not null,
  multiplier numeric not null,
  digits int,
  installed_on date not null,
  removed_on date,
  replaces_meter_id uuid,
  readings int not null default 0,
  unique (id, branch_id)
);
create index meter_serial on meter (branch_id, serial, medium);
create index meter_unit on meter (property_unit_id, id);
create index meter_branch on meter (branch_id, medium, id);
create table occupancy (
  id uuid primary key,
  branch_id uuid not null,
  property_unit_id uuid not null,
  customer_id uuid not null,
  role text not null,
  from_day date not null,
  to_day date
);
create index occupancy_unit on occupancy (property_unit_id, from_day);
`;

const READINGS = `
create table reading (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  meter_id uuid not null,
  day date not null,
  value numeric not null check (value >= 0),
  source text not null,
  kind text not null,
  estimated boolean not null,
  suspect text[] not null default '{}',
  rolled_over boolean not null default false,
  state text not null check (state in ('accepted', 'held', 'voided')),
  note text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  version int not null,
  foreign key (meter_id, branch_id) references meter (id, branch_id)
);
create unique index reading_once on reading (meter_id, day) where state <> 'voided';
create index reading_day on reading (branch_id, day, id);
create index reading_list on reading (day, id);
create index reading_held on reading (branch_id, day, id) where state = 'held';
create table interval_reading (
  meter_id uuid not null,
  starts_at timestamptz not null,
  branch_id uuid not null,
  site_id uuid not null,
  minutes int not null check (minutes > 0),
  quantity numeric not null,
  primary key (meter_id, starts_at),
  foreign key (meter_id, branch_id) references meter (id, branch_id)
);
`;

/** Readings of meters and of interval meters, and the small copies of meters and occupancies that they need (BIL-06). */
export class Readings1760000052000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COPIES + READINGS);
    for (const table of ['meter', 'reading'])
      await runner.query(branchTable(table, { site: true, rights: 'select, insert, update' }));
    await runner.query(branchTable('occupancy', { rights: 'select, insert, update' }));
    await runner.query(branchTable('interval_reading', { site: true, rights: 'select, insert' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table interval_reading, reading, occupancy, meter;');
  }
}
