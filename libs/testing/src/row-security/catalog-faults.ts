import pg from 'pg';
import type { Declared, ProofRoles } from './declared.js';

// $1 role of routes, $2 role of workers, $3 declared exceptions as JSON. Every row of a check is a fault.
const OURS = `not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;
const SCOPE_CALL = '(app_scope|app_(read|write|refs)_(all|ids))\\(';
const HEAD = `with declared as (select $3::jsonb d, $1::text app, $2::text worker),
  relation as (
    select c.oid, c.relname as name, c.relkind as kind, c.relispartition as part, c.relrowsecurity as secured,
      c.relforcerowsecurity as forced, c.reloptions as options, d -> 'plumbing' ->> c.relname as plumbing
    from declared, pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')),
  held as (
    select r.*, role.name as role, command, has_table_privilege(role.name, r.oid, command) as whole,
      case when command in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
        then has_any_column_privilege(role.name, r.oid, command)
        else has_table_privilege(role.name, r.oid, command) end as holds
    from relation r, (select app as name from declared union all select worker from declared) role,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) command
    where r.kind <> 'S')`;

const CHECKS: readonly string[] = [
  // the roles themselves
  `select format('role %s may more than log in', rolname) from pg_roles, declared
   where rolname in (app, worker) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
  `select format('role %s is a member of %s', member::regrole, roleid::regrole) from pg_auth_members, declared
   where member::regrole::text in (quote_ident(app), quote_ident(worker))`,
  `select format('%s belongs to %s', c.relname, r.rolname) from declared, pg_class c join pg_roles r on r.oid = c.relowner
   where r.rolname in (app, worker)`,
  `select format('%s may create in schema %s', role, n.nspname) from declared, pg_namespace n, unnest(array[app, worker]) role
   where n.nspname ${OURS} and has_schema_privilege(role, n.oid, 'CREATE')`,
  `select 'default privileges are set: ' || defaclacl::text from pg_default_acl, declared`,
  // tables
  `select format('table %s is neither under row-level security nor declared as plumbing', name) from relation
   where kind in ('r', 'p') and not part and plumbing is null and not secured`,
  `select format('table %s: row-level security is not forced', name) from relation
   where kind in ('r', 'p') and not part and plumbing is null and secured and not forced`,
  `select format('declared plumbing %s is under forced row-level security', name) from relation
   where plumbing is not null and forced`,
  `select format('%s holds %s on plumbing %s', role, command, name) from held, declared
   where plumbing is not null and holds and case plumbing when 'all read' then command <> 'SELECT'
     else role = app and not (command = 'INSERT' and plumbing = 'worker, app inserts') end`,
  `select format('%s holds %s on %s', role, command, name) from held
   where kind in ('r', 'p', 'v', 'm', 'f') and holds and command in ('TRUNCATE', 'REFERENCES', 'TRIGGER')`,
  `select format('%s holds %s on partition %s, past the policies of its table', role, command, name) from held where part and holds`,
  // policies
  `select format('table %s: no policy for %s of %s', name, command, role) from held, declared
   where kind in ('r', 'p') and not part and holds and command in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
     and (plumbing is null or (role = app and command = 'INSERT'))
     and not (secured and exists (select from pg_policy p where p.polrelid = held.oid and p.polpermissive
       and (p.polroles = '{0}' or role::regrole = any (p.polroles))
       and p.polcmd in ('*', case command when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end)))`,
  `select format('policy %s on %s does not ask for the scope', p.polname, r.name)
   from declared, relation r join pg_policy p on p.polrelid = r.oid,
     unnest(array[pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)]) expression
   where expression is not null and expression !~ '${SCOPE_CALL}'
     and (p.polroles = '{0}' or (select app::regrole) = any (p.polroles) or r.plumbing is null)
     and not exists (select from pg_depend d join relation other on other.oid = d.refobjid and other.forced
       where d.classid = 'pg_policy'::regclass and d.objid = p.oid and other.oid <> r.oid)`,
  // views, sequences, rules
  `select format('view %s reads with its owner''s rights', name) from held
   where kind = 'v' and holds and not coalesce(options @> '{security_invoker=true}', false)`,
  `select format('%s can be read by %s, past every policy', name, role) from held where kind in ('m', 'f') and holds`,
  `select format('%s may use sequence %s, which counts rows of all branches', app, name) from relation, declared
   where kind = 'S' and has_sequence_privilege(app, oid, 'USAGE, SELECT, UPDATE')`,
  `select format('rule %s on %s rewrites statements', rulename, tablename) from pg_rules, declared where schemaname not in ('pg_catalog', 'information_schema')`,
];

