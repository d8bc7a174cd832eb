const mine = (list: 'read' | 'write', table: string): string =>
  `(select app_${list}_all()) or ${table}.partner_id = any ((select app_${list}_ids())::uuid[])`;

/**
 * SQL that puts a table under row-level security by its `partner_id`: a partner's transaction names it in its scope in
 * place of branches, headquarters' and the workers' have all.
 */
export const partnerTable = (table: string, rights: string): string => `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy ${table}_read on ${table} for select using (${mine('read', table)});
create policy ${table}_insert on ${table} for insert with check (${mine('write', table)});
create policy ${table}_update on ${table} for update using (${mine('write', table)}) with check (${mine('write', table)});
create policy ${table}_delete on ${table} for delete using (${mine('write', table)});
do $$ begin
  execute format('grant ${rights} on ${table} to %I, %I', current_setting('app.role'), current_setting('app.worker_role'));
end $$;`;
