import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { uniqueName } from './names.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe('test databases', () => {
  const made: TestDatabase[] = [];
  const name = uniqueName('spec');
  let migrations = 0;
  const migrate = async (ownerUrl: string, { app }: { app: string }) => {
    migrations += 1;
    await query(
      ownerUrl,
      `create table thing (name text); insert into thing values ('seeded'); grant select, insert on thing to ${app}`,
    );
  };
  const make = async (template: string) => {
    const database = await createTestDatabase(name, { template, migrate });
    made.push(database);
    return database;
  };
  afterAll(() => Promise.all(made.map((database) => database.drop())));

  it('are clones of a template that is migrated once, whoever asks first', async () => {
    const clones = await Promise.all([make('one'), make('one'), make('one')]);
    expect(migrations).toBe(1);
    expect(new Set(clones.map((clone) => clone.name)).size).toBe(3);
    await query(clones[0].appUrl, `insert into thing values ('mine')`);
    const counts = await Promise.all(
      clones.map((clone) => query(clone.appUrl, 'select count(*)::int from thing')),
    );
    expect(counts.map(([row]) => row?.count)).toEqual([2, 1, 1]);
  });

  it('are migrated anew for another state of the migrations', async () => {
    await make('two');
    expect(migrations).toBe(2);
  });

  it('give roles that can neither bypass row security nor change tables', async () => {
    const database = await make('one');
    const roles = await query(
      database.adminUrl,
      'select rolname, rolsuper, rolbypassrls from pg_roles where rolname like $1',
      [`${name}\\_%`],
    );
    expect(roles).toHaveLength(3);
    expect(roles.filter((role) => role.rolsuper || role.rolbypassrls)).toEqual([]);
    await expect(query(database.appUrl, 'drop table thing')).rejects.toThrow('must be owner');
    await expect(query(database.workerUrl, 'select * from thing')).rejects.toThrow('permission denied');
  });

  it('leave no half-made template when the migration fails', async () => {
    const fail = () => Promise.reject(new Error('bad migration'));
    await expect(createTestDatabase(name, { template: 'three', migrate: fail })).rejects.toThrow(
      'bad migration',
    );
    const database = await make('three');
    await expect(query(database.ownerUrl, 'select name from thing')).resolves.toEqual([{ name: 'seeded' }]);
  });

  it('can be dropped while somebody is connected', async () => {
    const database = await createTestDatabase(name, { template: 'one', migrate });
    const idle = new pg.Client({ connectionString: database.appUrl });
    idle.on('error', () => undefined);
    await idle.connect();
    await database.drop();
    await expect(query(database.appUrl, 'select 1')).rejects.toThrow('does not exist');
    await idle.end().catch(() => undefined);
  });
});
