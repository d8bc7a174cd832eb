import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5000;
const LOCK = 727_002;

/** One change of the schema, applied once, in this order; `:app` stands for the quoted application role. */
type Migration = Readonly<{ name: string; sql: string }>;

const MIGRATIONS: readonly Migration[] = [
  {
    name: '001-issuer',
    sql: `
create table oidc_entry (
  model text not null,
  id text not null,
  payload jsonb not null,
  uid text,
  grant_id text,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_entry_uid on oidc_entry (model, uid) where uid is not null;
create index oidc_entry_grant on oidc_entry (grant_id) where grant_id is not null;
create index oidc_entry_expiry on oidc_entry (expires_at);
create table issuer_key (
  purpose text primary key,
  value jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);
create table login_attempt (
  login text primary key,
  failures int not null,
  last_at timestamptz not null
);
grant select, insert, update, delete on oidc_entry, login_attempt to :app;
grant select, insert on issuer_key to :app;
`,
  },
];

/** The names of all migrations, in order. */
export const migrationNames: readonly string[] = MIGRATIONS.map(({ name }) => name);

/** Brings the database up to date under the owner's role; an advisory lock lets several copies start at once. */
export async function runMigrations(migrationUrl: string, databaseUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: migrationUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default clock_timestamp())',
    );
    const { rows } = await client.query<{ name: string }>('select name from schema_migration');
    const applied = new Set(rows.map((row) => row.name));
    const app = pg.escapeIdentifier(decodeURIComponent(new URL(databaseUrl).username));
    for (const { name, sql } of MIGRATIONS.filter((migration) => !applied.has(migration.name))) {
      // Statements of one simple query are one transaction: a migration is applied whole or not at all.
      await client.query(
        `${sql.replaceAll(':app', app)}; insert into schema_migration (name) values (${pg.escapeLiteral(name)})`,
      );
    }
  } finally {
    await client.end();
  }
}
