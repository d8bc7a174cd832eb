import { describe, expect, it } from '@jest/globals';
import {
  branchTable,
  importMigrations,
  platformMigrations,
  plumbingTable,
  type MigrationClass,
} from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { declaredIn } from '../test/declared-tables.js';
import {
  hasDatabase,
  migrationsOf,
  serviceNames,
  tablesWithoutPolicy,
  WITHOUT_BRANCHES,
} from '../test/service-databases.js';

const migration = (sql: string): MigrationClass =>
  class implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  };

const VISIT = 'create table visit (id uuid primary key, branch_id uuid not null);';

// The same is proved on real databases by row-security.int.spec.ts; this tells it within `npm run check`.
describe('tables that migrations make', () => {
  it.each(serviceNames.filter((name) => name !== WITHOUT_BRANCHES))(
    'ORG-01 every table of %s is under row-level security or declared as plumbing',
    async (service) => {
      if (!hasDatabase(service)) return expect(migrationsOf(service)).rejects.toThrow('does not export');
      const all = [...platformMigrations, ...(await migrationsOf(service))];
      expect(await tablesWithoutPolicy(all, declaredIn(service))).toEqual([]);
    },
  );

  it('ORG-01 a new table without a policy is found, however it is written', async () => {
    const found = (...statements: string[]) =>
      tablesWithoutPolicy(statements.map(migration), declaredIn('tickets'));
    expect(await found(VISIT)).toEqual(['visit']);
    expect(await found(VISIT, branchTable('visit'))).toEqual([]);
    expect(await found(VISIT + plumbingTable('visit'))).toEqual(['visit']);
    expect(await found('CREATE UNLOGGED TABLE IF NOT EXISTS "public"."visit" (id int)')).toEqual(['visit']);
    expect(
      await found('create table visit as select 1', 'create materialized view seen as select 1'),
    ).toEqual(['visit', 'seen']);
    expect(await found(VISIT + branchTable('visit').replace(/alter table visit force[^;]*;/, ''))).toEqual([
      'visit',
    ]);
  });

  it('the migrations of a service are those that its start runs, imports among them', async () => {
    expect(await migrationsOf('tickets')).toEqual(expect.arrayContaining([...importMigrations]));
  });
});
