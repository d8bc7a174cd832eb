import { branchTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const RUNS = `
create table billing_run (
  id uuid primary key,
  branch_id uuid not null,
  period text not null,
  items text[],
  dry_run boolean not null,
  accept_gaps boolean not null,
  state text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  plan uuid[],
  step int not null default 0,
  position uuid,
  looked_at int not null default 0,
  charges int not null default 0,
  exceptions int not null default 0,
  totals jsonb not null default '{}',
  error text,
  requested_by text not null,
  requested_at timestamptz not null,
  completed_at timestamptz,
  version int not null,
  unique (id, branch_id)
);
create unique index billing_run_open on billing_run (branch_id, period, items, dry_run) nulls not distinct
  where state in ('waiting', 'running');
create index billing_run_list on billing_run (requested_at, id);
create table billing_exception (
  run_id uuid not null,
  number int not null,
  id uuid not null unique,
  branch_id uuid not null,
  fee_item_code text not null,
  property_unit_id uuid,
  meter_id uuid,
  code text not null,
  detail text not null,
  service_from date not null,
  service_to date not null,
  primary key (run_id, number),
  foreign key (run_id, branch_id) references billing_run (id, branch_id)
);
create table billing_run_line (
  run_id uuid not null,
  number int not null,
  id uuid not null unique,
  branch_id uuid not null,
  customer_id uuid not null,
  property_unit_id uuid not null,
  meter_id uuid,
  fee_item_code text not null,
  service_from date not null,
  service_to date not null,
  amount_minor bigint not null,
  currency text not null,
  explanation jsonb not null,
  primary key (run_id, number),
  foreign key (run_id, branch_id) references billing_run (id, branch_id)
);
create table shared_cost (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid not null,
  building_id uuid,
  fee_item_id uuid not null,
  service_from date not null,
  service_to date not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  rule text not null,
  uses text[] not null,
  document text not null,
  entered_by text not null,
  entered_at timestamptz not null,
  version int not null,
  check (service_to >= service_from),
  foreign key (fee_item_id, branch_id) references fee_item (id, branch_id),
  unique (id, branch_id)
);
create index shared_cost_list on shared_cost (service_from, id);
create table shared_cost_share (
  id uuid primary key,
  shared_cost_id uuid not null,
  property_unit_id uuid not null,
  branch_id uuid not null,
  site_id uuid not null,
  weight numeric not null,
  amount_minor bigint not null,
  unique (shared_cost_id, property_unit_id),
  foreign key (shared_cost_id, branch_id) references shared_cost (id, branch_id)
);
`;

/** Billing runs with what they could not charge, and common costs with their shares (BIL-04, BIL-16). */
export class BillingRuns1760000056000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RUNS);
    await runner.query(branchTable('billing_run', { rights: 'select, insert, update' }));
    for (const table of ['billing_exception', 'billing_run_line'])
      await runner.query(branchTable(table, { rights: 'select, insert' }));
    for (const table of ['shared_cost', 'shared_cost_share'])
      await runner.query(branchTable(table, { site: true, rights: 'select, insert' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table shared_cost_share, shared_cost, billing_run_line, billing_exception, billing_run;',
    );
  }
}
