import { platformMigrations, type MigrationClass } from '@steward/platform';
import { API_SERVICE_NAMES, API_SERVICES } from '../api-services.js';
import { BackupError } from './backup-error.js';
import type { Manifest } from './manifest.js';

/** The names of the migrations that this version knows, by service. */
export type KnownMigrations = Readonly<Record<string, readonly string[]>>;

const named = (migrations: readonly MigrationClass[]): string[] =>
  [...platformMigrations, ...migrations].map(({ name }) => name);

/** What the services of this version would bring their databases to. */
export async function knownMigrations(): Promise<KnownMigrations> {
  const { migrationNames } = await import('@steward/service-identity');
  const known: Record<string, readonly string[]> = { identity: migrationNames };
  for (const name of API_SERVICE_NAMES) known[name] = named((await API_SERVICES[name]()).migrations);
  return known;
}

/** Throws `BackupError` when the backup comes from a newer version: its databases cannot be taken back to this one. */
export function refuseNewer({ services }: Manifest, known: KnownMigrations): void {
  const newer = services.flatMap(({ name, migrations }) => {
    const own = known[name];
    if (!own) return [`there is no service ${name} here`];
    return migrations
      .filter((migration) => !own.includes(migration))
      .map((migration) => `${name} has ${migration}`);
  });
  if (newer.length > 0)
    throw new BackupError(
      `The backup was made by a newer version than this one; restore it with that version:\n  ${newer.join('\n  ')}`,
    );
}
