// SQL for migrations. Policies compare with sub-selects, so the scope is read once per statement and not once per row.

const grant = (table: string, app: string, worker: string): string => `
do $$ begin
  execute format('grant ${app} on ${table} to %I', current_setting('app.role'));
  execute format('grant ${worker} on ${table} to %I', current_setting('app.worker_role'));
end $$;`;

const forced = (table: string): string => `
alter table ${table} enable row level security;
alter table ${table} force row level security;`;

const anyOf = (list: 'read' | 'write' | 'refs', columns: readonly string[]): string =>
  [
    `(select app_${list}_all())`,
    ...columns.map((column) => `${column} = any ((select app_${list}_ids())::uuid[])`),
  ].join(' or ');

const policies = (table: string, reads: string, writes: string): string => `
create policy ${table}_read on ${table} for select using (${reads});
create policy ${table}_insert on ${table} for insert with check (${writes});
create policy ${table}_update on ${table} for update using (${writes}) with check (${writes});
create policy ${table}_delete on ${table} for delete using (${writes});`;

export type TableRights = Readonly<{
  /** The table has a nullable `site_id`, and a caller bound to a site sees its rows only. */
  site?: boolean;
  /** Privileges of the application role; an append-only table takes `select, insert`. */
  rights?: string;
}>;

const ALL = 'select, insert, update, delete';

/** A table whose rows belong to one branch (`branch_id uuid not null`): seen and changed within scope only (ORG-01). */
export function branchTable(table: string, { site = false, rights = ALL }: TableRights = {}): string {
  const columns = site ? ['branch_id', 'site_id'] : ['branch_id'];
  return (
    forced(table) +
    policies(table, anyOf('read', columns), anyOf('write', columns)) +
    grant(table, rights, rights)
  );
}

/** Reference data of a branch, such as categories: read by everyone who works in the branch, also from one site. */
export function referenceTable(table: string, { rights = ALL }: TableRights = {}): string {
  return (
    forced(table) +
    policies(table, anyOf('refs', ['branch_id']), anyOf('write', ['branch_id'])) +
    grant(table, rights, rights)
  );
}

/** Group-level rows (policies, catalogues): read by all who have a scope, written under group scope only. */
export function groupTable(table: string, { rights = ALL }: TableRights = {}): string {
  return (
    forced(table) +
    policies(table, '(select app_scope(1)) is not null', '(select app_write_all())') +
    grant(table, rights, rights)
  );
}

/** Rows of a branch, or of the group where `branch_id` is null (the audit trail): group rows need group scope. */
export function branchOrGroupTable(table: string, { rights = ALL }: TableRights = {}): string {
  return branchTable(table, { rights });
}

/** A row of a branch (null: of the group) that is written beside others, also by a caller bound to one of its sites. */
export const mayAppendFor = (column: string): string =>
  `(select app_write_all()) or ${column} = any ((select app_write_ids())::uuid[])
  or ((select app_scope(2)) <> '' and ${column} = any ((select app_refs_ids())::uuid[]))`;

/**
 * Plumbing that route code must not read: the worker's role only. With `appInserts`, a condition over the new row, the
 * application role may insert what fulfils it and nothing else; the table's owner is not bound, so its functions work.
 */
export function plumbingTable(table: string, { appInserts }: Readonly<{ appInserts?: string }> = {}): string {
  const inserts = appInserts
    ? `alter table ${table} enable row level security;
create policy ${table}_insert on ${table} for insert with check (${appInserts});
do $$ begin
  execute format('grant insert on ${table} to %I', current_setting('app.role'));
  execute format('create policy ${table}_work on ${table} to %I using (true) with check (true)', current_setting('app.worker_role'));
end $$;`
    : '';
  return `${inserts}
do $$ begin
  execute format('grant ${ALL} on ${table} to %I', current_setting('app.worker_role'));
end $$;`;
}

/** Who may call functions that run with their owner's rights (`security definer set search_path = public, pg_temp`). */
export function ownerFunctions(names: string, callers: 'app and worker' | 'worker'): string {
  const roles = callers === 'worker' ? ['worker_role'] : ['role', 'worker_role'];
  const grants = roles.map(
    (role) => `execute format('grant execute on function ${names} to %I', current_setting('app.${role}'));`,
  );
  return `
revoke execute on function ${names} from public;
do $$ begin
  ${grants.join('\n  ')}
end $$;`;
}

/** Functions that the policies call; they raise when no scope is set, so that forgetting it fails loudly. */
export const SCOPE_FUNCTIONS = `
create function app_scope(part int) returns text language plpgsql stable parallel safe as $$
declare whole text := current_setting('app.scope', true);
begin
  if whole is null or whole = '' then
    raise exception 'app.scope is not set' using errcode = '42501';
  end if;
  return split_part(whole, ';', part);
end $$;
create function app_read_all() returns boolean language sql stable parallel safe as $$ select app_scope(1) = '*' $$;
create function app_write_all() returns boolean language sql stable parallel safe as $$ select app_scope(2) = '*' $$;
create function app_refs_all() returns boolean language sql stable parallel safe as $$ select app_scope(3) = '*' $$;
create function app_read_ids() returns uuid[] language sql stable parallel safe as
  $$ select string_to_array(nullif(nullif(app_scope(1), '*'), ''), ',')::uuid[] $$;
create function app_write_ids() returns uuid[] language sql stable parallel safe as
  $$ select string_to_array(nullif(nullif(app_scope(2), '*'), ''), ',')::uuid[] $$;
create function app_refs_ids() returns uuid[] language sql stable parallel safe as
  $$ select string_to_array(nullif(nullif(app_scope(3), '*'), ''), ',')::uuid[] $$;
`;
