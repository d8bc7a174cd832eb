import { plumbingTable } from '@steward/platform';
import type { Migration, MigrationRunner } from '../migration-type.js';

const GUARDS = `
create table inbox (
  consumer text not null,
  event_id uuid not null,
  at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_age on inbox using brin (at);
create table applied_sequence (
  consumer text not null,
  aggregate_id uuid not null,
  sequence bigint not null,
  primary key (consumer, aggregate_id)
) with (fillfactor = 80);
`;

const PARKED = `
create table parked_event (
  id uuid primary key,
  consumer text not null,
  topic text not null,
  kafka_partition int not null,
  kafka_offset bigint not null,
  key text not null,
  type text,
  sequence bigint,
  branch uuid,
  headers jsonb not null,
  value bytea,
  code text not null,
  reason text not null,
  attempts int not null,
  parked_at timestamptz not null,
  next_retry_at timestamptz,
  unique (consumer, topic, kafka_partition, kafka_offset)
);
create index parked_event_key on parked_event (consumer, topic, key, sequence nulls first, kafka_offset);
`;

const WAITING = `
create table waiting_fact (
  pos bigint generated always as identity primary key,
  consumer text not null,
  for_id uuid not null,
  event_id uuid not null,
  branch uuid,
  headers jsonb not null,
  payload jsonb not null,
  held_at timestamptz not null default now(),
  unique (consumer, for_id, event_id)
);
`;

/** What consumers keep beside their effects: guards against repeats, parked events, facts that wait for another. */
export class Consumers1710000000002 implements Migration {
  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(GUARDS + PARKED + WAITING);
    for (const table of ['inbox', 'applied_sequence', 'parked_event', 'waiting_fact'])
      await runner.query(plumbingTable(table));
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('without its guards a consumer would repeat its effects'));
  }
}