const FUNCTIONS: readonly string[] = [
  `select format('function %s runs with its owner''s rights and is not declared', p.proname) from function p
   where p.prosecdef and may is null`,
  `select format('function %s: its search_path is not fixed with pg_temp last', p.proname) from function p
   where p.prosecdef and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp"?$')`,
  `select format('function %s may be executed by everyone', p.proname) from function p
   where p.prosecdef and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
  `select format('function %s may be executed by %s', p.proname, app) from function p, declared
   where p.prosecdef and may <> 'app and worker' and has_function_privilege(app, p.oid, 'EXECUTE')`,
  `select format('function %s may be executed by %s', p.proname, worker) from function p, declared
   where p.prosecdef and may = 'nobody' and has_function_privilege(worker, p.oid, 'EXECUTE')`,
  `select format('function %s is called leakproof', p.proname) from function p where p.proleakproof`,
];
const FUNCTION = `, function as (select p.*, d -> 'ownerFunctions' ->> p.proname as may
  from declared, pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname ${OURS})`;

// An id is a random uuid that only its owner knows; anything else can be guessed, and its conflict tells.
const KEYS: readonly string[] = [
  `select format('unique key %s of %s can be guessed from another branch', i.relname, r.name)
   from declared, relation r join pg_index x on x.indrelid = r.oid and x.indisunique join pg_class i on i.oid = x.indexrelid
   where r.kind in ('r', 'p') and not r.part and r.plumbing is null and not d -> 'groupKeys' ? i.relname
     and has_any_column_privilege(app, r.oid, 'INSERT, UPDATE')
     and not exists (select from pg_attribute a where a.attrelid = r.oid and a.attnum = any (x.indkey::int2[])
       and a.atttypid = 'uuid'::regtype)
     and not exists (select from pg_attribute a where a.attrelid = r.oid and a.attidentity = 'a'
       and a.attnum = any (x.indkey::int2[]))`,
  `select format('foreign key %s of %s leaves out the branch', k.conname, r.name)
   from declared, pg_constraint k join relation r on r.oid = k.conrelid join relation other on other.oid = k.confrelid
   where k.contype = 'f' and other.secured and not d -> 'groupKeys' ? k.conname
     and not exists (select from pg_constraint same, pg_attribute a where same.contype = 'f' and same.conrelid = k.conrelid
       and same.confrelid = k.confrelid and same.conkey @> k.conkey
       and a.attrelid = same.conrelid and a.attnum = any (same.conkey) and a.attname = 'branch_id')`,
];

/**
 * Looks through the catalog of a migrated database for whatever would let a role past row-level security (ORG-01):
 * every table, partition, view, sequence, function, unique and foreign key that exists, not a list of known ones.
 * @param adminUrl address of an administrator of the database
 * @returns one sentence per fault; none when all is closed
 */
export async function catalogFaults(
  adminUrl: string,
  roles: ProofRoles,
  declared: Declared,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const faults: string[] = [];
    const statements = [
      ...[...CHECKS, ...KEYS].map((check) => HEAD + check),
      ...FUNCTIONS.map((check) => HEAD + FUNCTION + check),
    ];
    for (const text of statements) {
      const values = [roles.app, roles.worker, JSON.stringify(declared)];
      const { rows } = await client.query<[string]>({ text, values, rowMode: 'array' });
      faults.push(...rows.map(([fault]) => fault));
    }
    return faults;
  } finally {
    await client.end();
  }
}
