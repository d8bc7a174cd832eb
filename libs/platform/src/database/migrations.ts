import { DataSource, type MigrationInterface } from 'typeorm';
import { connected } from './connected.js';

export type MigrationClass = new () => MigrationInterface;

/** The names of a service's database roles; migrations grant to them. */
export type DatabaseRoles = Readonly<{ app: string; worker: string }>;

const LOCK = 727_001;

/**
 * Brings a database up to date with the owner's role: under an advisory lock, so that several copies may start at once.
 * The application's and the worker's role are known to the migrations as the settings `app.role` and `app.worker_role`.
 */
export async function runMigrations(
  ownerUrl: string,
  migrations: readonly MigrationClass[],
  roles: DatabaseRoles,
): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: 1,
    extra: { options: `-c app.role=${roleName(roles.app)} -c app.worker_role=${roleName(roles.worker)}` },
  });
  await connected(ownerUrl, dataSource.initialize());
  try {
    // The pool holds one connection, so the session lock and the migrations share it.
    await dataSource.query('select pg_advisory_lock($1)', [LOCK]);
    await dataSource.runMigrations();
    // a service that does not migrate by itself looks with its own role whether somebody has
    await dataSource.query(
      `grant select on schema_migration to ${roleName(roles.app)}, ${roleName(roles.worker)}`,
    );
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Makes sure, without changing anything, that a database is up to date.
 * @throws Error naming the migrations that are missing and how to run them
 */
export async function requireMigrations(url: string, migrations: readonly MigrationClass[]): Promise<void> {
  const dataSource = new DataSource({ type: 'postgres', url, poolSize: 1 });
  await connected(url, dataSource.initialize());
  try {
    const [table] = await dataSource.query<{ readable: boolean | null }[]>(
      `select has_table_privilege(to_regclass('schema_migration'), 'select') readable`,
    );
    const rows = table?.readable
      ? await dataSource.query<{ name: string }[]>('select name from schema_migration')
      : [];
    const applied = new Set(rows.map(({ name }) => name));
    const missing = migrations.map(({ name }) => name).filter((name) => !applied.has(name));
    if (missing.length > 0)
      throw new Error(
        `The database ${new URL(url).pathname.slice(1)} lacks ${missing.length} migration(s): ${missing.join(', ')}. ` +
          'Run the service with the argument "migrate" first, or without MIGRATE_ON_START=false.',
      );
  } finally {
    await dataSource.destroy();
  }
}

const roleName = (name: string): string => {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`not a role name: ${name}`);
  return name;
};

/** The roles named in connection addresses, as `runMigrations` wants them. */
export function rolesFromUrls(appUrl: string, workerUrl: string): DatabaseRoles {
  return {
    app: decodeURIComponent(new URL(appUrl).username),
    worker: decodeURIComponent(new URL(workerUrl).username),
  };
}
