import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrateService, type MigrationClass, type PlatformConfig } from '@steward/platform';
import { createTestDatabase, type Declared, type TestDatabase } from '@steward/testing';
import type { QueryRunner } from 'typeorm';

const SERVICES = resolve(import.meta.dirname, '../../services');

/** Every service that has a folder, so that a new one is looked at without being named anywhere. */
export const serviceNames: readonly string[] = readdirSync(SERVICES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** Whether a service brings a driver of PostgreSQL, directly or with the platform's migrations. */
export function hasDatabase(service: string): boolean {
  const { dependencies = {} } = JSON.parse(readFileSync(join(SERVICES, service, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return 'pg' in dependencies || 'typeorm' in dependencies;
}

/** The development issuer keeps no business data and brings its tables by itself. */
export const WITHOUT_BRANCHES = 'identity';

/** The migrations of a service, the platform's aside. */
export async function migrationsOf(service: string): Promise<readonly MigrationClass[]> {
  const code = (await import(`@steward/service-${service}`)) as { migrations?: readonly MigrationClass[] };
  if (!code.migrations) throw new Error(`service ${service} does not export its migrations`);
  return code.migrations;
}

/** A database of a service as its own start makes it. */
export async function migratedDatabase(service: string): Promise<TestDatabase> {
  const database = await createTestDatabase(`rows_${service}`);
  const { appUrl: url, workerUrl, ownerUrl: migrationUrl } = database;
  const config = { database: { url, workerUrl, migrationUrl, poolSize: 1 } } as unknown as PlatformConfig;
  await migrateService(config, await migrationsOf(service));
  return database;
}

const CREATED =
  /create\s+(?:(?:unlogged|global|local)\s+)*(?:table|materialized\s+view)\s+(?:if\s+not\s+exists\s+)?(?:"?public"?\.)?"?(\w+)"?(?!\w)(?!\s+partition\s+of)/gi;

/** Tables that migrations make without forcing row-level security on them and that are no declared plumbing. */
export async function tablesWithoutPolicy(
  migrations: readonly MigrationClass[],
  declared: Declared,
): Promise<string[]> {
  let sql = '';
  const runner = {
    query: (text: string) => {
      sql += `${text};\n`;
      return Promise.resolve([]);
    },
  } as unknown as QueryRunner;
  for (const Migration of migrations) await new Migration().up(runner);
  return [...sql.matchAll(CREATED)]
    .map(([, name]) => name!)
    .filter((name) => !(name in declared.plumbing))
    .filter((name) => !new RegExp(`alter table ${name} force row level security`).test(sql));
}
