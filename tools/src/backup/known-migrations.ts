import { platformMigrations, type MigrationClass } from '@steward/platform';
import { BackupError } from './backup-error.js';
import type { Manifest } from './manifest.js';

/** The names of the migrations that this version knows, by service. */
export type KnownMigrations = Readonly<Record<string, readonly string[]>>;

const named = (migrations: readonly MigrationClass[]): string[] =>
  [...platformMigrations, ...migrations].map(({ name }) => name);

/** What the services of this version would bring their databases to. */
export async function knownMigrations(): Promise<KnownMigrations> {
  const [identity, organisation, tickets, insights] = await Promise.all([
    import('@steward/service-identity'),
    import('@steward/service-organisation'),
    import('@steward/service-tickets'),
    import('@steward/service-insights'),
  ]);
  return {
    identity: identity.migrationNames,
    organisation: named(organisation.migrations),
    tickets: named(tickets.migrations),
    insights: named(insights.migrations),
  };
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
