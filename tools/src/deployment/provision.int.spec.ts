import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type Postgres } from '@steward/testing';
import pg from 'pg';
import { provision, readProvisionSettings } from './provision.js';
import { makeSecrets, secretNames } from './secrets.js';

describe('provisioning a PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-secrets-'));
  let server: Postgres | undefined;
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the databases of all services with the passwords that lie in the folder of secrets', async () => {
    expect(makeSecrets(folder)).toEqual(secretNames());
    const kept = readFileSync(join(folder, 'steward_tickets_app'), 'utf8');
    expect(makeSecrets(folder)).toEqual([]);
    expect(readFileSync(join(folder, 'steward_tickets_app'), 'utf8')).toBe(kept);
    expect(statSync(folder).mode & 0o077).toBe(0);
    server = await startPostgres({
      dataDir: mkdtempSync(join(tmpdir(), 'steward-provision-')),
      durable: false,
      temporary: true,
    });
    const { password, host } = new URL(server.url);
    writeFileSync(join(folder, 'admin'), `${password}\n`);
    const env = {
      ADMIN_DATABASE_URL: `postgres://postgres@${host}/postgres`,
      ADMIN_DATABASE_PASSWORD_FILE: join(folder, 'admin'),
    };
    const said: string[] = [];
    await provision(readProvisionSettings(['--passwords', folder], env), (line) => said.push(line));
    expect(said).toEqual([expect.stringMatching(/^databases and roles are there: .*identity, .*tickets/)]);
    const client = new pg.Client(`postgres://steward_tickets_app:${kept}@${host}/steward_tickets`);
    await client.connect();
    await client.end();
  });

  it('says what is missing or not known', () => {
    const env = { ADMIN_DATABASE_URL: 'postgres://postgres@127.0.0.1:1/postgres' };
    expect(() => readProvisionSettings([], env)).toThrow('npm run provision');
    expect(() => readProvisionSettings(['--force'], env)).toThrow('npm run provision');
    expect(() => readProvisionSettings(['--passwords', folder, 'gateway'], env)).toThrow(
      /no service with a database: gateway; known: .*identity, .*tickets/,
    );
    const file = { ...env, ADMIN_DATABASE_PASSWORD_FILE: join(folder, 'nowhere') };
    expect(() => readProvisionSettings(['--passwords', folder], file)).toThrow(
      /cannot read the password in .*ENOENT/,
    );
  });
});
