import { mayAppendFor, ownerFunctions, plumbingTable } from '@steward/platform';
import type { Migration, MigrationRunner } from '../migration-type.js';

// Names of the columns as Debezium's outbox router reads them, so that change capture may take the relay's place.
const OUTBOX = `
create table outbox (
  pos bigint generated always as identity,
  id uuid not null,
  aggregatetype text not null,
  aggregateid uuid not null,
  sequence bigint not null check (sequence > 0),
  type text not null,
  topic text not null,
  branch uuid,
  payload jsonb not null,
  headers jsonb not null,
  shard smallint not null,
  recorded_at timestamptz not null default now(),
  published_at timestamptz,
  kafka_partition smallint,
  kafka_offset bigint,
  primary key (pos, recorded_at)
) partition by range (recorded_at);
create index outbox_unpublished on outbox (pos) where published_at is null;
create table outbox_default partition of outbox default;
create unique index outbox_default_sequence on outbox_default (aggregateid, sequence);
`;

// The worker may not create tables, so the owner's functions do. Rows that came before their partition are moved into it.
const PARTITIONS = `
create function outbox_make_partition(month date) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part text := 'outbox_' || to_char(month, 'YYYY_MM');
  lower timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  upper timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
begin
  if to_regclass(part) is not null then return false; end if;
  execute format('create table %I (like outbox including defaults including constraints)', part);
  execute format('create unique index %I on %I (aggregateid, sequence)', part || '_sequence', part);
  execute format('alter table %I set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05)', part);
  execute format('with late as (delete from outbox_default where recorded_at >= %L and recorded_at < %L returning *)
                  insert into %I select * from late', lower, upper, part);
  execute format('alter table outbox attach partition %I for values from (%L) to (%L)', part, lower, upper);
  return true;
end $$;
create function outbox_drop_partition(month date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part text := 'outbox_' || to_char(month, 'YYYY_MM');
  waiting bigint;
begin
  execute format('lock table %I in access exclusive mode', part);
  execute format('select count(*) from %I where published_at is null', part) into waiting;
  if waiting > 0 then
    raise exception '% holds % unpublished events', part, waiting using errcode = '55000';
  end if;
  execute format('drop table %I', part);
end $$;
do $$ begin
  for i in 0..2 loop
    perform outbox_make_partition((date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date);
  end loop;
end $$;
`;

const REFILL = `
create table outbox_refill (
  shard smallint primary key,
  done_pos bigint not null,
  until_pos bigint
);
`;

// Nobody tells a fact of a branch that he may not write in; facts of the group follow from work in any branch.
const OF_SCOPE = `branch is null and (select app_scope(2)) <> '' or ${mayAppendFor('branch')}`;

/** Who may do what with the outbox and its functions. */
export const OUTBOX_RIGHTS =
  ownerFunctions('outbox_make_partition, outbox_drop_partition', 'worker') +
  plumbingTable('outbox', { appInserts: OF_SCOPE });

/** The outbox: a context's event history and what the relay publishes from it. */
export class Outbox1710000000000 implements Migration {
  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(OUTBOX + PARTITIONS + REFILL);
    await runner.query(OUTBOX_RIGHTS + plumbingTable('outbox_refill'));
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('the event history is never taken away'));
  }
}
