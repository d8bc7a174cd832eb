import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mayAppendFor, ownerFunctions, plumbingTable, SCOPE_FUNCTIONS } from './row-security.js';

const AUDIT = `
create table audit (
  pos bigint generated always as identity primary key,
  id uuid not null unique,
  branch_id uuid,
  entity text not null,
  entity_id uuid not null,
  action text not null,
  actor text not null,
  at timestamptz not null,
  correlation_id text not null,
  reason text,
  changes jsonb not null,
  chain_seq bigint,
  chain_hash bytea
);
create index audit_unsealed on audit (pos) where chain_hash is null;
create unique index audit_chain on audit (branch_id, chain_seq) nulls not distinct where chain_seq is not null;
create index audit_record on audit (entity_id, pos);
create index audit_branch on audit (branch_id, pos);
create table audit_personal (
  audit_id uuid not null,
  field text not null,
  branch_id uuid,
  person_id uuid not null,
  from_value jsonb,
  to_value jsonb,
  primary key (audit_id, field)
);
create index audit_personal_person on audit_personal (person_id);
create table audit_head (
  chain uuid primary key,
  branch_id uuid,
  sequence bigint not null,
  hash bytea not null,
  sealed_at timestamptz not null,
  published_sequence bigint not null default 0,
  published_at timestamptz
);
create function audit_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.chain_hash is null and new.chain_hash is not null
     and (to_jsonb(old) - 'chain_seq' - 'chain_hash') = (to_jsonb(new) - 'chain_seq' - 'chain_hash') then
    return new;
  end if;
  raise exception 'the audit trail is append-only' using errcode = '42501';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_append_only();
create trigger audit_no_truncate before truncate on audit for each statement execute function audit_append_only();
`;

// A caller bound to a site writes trail rows of its branch, which it may not read.
const mayAppend = mayAppendFor('branch_id');
const mayRead = `(select app_read_all()) or branch_id = any ((select app_read_ids())::uuid[])`;

const AUDIT_POLICIES = ['audit', 'audit_personal']
  .map(
    (table) => `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy ${table}_read on ${table} for select using (${mayRead});
create policy ${table}_insert on ${table} for insert with check (${mayAppend});`,
  )
  .join('');

const AUDIT_RIGHTS = `
create policy audit_seal on audit for update using ((select app_write_all())) with check ((select app_write_all()));
create policy audit_personal_erase on audit_personal for delete using (${mayAppend});
do $$ begin
  execute format('grant select, insert on audit to %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
  execute format('grant update (chain_seq, chain_hash) on audit to %I', current_setting('app.worker_role'));
  execute format('grant select, insert, delete on audit_personal to %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
end $$;`;

const NUMBERS = `
create table number_counter (
  branch_id uuid not null,
  form text not null,
  year int not null,
  last bigint not null,
  primary key (branch_id, form, year)
);
create function next_number(branch uuid, of_form text, of_year int, how_many int) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare result bigint;
begin
  if (app_write_all() or branch = any (app_write_ids())
      or (app_scope(2) <> '' and branch = any (app_refs_ids()))) is not true then
    raise exception 'no number for a branch out of scope' using errcode = '42501';
  end if;
  insert into number_counter as c (branch_id, form, year, last) values (branch, of_form, of_year, how_many)
  on conflict (branch_id, form, year) do update set last = c.last + excluded.last
  returning last into result;
  return result;
end $$;
`;

const IDEMPOTENCY = `
create table idempotency (
  client text not null,
  route text not null,
  key text not null,
  hash text not null,
  answer jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (client, route, key)
);
create index idempotency_age on idempotency (created_at);
create function idempotency_claim(a_client text, a_route text, a_key text, a_hash text)
returns table (fresh boolean, known_hash text, known_answer jsonb)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  insert into idempotency (client, route, key, hash) values (a_client, a_route, a_key, a_hash) on conflict do nothing;
  if found then
    return query select true, a_hash, null::jsonb;
  else
    return query select false, i.hash, i.answer from idempotency i
      where i.client = a_client and i.route = a_route and i.key = a_key;
  end if;
end $$;
create function idempotency_finish(a_client text, a_route text, a_key text, an_answer jsonb) returns void
language sql volatile security definer set search_path = public, pg_temp as $$
  update idempotency set answer = an_answer where client = a_client and route = a_route and key = a_key
$$;
create function idempotency_seen(a_client text, a_route text, a_key text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from idempotency where client = a_client and route = a_route and key = a_key)
$$;
create function idempotency_store(a_client text, a_route text, a_key text, a_hash text, an_answer jsonb) returns boolean
language sql volatile security definer set search_path = public, pg_temp as $$
  insert into idempotency (client, route, key, hash, answer) values (a_client, a_route, a_key, a_hash, an_answer)
  returning true
$$;
`;

/** The functions of these tables that every role of the service calls. */
export const CALLABLE =
  'next_number, idempotency_claim, idempotency_finish, idempotency_seen, idempotency_store';

/** Scope functions, audit trail, number counters and idempotency answers of one service's database. */
export class PlatformTables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCOPE_FUNCTIONS);
    await runner.query(AUDIT + AUDIT_POLICIES + AUDIT_RIGHTS);
    await runner.query(NUMBERS + IDEMPOTENCY + ownerFunctions(CALLABLE, 'app and worker'));
    for (const table of ['audit_head', 'number_counter', 'idempotency'])
      await runner.query(plumbingTable(table));
  }

  async down(): Promise<void> {
    return Promise.reject(
      new Error('the platform tables are the ground of the others and are not taken away'),
    );
  }
}
