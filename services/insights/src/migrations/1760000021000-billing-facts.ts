import { branchTable, referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const BILLING = `
create table billing_fact (
  generation int not null,
  event_id uuid not null,
  kind text not null,
  record_id uuid not null,
  charge_id uuid,
  account_id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  ticket_id uuid,
  number text,
  about text,
  amount bigint not null,
  currency text not null,
  due_on date,
  stated_on date,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  late boolean not null,
  counted_at timestamptz not null generated always as (case when late then recorded_at else occurred_at end) stored,
  primary key (generation, event_id)
);
create index billing_fact_counted on billing_fact (generation, branch_id, counted_at, event_id);
create index billing_fact_charge on billing_fact (generation, charge_id) where charge_id is not null;
`;

const CALLBACK = `
create table callback_fact (
  generation int not null,
  callback_id uuid not null,
  ticket_id uuid not null,
  branch_id uuid not null,
  scheduled_at timestamptz not null,
  due_at timestamptz not null,
  recorded_at timestamptz,
  result text,
  on_time boolean,
  primary key (generation, callback_id)
);
create index callback_fact_ticket on callback_fact (generation, ticket_id);
`;

const MONTH = `
create table month_closing (
  id uuid primary key,
  branch_id uuid not null,
  month text not null,
  time_zone text not null,
  closed_at timestamptz not null,
  closed_by text not null,
  unique (branch_id, month)
);
`;

// What the serving build has counted knows nothing of the new columns: the next build takes over as it is.
const TICKETS = `
alter table ticket_fact add column registered_late boolean not null default false,
  add column recorded_at timestamptz,
  add column first_completed_at timestamptz,
  add column first_reopened_at timestamptz;
alter table ticket_fact add column counted_at timestamptz not null
  generated always as (case when registered_late then recorded_at else received_at end) stored;
drop index ticket_fact_received;
create index ticket_fact_counted on ticket_fact (generation, branch_id, counted_at, ticket_id);
alter table generation add column takes_over boolean not null default false;
update generation set retired = coalesce(building, retired), building = greatest(active, last) + 1,
  last = greatest(active, last) + 1, takes_over = true, started_at = now(), compared = null
where exists (select from ticket_fact);
`;

export class BillingFacts1760000021000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BILLING + branchTable('billing_fact', { site: true }));
    await runner.query(CALLBACK + referenceTable('callback_fact'));
    await runner.query(MONTH + branchTable('month_closing'));
    await runner.query(TICKETS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table month_closing; drop table callback_fact; drop table billing_fact;
      alter table generation drop column takes_over;
      drop index ticket_fact_counted;
      create index ticket_fact_received on ticket_fact (generation, branch_id, received_at, ticket_id);
      alter table ticket_fact drop column counted_at, drop column registered_late, drop column recorded_at, drop column first_completed_at,
        drop column first_reopened_at;`);
  }
}
