import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '@steward/testing';
import pg from 'pg';
import { databaseName, prepareDatabases, roleName, type DatabaseUrls } from './databases.js';

const adminUrl = process.env.STEWARD_TEST_ADMIN_URL!;
const passwordOf = (role: string) => `secret of ${role}'s`;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('databases of the services', () => {
  const [one, two] = [uniqueName('one'), uniqueName('two')];
  let urls: Record<string, DatabaseUrls>;
  beforeAll(async () => {
    urls = await prepareDatabases(adminUrl, [one, two], passwordOf);
  });
  afterAll(async () => {
    for (const service of [one, two]) {
      await query(adminUrl, `drop database ${databaseName(service)} with (force)`);
      for (const role of ['owner', 'app', 'worker'] as const)
        await query(adminUrl, `drop role ${roleName(service, role)}`);
    }
  });

  it('belong to a role that may build in them; the others may only connect', async () => {
    await query(urls[one]!.owner, 'create table thing (id int)');
    for (const url of [urls[one]!.app, urls[one]!.worker]) {
      await expect(query(url, 'select current_database() name')).resolves.toEqual([
        { name: databaseName(one) },
      ]);
      await expect(query(url, 'create table mine (id int)')).rejects.toThrow('permission denied');
    }
  });

  it('cannot be entered by the roles of another service', async () => {
    const foreign = new URL(urls[two]!.app);
    foreign.pathname = `/${databaseName(one)}`;
    await expect(query(foreign.href, 'select 1')).rejects.toThrow('permission denied for database');
  });

  it('are left as they are by a second start, which sets the passwords again', async () => {
    await query(adminUrl, `alter role ${roleName(one, 'app')} password 'other'`);
    await expect(prepareDatabases(adminUrl, [one, two], passwordOf)).resolves.toEqual(urls);
    await expect(query(urls[one]!.app, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('are made by an administrator who is no superuser, as managed PostgreSQL has it, and made again', async () => {
    const [three, admin] = [uniqueName('three'), uniqueName('admin')];
    await query(adminUrl, `create role ${admin} login createdb createrole password 'a'`);
    const url = new URL(adminUrl);
    url.username = admin;
    url.password = 'a';
    try {
      const made = await prepareDatabases(url.href, [three], passwordOf);
      await expect(prepareDatabases(url.href, [three], passwordOf)).resolves.toEqual(made);
      await query(made[three]!.owner, 'create table thing (id int)');
      await expect(query(made[three]!.app, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
      await query(adminUrl, `alter role ${roleName(three, 'app')} bypassrls`);
      await expect(prepareDatabases(url.href, [three], passwordOf)).rejects.toThrow(
        'bypasses row-level security',
      );
    } finally {
      await query(adminUrl, `drop database if exists ${databaseName(three)} with (force)`);
      for (const role of [
        ...(['owner', 'app', 'worker'] as const).map((name) => roleName(three, name)),
        admin,
      ])
        await query(adminUrl, `drop role if exists ${role}`);
    }
  });

  it('have no role that bypasses row security', async () => {
    const roles = await query(
      adminUrl,
      `select rolname from pg_roles where rolname like 'steward_${one}%' and (rolbypassrls or rolsuper)`,
    );
    expect(roles).toEqual([]);
  });
});
