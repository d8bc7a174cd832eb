import { branchTable, plumbingTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { customerPolicies, linkPolicies, sightFunctions } from './customer-sight.js';

const CUSTOMER = `
create table customer (
  id uuid primary key,
  number text not null,
  kind text not null check (kind in ('person', 'company')),
  registered_in uuid not null,
  active boolean not null default true,
  inactive_since timestamptz,
  merged_into uuid,
  legal_hold boolean not null default false,
  erased_at timestamptz,
  registered_at timestamptz not null,
  version int not null,
  sequence int not null,
  unique (registered_in, number)
);
create index customer_registered on customer (registered_at, id);
create table customer_person (
  customer_id uuid primary key,
  name text not null,
  masked_name text not null,
  phones jsonb not null,
  vehicles jsonb not null,
  id_number text,
  address text
);
create table customer_branch (
  id uuid primary key,
  customer_id uuid not null,
  branch_id uuid not null,
  site_id uuid,
  how text not null check (how in ('registered', 'confirmed', 'merge')),
  linked_at timestamptz not null,
  linked_by text not null,
  unique nulls not distinct (branch_id, customer_id, site_id)
);
create index customer_branch_customer on customer_branch (customer_id);
`;

const PLUMBING = `
create table customer_known (id uuid primary key);
create table customer_key (
  customer_id uuid not null,
  reason text not null,
  value text not null,
  primary key (customer_id, reason, value)
);
create index customer_key_value on customer_key (reason, value text_pattern_ops);
create table customer_sighting (
  token uuid primary key,
  customer_id uuid not null,
  branch_id uuid not null,
  seen_by text not null,
  expires_at timestamptz not null
);
create index customer_sighting_expired on customer_sighting (expires_at);
`;

const CONTACT = `
create table contact (
  id uuid primary key,
  customer_id uuid not null,
  role text not null,
  name text not null,
  phone text,
  valid_from date not null,
  valid_to date,
  proof text,
  version int not null,
  check (valid_to >= valid_from)
);
create index contact_customer on contact (customer_id, valid_from, id);
`;

const MERGE = `
create table customer_merge (
  id uuid primary key,
  customer_id uuid not null,
  into_customer_id uuid not null,
  branch_id uuid not null,
  state text not null check (state in ('proposed', 'rejected', 'done', 'undone')),
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  links uuid[] not null default '{}',
  version int not null
);
create unique index customer_merge_open on customer_merge (branch_id, customer_id) where state = 'proposed';
create index customer_merge_asked on customer_merge (asked_at, id);
`;

/** The customer master: who sees whom is in customer-sight.ts and in the README. */
export class Customers1760000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kept = 'select, insert, update';
    await runner.query(CUSTOMER + PLUMBING + CONTACT + MERGE);
    await runner.query(branchTable('customer_branch', { site: true, rights: 'select, insert' }));
    await runner.query(customerPolicies('customer', 'id', kept));
    await runner.query(customerPolicies('customer_person', 'customer_id', `${kept}, delete`));
    await runner.query(customerPolicies('contact', 'customer_id', `${kept}, delete`));
    await runner.query(branchTable('customer_merge', { rights: kept }));
    for (const table of ['customer_known', 'customer_key', 'customer_sighting'])
      await runner.query(plumbingTable(table));
    await runner.query(linkPolicies + sightFunctions);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function search_customers, take_back_links, carry_links, merge_reaches_further,
      keep_customer_keys, branches_of_customer, link_found_customer, find_duplicates;
      drop table customer_merge, contact, customer_sighting, customer_key, customer_branch, customer_person, customer, customer_known;
      drop function app_customer_known, customer_becomes_known;`);
  }
}
