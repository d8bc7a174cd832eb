import { ownerFunctions, plumbingTable } from '@steward/platform';
import type { Migration, MigrationRunner } from '../migration-type.js';

const PERSONAL = `
create table personal_outbox (
  topic text not null,
  key text not null,
  value jsonb,
  traceparent text,
  version bigint not null default 1,
  published_version bigint not null default 0,
  changed_at timestamptz not null default now(),
  primary key (topic, key)
);
create index personal_outbox_unpublished on personal_outbox (topic, key) where published_version < version;
`;

/**
 * Route code may put values but never read them, so it goes through the owner's function, which refuses the person of
 * a branch (`branchId` in the value, old or new) that the caller may not write in.
 */
export const PERSONAL_PUT = `
create or replace function personal_outbox_put(a_topic text, entries jsonb, a_traceparent text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if app_scope(2) = '' or exists (
    select from jsonb_to_recordset(entries) e(key text, value jsonb)
      left join personal_outbox p on p.topic = a_topic and p.key = e.key,
      unnest(array[p.value ->> 'branchId', e.value ->> 'branchId']) branch
    where branch is not null and (app_write_all() or branch::uuid = any (app_write_ids())) is not true
  ) then
    raise exception 'no personal value for a branch out of scope' using errcode = '42501';
  end if;
  insert into personal_outbox as p (topic, key, value, traceparent)
  select a_topic, e.key, nullif(e.value, 'null'::jsonb), a_traceparent
  from jsonb_to_recordset(entries) e(key text, value jsonb) order by e.key
  on conflict (topic, key) do update
    set value = excluded.value, traceparent = excluded.traceparent, version = p.version + 1, changed_at = now();
end $$;
${ownerFunctions('personal_outbox_put', 'app and worker')}`;

/** Latest personal values per person, for the compacted topics. */
export class PersonalOutbox1710000000001 implements Migration {
  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(PERSONAL + PERSONAL_PUT);
    await runner.query(plumbingTable('personal_outbox'));
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('personal values are erased one by one, never with their table'));
  }
}
