import { branchTable, groupTable, referenceTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TICKET = `
alter table ticket
  add customer_id uuid,
  add property_unit_id uuid,
  add slip_received_at timestamptz,
  add slip_received_by uuid,
  add quote_state text,
  add signed_at timestamptz,
  add signed_by text,
  add charged_at timestamptz,
  add rework_rounds int not null default 0,
  add payment text not null default 'none',
  add root_cause_of uuid,
  add cause_check boolean not null default false;
create index ticket_customer on ticket (customer_id, registered_at, id) where customer_id is not null;
create index ticket_property_unit on ticket (property_unit_id, category_code, received_at)
  where property_unit_id is not null;
create index ticket_cause_check on ticket (registered_at) where cause_check;
`;

const COPIES = `
create table seen_customer (
  branch_id uuid not null,
  customer_id uuid not null,
  primary key (branch_id, customer_id)
);
create table merged_customer (
  customer_id uuid primary key,
  into_customer_id uuid not null
);
create index merged_customer_into on merged_customer (into_customer_id);
create table known_property_unit (
  branch_id uuid not null,
  property_unit_id uuid not null,
  site_id uuid not null,
  code text not null,
  active boolean not null,
  primary key (branch_id, property_unit_id)
);
`;

const PRICES = `
create table price_item (
  id uuid primary key,
  branch_id uuid not null,
  code text not null,
  name text not null,
  kind text not null,
  measure text not null,
  price_minor bigint not null,
  currency text not null,
  valid_from date not null,
  valid_to date,
  version int not null,
  unique (branch_id, code, valid_from),
  check (valid_to >= valid_from)
);
create index price_item_order on price_item (code, id);
`;

const REPAIR = `
create table quote (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  ticket_id uuid not null,
  state text not null,
  total_minor bigint not null,
  currency text not null,
  lines jsonb not null,
  own_materials jsonb not null default '[]',
  given_at timestamptz not null,
  given_by text not null,
  answered_at timestamptz,
  answered_by text,
  answer_note text,
  charged_at timestamptz
);
create index quote_ticket on quote (ticket_id, given_at, id);
create table ticket_charge (
  charge_id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  ticket_id uuid not null,
  amount_minor bigint not null,
  open_minor bigint not null,
  currency text not null,
  due_on date
);
create index ticket_charge_ticket on ticket_charge (ticket_id);
`;

const CALLBACK = `
create table callback (
  id uuid primary key,
  branch_id uuid not null,
  site_id uuid,
  ticket_id uuid not null,
  priority text not null,
  state text not null,
  due_at timestamptz not null,
  scheduled_at timestamptz not null,
  attempts jsonb not null default '[]',
  recorded_at timestamptz,
  recorded_by text,
  score int,
  price_agrees boolean,
  conduct_good boolean,
  words text,
  on_time boolean,
  version int not null
);
create index callback_due on callback (branch_id, due_at, id);
create index callback_due_anywhere on callback (due_at, id);
create index callback_ticket on callback (ticket_id, scheduled_at);
`;

/** What a repair needs beside the ticket: copies of customers and units, prices, quotes, charges, callbacks. */
export class Repairs1760000050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TICKET + COPIES + PRICES + REPAIR + CALLBACK);
    for (const table of ['seen_customer', 'price_item']) await runner.query(referenceTable(table));
    await runner.query(groupTable('merged_customer') + branchTable('known_property_unit', { site: true }));
    for (const table of ['quote', 'ticket_charge', 'callback'])
      await runner.query(branchTable(table, { site: true, rights: 'select, insert, update' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table callback, ticket_charge, quote, price_item, known_property_unit, merged_customer, seen_customer;
      alter table ticket drop customer_id, drop property_unit_id, drop slip_received_at, drop slip_received_by,
        drop quote_state, drop signed_at, drop signed_by, drop charged_at, drop rework_rounds, drop payment,
        drop root_cause_of, drop cause_check;`);
  }
}
