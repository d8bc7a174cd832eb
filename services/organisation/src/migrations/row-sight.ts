import { ownerFunctions } from '@steward/platform';

// Reads that differ from "rows of your branches": the platform's builders make the rest. As there, lists come from
// sub-selects, so that they are read once per statement.

/**
 * The regions and the group above the branches that a caller works in. The pairs lie in a table without a policy of its
 * own that route code cannot read: a policy on `unit` that reads `unit` would never end.
 */
export const unitSightFunction = `
create or replace function app_units_above() returns uuid[] language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct unit_id), '{}') from unit_above where branch_id = any (app_refs_ids())
$$;${ownerFunctions('app_units_above', 'app and worker')}`;

/** Replaces who may read a table; whoever reads all references reads all of it. */
export const withReads = (table: string, reads: string): string => `
drop policy ${table}_read on ${table};
create policy ${table}_read on ${table} for select using ((select app_refs_all()) or ${reads});`;

const covered = (list: 'read' | 'write', columns: readonly string[]): string =>
  [
    `(select app_${list}_all())`,
    ...columns.map((column) => `${column} = any ((select app_${list}_ids())::uuid[])`),
  ].join(' or ');

const replaced = (table: string, action: 'select' | 'insert' | 'update', condition: string): string => {
  const name = `${table}_${action === 'select' ? 'read' : action}`;
  const clause = {
    select: `using (${condition})`,
    insert: `with check (${condition})`,
    update: `using (${condition}) with check (${condition})`,
  }[action];
  return `drop policy ${name} on ${table}; create policy ${name} on ${table} for ${action} ${clause};`;
};

const holdsRoleHere = (list: 'read' | 'write', employeeId: string): string =>
  `exists (select from role_grant g where g.employee_id = ${employeeId} and (${covered(list, ['g.branch_id', 'g.unit_id'])}))`;

/**
 * A branch sees whom it employs and who holds a role in it; it may give and take roles in it, which moves the
 * employee's version on. Names and phones are changed by the home branch only.
 */
export const employeePolicies = [
  replaced('role_grant', 'select', covered('read', ['branch_id', 'unit_id'])),
  replaced('role_grant', 'insert', covered('write', ['branch_id', 'unit_id'])),
  replaced('role_grant', 'update', covered('write', ['branch_id', 'unit_id'])),
  replaced(
    'employee',
    'select',
    `${covered('read', ['branch_id'])} or ${holdsRoleHere('read', 'employee.id')}`,
  ),
  replaced(
    'employee',
    'update',
    `${covered('write', ['branch_id'])} or ${holdsRoleHere('write', 'employee.id')}`,
  ),
  replaced(
    'employee_person',
    'select',
    `${covered('read', ['branch_id'])} or ${holdsRoleHere('read', 'employee_person.employee_id')}`,
  ),
].join('\n');
