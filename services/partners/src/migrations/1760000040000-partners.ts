import { branchOrGroupTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { partnerTable } from './partner-table.js';

// The lock makes the order of positions the order of commits, whoever inserts: a position that is visible means that
// no smaller one is still to come. A statement's trigger runs before the identities of its rows are taken.
const LOG = `
create table partner_event (
  position bigint generated always as identity primary key,
  event_id uuid not null,
  branch_id uuid,
  type text not null,
  aggregate_id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  origin text not null,
  late boolean not null,
  actor text not null,
  correlation_id text not null,
  traceparent text,
  data jsonb not null,
  appended_at timestamptz not null default clock_timestamp()
);
create index partner_event_id on partner_event (event_id);
create index partner_event_recorded on partner_event (recorded_at, position);
create function partner_event_in_turn() returns trigger language plpgsql as
  $$ begin perform pg_advisory_xact_lock(727010, 1); return null; end $$;
create trigger partner_event_in_turn before insert on partner_event
  for each statement execute function partner_event_in_turn();
`;

const GRANT = `
create table partner_grant (
  id uuid primary key,
  partner_id uuid not null,
  client text not null,
  name text not null,
  event_types text[] not null,
  branch_ids uuid[],
  group_facts boolean not null,
  personal_fields text[] not null,
  state text not null check (state in ('active', 'revoked')),
  given_by text not null,
  given_at timestamptz not null,
  revoked_at timestamptz,
  version int not null
);
create index partner_grant_partner on partner_grant (partner_id);
create index partner_grant_given on partner_grant (given_at, id);
`;

const SUBSCRIPTION = `
create table endpoint (
  id uuid primary key,
  partner_id uuid not null,
  kind text not null check (kind in ('webhook', 'topic')),
  address text not null,
  state text not null check (state in ('open', 'suspended', 'disabled')),
  failures int not null default 0,
  suspended_at timestamptz,
  next_try_at timestamptz,
  last_error text,
  lease_owner uuid,
  lease_until timestamptz,
  lease_number bigint not null default 0,
  unique (partner_id, kind, address)
);
create table subscription (
  id uuid primary key,
  partner_id uuid not null,
  client text not null,
  name text not null,
  endpoint_id uuid not null,
  event_types text[] not null,
  branch_ids uuid[],
  filter jsonb not null,
  state text not null check (state in ('active', 'paused', 'disabled', 'ended')),
  state_reason text,
  made_at timestamptz not null,
  version int not null
);
create index subscription_partner on subscription (partner_id, made_at, id);
create index subscription_endpoint on subscription (endpoint_id);
create table subscription_cursor (
  id uuid primary key,
  partner_id uuid not null,
  position bigint not null,
  ahead bigint[] not null default '{}',
  rewinds int not null default 0,
  delivered bigint not null default 0,
  last_delivered_at timestamptz
) with (fillfactor = 50);
create table subscription_secret (
  id uuid primary key,
  partner_id uuid not null,
  subscription_id uuid not null,
  sealed bytea not null,
  made_at timestamptz not null,
  expires_at timestamptz
);
create index subscription_secret_of on subscription_secret (subscription_id);
`;

const DELIVERY = `
create table parked_delivery (
  id uuid primary key,
  partner_id uuid not null,
  subscription_id uuid not null,
  position bigint not null,
  event_id uuid not null,
  aggregate_id uuid not null,
  type text not null,
  state text not null check (state in ('refused', 'behind', 'due')),
  status int,
  attempts int not null,
  parked_at timestamptz not null,
  unique (partner_id, subscription_id, position)
);
create index parked_delivery_key on parked_delivery (subscription_id, aggregate_id, position);
create index parked_delivery_due on parked_delivery (subscription_id, position) where state = 'due';
create table delivery_attempt (
  id uuid primary key,
  partner_id uuid not null,
  subscription_id uuid not null,
  event_id uuid not null,
  type text not null,
  kind text not null check (kind in ('event', 'probe', 'resend', 'test')),
  at timestamptz not null,
  took_ms int not null,
  ok boolean not null,
  status int,
  error text,
  answer text
);
create index delivery_attempt_of on delivery_attempt (subscription_id, at, id);
create index delivery_attempt_event on delivery_attempt (subscription_id, event_id);
`;

const KEPT = 'select, insert, update';
const TABLES: Readonly<Record<string, string>> = {
  partner_grant: KEPT,
  endpoint: KEPT,
  subscription: KEPT,
  subscription_cursor: KEPT,
  subscription_secret: `${KEPT}, delete`,
  parked_delivery: `${KEPT}, delete`,
  delivery_attempt: 'select, insert, delete',
};

/** The partner log, grants, subscriptions and what deliveries need. Whose rows they are: partner-table.ts. */
export class Partners1760000040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOG + GRANT + SUBSCRIPTION + DELIVERY);
    await runner.query(branchOrGroupTable('partner_event', { rights: 'select, insert, delete' }));
    for (const [table, rights] of Object.entries(TABLES)) await runner.query(partnerTable(table, rights));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${Object.keys(TABLES).join(', ')}, partner_event;
      drop function partner_event_in_turn;`);
  }
}
