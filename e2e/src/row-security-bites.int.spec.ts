import { afterEach, describe, expect, it } from '@jest/globals';
import { branchTable, platformMigrations, runMigrations, type MigrationClass } from '@steward/platform';
import { catalogFaults, createTestDatabase, proveRows, type TestDatabase } from '@steward/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { declaredIn } from '../test/declared-tables.js';

const VISIT = 'create table visit (id uuid primary key, branch_id uuid not null, text text not null);';
const TO_APP = (rights: string, name: string): string =>
  `do $$ begin execute format('grant ${rights} on ${name} to %I', current_setting('app.role')); end $$;`;

let database: TestDatabase | undefined;
afterEach(() => database?.drop());

async function migrated(sql: string): Promise<TestDatabase> {
  class Fixture1700000000001 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  }
  const fixture: MigrationClass = Fixture1700000000001;
  database = await createTestDatabase('rows_bites');
  await runMigrations(database.ownerUrl, [...platformMigrations, fixture], database.roles);
  return database;
}

const found = async (sql: string): Promise<string> => {
  const { adminUrl, roles } = await migrated(sql);
  return (await catalogFaults(adminUrl, roles, declaredIn('fixture'))).join('\n');
};

describe('the proof of row-level security', () => {
  it.each([
    ['a table without a policy', VISIT, 'table visit is neither under row-level security nor declared'],
    [
      'row-level security that the owner is free of',
      VISIT + branchTable('visit').replace(/alter table visit force[^;]*;/, ''),
      'row-level security is not forced',
    ],
    [
      'a missing policy',
      VISIT + branchTable('visit').replace(/create policy visit_delete[^;]*;/, ''),
      'no policy for DELETE',
    ],
    [
      'a policy that is open',
      `${VISIT}${branchTable('visit')} create policy open on visit for select using (true);`,
      'policy open on visit does not ask for the scope',
    ],
    [
      'a view with its owner`s rights',
      `${VISIT}${branchTable('visit')} create view visits as select * from visit; ${TO_APP('select', 'visits')}`,
      "view visits reads with its owner's rights",
    ],
    [
      'a materialized view',
      `create materialized view counts as select 1 as n; ${TO_APP('select', 'counts')}`,
      'counts can be read by rows_bites_app',
    ],
    [
      'a partition that can be reached past its table',
      `create table visit (id uuid, branch_id uuid not null) partition by hash (branch_id); ${branchTable('visit')}
       create table visit_0 partition of visit for values with (modulus 1, remainder 0); ${TO_APP('select', 'visit_0')}`,
      'rows_bites_app holds SELECT on partition visit_0',
    ],
    [
      'truncate',
      `${VISIT}${branchTable('visit')} ${TO_APP('truncate', 'visit')}`,
      'rows_bites_app holds TRUNCATE on visit',
    ],
    [
      'plumbing that route code reads',
      TO_APP('select', 'audit_head'),
      'rows_bites_app holds SELECT on plumbing audit_head',
    ],
    [
      'one column of plumbing',
      TO_APP('select (answer)', 'idempotency'),
      'rows_bites_app holds SELECT on plumbing idempotency',
    ],
    [
      'a function with its owner`s rights',
      `create function visits() returns bigint language sql security definer set search_path = public as 'select count(*) from audit';`,
      'function visits runs with its owner',
    ],
    [
      'a sequence',
      `create sequence visit_number; ${TO_APP('usage', 'sequence visit_number')}`,
      'may use sequence visit_number',
    ],
    [
      'a unique key without the branch',
      `create table visit (id uuid primary key, branch_id uuid not null, number text unique); ${branchTable('visit')}`,
      'unique key visit_number_key of visit can be guessed',
    ],
    [
      'a foreign key without the branch',
      `${VISIT}${branchTable('visit')} create table note (id uuid primary key, branch_id uuid not null, visit_id uuid references visit);
       ${branchTable('note')}`,
      'foreign key note_visit_id_fkey of note leaves out the branch',
    ],
  ])('ORG-01 finds %s', async (_title, sql, fault) => {
    expect(await found(sql)).toContain(fault);
  });

  it('ORG-01 finds by trying what a policy lets through although it names the scope', async () => {
    const loose = `${VISIT}${branchTable('visit')}
      create policy loose_read on visit for select using ((select app_scope(1)) is not null);
      create policy loose_write on visit for update using ((select app_scope(1)) is not null);`;
    const declared = declaredIn('fixture');
    const { adminUrl, roles } = await migrated(loose);
    expect(await catalogFaults(adminUrl, roles, declared)).toEqual([]);
    const faults = (await proveRows(database!, declared)).faults.join('\n');
    for (const way of [
      'select',
      'a leaky function',
      'a cursor',
      'copy to',
      'a kept plan',
      'update',
      'move away',
      'merge update',
    ])
      expect(faults).toMatch(new RegExp(`rows_bites_app, visit, .*, ${way}.*: (shows|changed|made)`));
    expect(faults).toContain('visit, reading scope, update: changed the row of');
    expect(faults).not.toContain('delete:');
  });

  it('ORG-01 finds rows that are seen where no scope was set', async () => {
    const silent =
      VISIT +
      branchTable('visit').replaceAll(
        'app_read_all()',
        "coalesce(current_setting('app.scope', true), '') = ''",
      );
    await migrated(silent);
    const { faults } = await proveRows(database!, declaredIn('fixture'));
    expect(faults.join('\n')).toMatch(/rows_bites_app, visit, no scope, select: /);
  });
});
