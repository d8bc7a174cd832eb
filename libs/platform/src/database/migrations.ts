import { DataSource, type MigrationInterface } from 'typeorm';

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
  await dataSource.initialize();
  try {
    // The pool holds one connection, so the session lock and the migrations share it.
    await dataSource.query('select pg_advisory_lock($1)', [LOCK]);
    await dataSource.runMigrations();
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
