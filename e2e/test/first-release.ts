import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { MigrationClass } from '@steward/platform';
import type { TestDatabase } from '@steward/testing';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOLDER = resolve(import.meta.dirname, '../fixtures/first-release');

const IN_ALL = [
  'PlatformTables1700000000000',
  'Outbox1710000000000',
  'PersonalOutbox1710000000001',
  'Consumers1710000000002',
  'DirectoryTables1700000002000',
];

/** The migrations that the first release ran, by service. */
export const FIRST_RELEASE: Readonly<Record<string, readonly string[]>> = {
  organisation: [...IN_ALL, 'ImportTables1700000000200', 'Organisation1760000020000'],
  tickets: [...IN_ALL, 'ImportTables1700000000200', 'Tickets1760000010000'],
  insights: [...IN_ALL, 'TicketFacts1760000020000'],
};

/** Every migration whose statements are kept. */
export const kept: readonly string[] = readdirSync(FOLDER).map((file) => file.replace('.sql', ''));

/** The migrations of the first release with the statements of then. */
export function firstRelease(service: string): MigrationClass[] {
  return FIRST_RELEASE[service]!.map((name) => {
    const sql = readFileSync(join(FOLDER, `${name}.sql`), 'utf8');
    class Then implements MigrationInterface {
      readonly name = name;
      async up(runner: QueryRunner): Promise<void> {
        await runner.query(sql);
      }
      down(): Promise<void> {
        return Promise.reject(new Error('not here'));
      }
    }
    return Object.defineProperty(Then, 'name', { value: name });
  });
}

const PARTS = [
  `select format('%s %s %s', table_name, column_name, data_type) from information_schema.columns where table_schema = 'public'`,
  `select format('policy %s on %s: %s %s %s %s', policyname, tablename, cmd, roles, qual, with_check) from pg_policies`,
  `select format('table %s: %s %s %s', relname, relrowsecurity, relforcerowsecurity, (select array_agg(a::text order by a::text) from unnest(relacl) a))
   from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
  `select format('function %s: %s %s', pg_get_functiondef(oid), proacl is null, (select array_agg(a::text order by a::text) from unnest(proacl) a))
   from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f' and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e')`,
  `select format('constraint %s of %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace`,
  `select indexdef from pg_indexes where schemaname = 'public'`,
  `select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal`,
];

/** What a database consists of, as sorted lines: tables, rights, policies, functions, constraints, indexes, triggers. */
export async function catalogOf({ adminUrl, roles }: TestDatabase): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const lines: string[] = [];
    for (const part of PARTS)
      lines.push(
        ...(await client.query<string[]>({ text: part, rowMode: 'array' })).rows.map(([line]) => line!),
      );
    const named = lines.map((line) =>
      Object.entries(roles).reduce((text, [role, name]) => text.replaceAll(name, `<${role}>`), line),
    );
    return named.sort();
  } finally {
    await client.end();
  }
}
