import { ownerFunctions } from '@steward/platform';

// Who sees a customer. The master is the group's; a link makes a customer visible in a branch, or at one of its sites.
// Nobody comes to see somebody by writing a link: links to known customers are made by the functions below only.

const linked = (list: 'read' | 'write', customer: string): string =>
  `(select app_${list}_all()) or exists (select from customer_branch l where l.customer_id = ${customer}
    and (l.branch_id = any ((select app_${list}_ids())::uuid[]) or l.site_id = any ((select app_${list}_ids())::uuid[])))`;

/** Policies of the master or of a table of its own rows, whose `customer` column names the customer. */
export const customerPolicies = (table: string, customer: string, rights: string): string => `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy ${table}_read on ${table} for select using (${linked('read', `${table}.${customer}`)});
create policy ${table}_insert on ${table} for insert with check (${linked('write', `${table}.${customer}`)});
create policy ${table}_update on ${table} for update using (${linked('write', `${table}.${customer}`)})
  with check (${linked('write', `${table}.${customer}`)});
create policy ${table}_delete on ${table} for delete using (${linked('write', `${table}.${customer}`)});
do $$ begin
  execute format('grant ${rights} on ${table} to %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
end $$;`;

/** A link may be written for a customer that does not exist yet; headquarters may link whomever. */
export const linkPolicies = `
create function app_customer_known(id uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as
  $$ select exists (select from customer_known k where k.id = app_customer_known.id) $$;
create function customer_becomes_known() returns trigger language plpgsql security definer set search_path = public, pg_temp as
  $$ begin insert into customer_known (id) values (new.id); return null; end $$;
revoke execute on function customer_becomes_known from public;
create trigger customer_becomes_known after insert on customer for each row execute function customer_becomes_known();
drop policy customer_branch_insert on customer_branch;
create policy customer_branch_insert on customer_branch for insert with check (
  (select app_write_all()) or (branch_id = any ((select app_write_ids())::uuid[]) or site_id = any ((select app_write_ids())::uuid[]))
  and not app_customer_known(customer_id));
drop policy customer_branch_update on customer_branch;
drop policy customer_branch_delete on customer_branch;
create policy customer_branch_delete on customer_branch for delete using ((select app_write_all()));
${ownerFunctions('app_customer_known', 'app and worker')}`;

/**
 * ACC-02: looks for customers of the whole group by their keys. Of those whom the caller sees it gives the id; of the
 * others only why, a masked name and a token that `link_found_customer` takes.
 */
const FIND = `
create function find_duplicates(wanted jsonb, for_branch uuid, for_whom text, until timestamptz)
returns table (customer_id uuid, token uuid, reasons text[], number text, masked_name text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        everything boolean := app_read_all();
        reads uuid[] := coalesce(app_read_ids(), '{}');
begin
  if not (app_refs_all() or for_branch = any (app_refs_ids())) then
    raise exception 'the branch is out of scope' using errcode = '42501';
  end if;
  perform set_config('app.scope', '*;*;*', true);
  return query
  with hit as (
    select k.customer_id as id, array_agg(distinct k.reason) as why from customer_key k
    join jsonb_to_recordset(wanted) as w(reason text, value text) on w.reason = k.reason and w.value = k.value
    group by k.customer_id order by count(distinct k.reason) desc, k.customer_id limit 20),
  known as (
    select h.id, h.why, c.number, p.masked_name, everything or exists (
      select from customer_branch l where l.customer_id = h.id and (l.branch_id = any (reads) or l.site_id = any (reads))) as own
    from hit h join customer c on c.id = h.id join customer_person p on p.customer_id = h.id where c.merged_into is null),
  seen as (
    insert into customer_sighting (token, customer_id, branch_id, seen_by, expires_at)
    select gen_random_uuid(), k.id, for_branch, for_whom, until from known k where not k.own
    returning customer_sighting.token, customer_sighting.customer_id as id)
  select case when k.own then k.id end, s.token, k.why, case when k.own then k.number end, k.masked_name
  from known k left join seen s on s.id = k.id order by k.own desc, cardinality(k.why) desc, k.id;
  perform set_config('app.scope', mine, true);
end $$;
${ownerFunctions('find_duplicates', 'app and worker')}`;

const LINK = `
create function link_found_customer(link_id uuid, shown uuid, at_site uuid, by_whom text, at timestamptz)
returns table (customer_id uuid, branch_id uuid) language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        sighting customer_sighting;
begin
  delete from customer_sighting s where s.token = shown and s.seen_by = by_whom and s.expires_at > at returning s.* into sighting;
  if sighting.token is null then return; end if;
  if not (app_write_all() or sighting.branch_id = any (app_write_ids()) or at_site = any (app_write_ids())) then
    raise exception 'the branch is out of scope' using errcode = '42501';
  end if;
  perform set_config('app.scope', '*;*;*', true);
  insert into customer_branch (id, customer_id, branch_id, site_id, how, linked_at, linked_by)
  values (link_id, sighting.customer_id, sighting.branch_id, at_site, 'confirmed', at, by_whom);
  perform set_config('app.scope', mine, true);
  return query select sighting.customer_id, sighting.branch_id;
end $$;
${ownerFunctions('link_found_customer', 'app and worker')}`;

