import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GROUP_SCOPE, scopeOf, type Scope } from '../context.js';
import { Database, hotStatement, WorkerDatabase } from './database.js';
import { runMigrations } from './migrations.js';
import { platformMigrations } from './platform-migrations.js';
import { branchTable, groupTable, plumbingTable, referenceTable } from './row-security.js';

class Fixture1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table note (id uuid primary key, branch_id uuid not null, site_id uuid, body text not null);
      ${branchTable('note', { site: true })}
      create table label (id uuid primary key, branch_id uuid not null);
      ${referenceTable('label')}
      create table catalogue (id uuid primary key);
      ${groupTable('catalogue')}
      create table pipe (id int);
      ${plumbingTable('pipe', { appInserts: "(select app_scope(2)) <> ''" })}`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

const A = newId();
const B = newId();
const SITE = newId();

let db: TestDatabase;
let app: Database;
let worker: WorkerDatabase;

const add = (scope: Scope, branch: string, site: string | null = null): Promise<string> =>
  app.transaction(scope, async (tx) => {
    const id = newId();
    await tx.query('insert into note (id, branch_id, site_id, body) values ($1, $2, $3, $4)', [
      id,
      branch,
      site,
      'x',
    ]);
    return id;
  });
const ids = (scope: Scope): Promise<string[]> =>
  app.read(scope, async (tx) =>
    (await tx.query<{ id: string }>('select id from note order by id')).map((row) => row.id),
  );

beforeAll(async () => {
  db = await createTestDatabase('platform', {
    template: 'platform-fixture-3',
    migrate: (ownerUrl, roles) =>
      runMigrations(ownerUrl, [...platformMigrations, Fixture1700000000001], roles),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
  worker = await WorkerDatabase.connect({ url: db.workerUrl, name: 'test-worker' });
});
afterAll(async () => {
  await app?.close();
  await worker?.close();
  await db?.drop();
});

describe('scope in the database', () => {
  it('ORG-01 rows of another branch are neither seen nor changed nor made', async () => {
    const own = await add(scopeOf([A]), A);
    const other = await add(scopeOf([B]), B);
    expect(await ids(scopeOf([A]))).toContain(own);
    expect(await ids(scopeOf([A]))).not.toContain(other);
    expect(await ids(GROUP_SCOPE)).toEqual(expect.arrayContaining([own, other]));
    await expect(add(scopeOf([A]), B)).rejects.toMatchObject({ code: '42501' });
    const changed = await app.transaction(scopeOf([A]), (tx) =>
      tx.query('update note set body = $2 where id = $1 returning id', [other, 'taken']),
    );
    expect(changed).toEqual([]);
  });

  it('ORG-01 a caller bound to a site sees the rows of the site and the reference data of its branch', async () => {
    const atSite = await add(scopeOf([A]), A, SITE);
    const elsewhere = await add(scopeOf([A]), A);
    const scope = scopeOf([SITE], [A]);
    expect(await ids(scope)).toEqual([atSite]);
    expect(await ids(scope)).not.toContain(elsewhere);
    const label = newId();
    await app.transaction(scopeOf([A]), (tx) => tx.query('insert into label values ($1, $2)', [label, A]));
    const seen = await app.read(scope, (tx) => tx.query('select id from label'));
    expect(seen).toEqual([{ id: label }]);
    await expect(
      app.transaction(scope, (tx) => tx.query('insert into label values ($1, $2)', [newId(), A])),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('ORG-01 group rows are read by all and written under group scope only', async () => {
    await expect(
      app.transaction(scopeOf([A]), (tx) => tx.query('insert into catalogue values ($1)', [newId()])),
    ).rejects.toMatchObject({ code: '42501' });
    await app.transaction(GROUP_SCOPE, (tx) => tx.query('insert into catalogue values ($1)', [newId()]));
    expect(await app.read(scopeOf([A]), (tx) => tx.query('select * from catalogue'))).toHaveLength(1);
  });

  it('ORG-01 without a scope every access fails loudly, also on a used connection', async () => {
    for (let i = 0; i < 8; i++)
      await expect(app.pool.query('select * from note')).rejects.toMatchObject({ code: '42501' });
  });

  it('ORG-01 a transaction that fails leaves no scope on its connection', async () => {
    const one = await Database.connect({ url: db.appUrl, name: 'one', poolSize: 1 });
    const failing = one.transaction(GROUP_SCOPE, (tx) => tx.query('select 1 / 0'));
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await expect(one.pool.query('select * from note')).rejects.toThrow('app.scope is not set');
    await expect(
      one.transaction(GROUP_SCOPE, () => Promise.reject(new Error('left at once'))),
    ).rejects.toThrow('left');
    await expect(one.pool.query('select * from note')).rejects.toThrow('app.scope is not set');
    await one.close();
  });

  it('a reading transaction cannot write', async () => {
    await expect(
      app.read(GROUP_SCOPE, (tx) =>
        tx.query('insert into note values ($1, $2, null, $3)', [newId(), A, 'x']),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('plumbing is not readable by the application role, which may insert what its condition allows', async () => {
    await app.transaction(GROUP_SCOPE, (tx) => tx.query('insert into pipe values (1)'));
    await expect(
      app.read(GROUP_SCOPE, (tx) => tx.query('insert into pipe values (2)')),
    ).rejects.toMatchObject({
      code: '42501',
    });
    await expect(app.read(GROUP_SCOPE, (tx) => tx.query('select * from pipe'))).rejects.toMatchObject({
      code: '42501',
    });
    expect(await worker.read(GROUP_SCOPE, (tx) => tx.query('select * from pipe'))).toHaveLength(1);
    await expect(app.read(GROUP_SCOPE, (tx) => tx.query('select * from idempotency'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('the one-round-trip form writes under its scope, refuses another branch and leaks no scope', async () => {
    const statement = hotStatement(
      'note-hot',
      `with scope as materialized (select set_config('app.scope', $1, true) v)
       insert into note (id, branch_id, body) select $2, $3, 'hot' from scope where v is not null returning id`,
    );
    const id = newId();
    expect(await app.statement(scopeOf([A]), statement, [id, A])).toEqual([{ id }]);
    await expect(app.statement(scopeOf([A]), statement, [newId(), B])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(app.pool.query('select * from note')).rejects.toMatchObject({ code: '42501' });
    expect(() => hotStatement('bad', 'insert into note select 1')).toThrow('scope CTE');
  });

  it('refuses a scope that is not made of ids', async () => {
    await expect(ids(scopeOf(["a'; drop table note; --"]))).rejects.toThrow('not a unit id');
  });

  it('hooks run after the commit and not after a rollback', async () => {
    const seen: string[] = [];
    await app.transaction(GROUP_SCOPE, (tx) =>
      Promise.resolve(tx.afterCommit(() => void seen.push('committed'))),
    );
    await app
      .transaction(GROUP_SCOPE, (tx) => {
        tx.afterCommit(() => void seen.push('never'));
        return Promise.reject(new Error('no'));
      })
      .catch(() => undefined);
    expect(seen).toEqual(['committed']);
  });
});
