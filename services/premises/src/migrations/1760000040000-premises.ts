import { branchTable, groupTable, referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const REGISTER = `
create table building (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  code text not null,
  name text not null,
  storeys int,
  built_in int,
  details jsonb not null default '{}',
  active boolean not null default true,
  version int not null,
  unique (branch_id, site_id, code),
  unique (id, branch_id)
);
create index building_code on building (code, id);
create table property_unit (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  building_id uuid not null,
  code text not null,
  entrance text not null,
  floor int not null,
  door text not null,
  use text not null,
  area numeric,
  title_status text,
  equipment text[] not null default '{}',
  active boolean not null default true,
  version int not null,
  unique (branch_id, site_id, code),
  unique (id, branch_id),
  foreign key (building_id, branch_id) references building (id, branch_id)
);
create index property_unit_code on property_unit (code text_pattern_ops, id);
create index property_unit_building on property_unit (building_id);
create table occupancy (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  property_unit_id uuid not null,
  customer_id uuid not null,
  role text not null check (role in ('developer', 'owner', 'tenant')),
  from_day date not null,
  to_day date,
  version int not null,
  check (to_day >= from_day),
  foreign key (property_unit_id, branch_id) references property_unit (id, branch_id)
);
create index occupancy_unit on occupancy (property_unit_id, from_day, id);
create index occupancy_customer on occupancy (customer_id, from_day, id);
create table meter (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  building_id uuid,
  property_unit_id uuid,
  serial text not null,
  medium text not null,
  measure text not null,
  multiplier numeric not null,
  digits int,
  installed_on date not null,
  opening_reading numeric not null,
  removed_on date,
  closing_reading numeric,
  replaces_meter_id uuid,
  version int not null,
  check (removed_on >= installed_on)
);
create unique index meter_serial on meter (branch_id, medium, serial) where removed_on is null;
create index meter_unit on meter (property_unit_id, id);
create index meter_order on meter (serial, id);
`;

const CUSTOMERS = `
create table seen_customer (
  branch_id uuid not null,
  customer_id uuid not null,
  primary key (branch_id, customer_id)
);
create table merged_customer (
  customer_id uuid primary key,
  into_customer_id uuid not null
);
`;

/** The register of what is managed, and the small copy of customers that it needs. */
export class Premises1760000040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REGISTER + CUSTOMERS);
    for (const table of ['building', 'property_unit', 'occupancy', 'meter'])
      await runner.query(branchTable(table, { site: true, rights: 'select, insert, update' }));
    await runner.query(referenceTable('seen_customer') + groupTable('merged_customer'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table merged_customer, seen_customer, meter, occupancy, property_unit, building;',
    );
  }
}