/** The branches of a customer that the caller sees, for the topic of personal values. */
const BRANCHES = `
create function branches_of_customer(wanted uuid) returns uuid[] language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        ids uuid[];
begin
  if not exists (select from customer c where c.id = wanted) then return '{}'; end if;
  perform set_config('app.scope', '*;*;*', true);
  select coalesce(array_agg(distinct l.branch_id order by l.branch_id), '{}') into ids
  from customer_branch l where l.customer_id = wanted;
  perform set_config('app.scope', mine, true);
  return ids;
end $$;
${ownerFunctions('branches_of_customer', 'app and worker')}`;

/** Replaces a visible customer's keys; none when erased. */
const KEYS = `
create function keep_customer_keys(wanted uuid, keys jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from customer c where c.id = wanted) then
    raise exception 'the customer is out of scope' using errcode = '42501';
  end if;
  delete from customer_key k where k.customer_id = wanted;
  insert into customer_key (customer_id, reason, value)
  select wanted, r.reason, r.value from jsonb_to_recordset(keys) as r(reason text, value text) on conflict do nothing;
end $$;
${ownerFunctions('keep_customer_keys', 'app and worker')}`;

/** Whether a merge reaches branches in which the caller may not write: then headquarters decides. */
const REACH = `
create function merge_reaches_further(one uuid, other uuid) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        everything boolean := app_write_all();
        writes uuid[] := coalesce(app_write_ids(), '{}');
        further boolean;
begin
  perform set_config('app.scope', '*;*;*', true);
  select not everything and exists (select from customer_branch l where l.customer_id in (one, other)
    and not (l.branch_id = any (writes))) into further;
  perform set_config('app.scope', mine, true);
  return further;
end $$;
${ownerFunctions('merge_reaches_further', 'app and worker')}`;

/** Gives the survivor the links that only the merged customer has; gives the new ones. */
const CARRY = `
create function carry_links(merged uuid, survivor uuid, by_whom text, at timestamptz)
returns table (id uuid, branch_id uuid) language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
begin
  if merge_reaches_further(merged, survivor) then
    raise exception 'the merge is out of scope' using errcode = '42501';
  end if;
  perform set_config('app.scope', '*;*;*', true);
  return query insert into customer_branch as made (id, customer_id, branch_id, site_id, how, linked_at, linked_by)
  select gen_random_uuid(), survivor, l.branch_id, l.site_id, 'merge', at, by_whom from customer_branch l
  where l.customer_id = merged on conflict do nothing returning made.id, made.branch_id;
  perform set_config('app.scope', mine, true);
end $$;
${ownerFunctions('carry_links', 'app and worker')}`;

/** Takes back the links that a merge had given; gives the branches that no longer see the customer. */
const TAKE_BACK = `
create function take_back_links(links uuid[]) returns table (branch_id uuid) language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        everything boolean := app_write_all();
        writes uuid[] := coalesce(app_write_ids(), '{}');
begin
  perform set_config('app.scope', '*;*;*', true);
  if not everything and exists (select from customer_branch l where l.id = any (links) and not (l.branch_id = any (writes))) then
    raise exception 'the merge is out of scope' using errcode = '42501';
  end if;
  return query
  with gone as (delete from customer_branch l where l.id = any (links) and l.how = 'merge' returning l.customer_id, l.branch_id as branch)
  select distinct g.branch from gone g where not exists (
    select from customer_branch l where l.customer_id = g.customer_id and l.branch_id = g.branch and not l.id = any (links));
  perform set_config('app.scope', mine, true);
end $$;
${ownerFunctions('take_back_links', 'app and worker')}`;

/** Ids of customers whom the caller sees and whose name, phone or sound of name begins so; phones also by their end. */
const SEARCH = `
create function search_customers(terms jsonb, most int) returns uuid[] language plpgsql security definer set search_path = public, pg_temp as $$
declare mine text := current_setting('app.scope');
        everything boolean := app_read_all();
        reads uuid[] := coalesce(app_read_ids(), '{}');
        ids uuid[];
begin
  perform set_config('app.scope', '*;*;*', true);
  select coalesce(array_agg(hit.id), '{}') into ids from (
    select distinct k.customer_id as id from customer_key k
    join jsonb_to_recordset(terms) as t(reason text, starts text) on k.reason = t.reason and k.value like t.starts || '%'
    where everything or exists (select from customer_branch l where l.customer_id = k.customer_id
      and (l.branch_id = any (reads) or l.site_id = any (reads)))
    limit most) hit;
  perform set_config('app.scope', mine, true);
  return ids;
end $$;
${ownerFunctions('search_customers', 'app and worker')}`;

export const sightFunctions = [FIND, LINK, BRANCHES, KEYS, REACH, CARRY, TAKE_BACK, SEARCH].join('\n');
