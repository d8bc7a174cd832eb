import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  makeTestCertificate,
  startPostgres,
  type Postgres,
  type TestDatabase,
} from '@steward/testing';
import { GROUP_SCOPE } from '../context.js';
import { Database } from './database.js';
import { requireMigrations, runMigrations } from './migrations.js';
import { PlatformTables1700000000000 } from './platform-tables.migration.js';

const folder = mkdtempSync(join(tmpdir(), 'steward-tls-'));
const certificate = makeTestCertificate(['127.0.0.1']);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a PostgreSQL that is reached by TLS', () => {
  const ca = file('ca.pem', certificate.cert);
  const otherCa = file('other.pem', makeTestCertificate(['127.0.0.1']).cert);
  let server: Postgres;
  let database: TestDatabase;
  const withTls = (url: string, rootCert: string) => `${url}?sslmode=verify-full&sslrootcert=${rootCert}`;
  const refusal = (url: string): Promise<string> =>
    Database.connect({ url, name: 'spec' }).then(
      async (connected) => {
        await connected.close();
        return 'it was let in';
      },
      (error: unknown) => (error as Error).message,
    );

  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'steward-postgres-tls-'));
    server = await startPostgres({ dataDir, durable: false, temporary: true, tls: certificate });
    database = await createTestDatabase('tls', { adminUrl: server.url });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is migrated and used over encrypted connections whose certificate is checked', async () => {
    await runMigrations(withTls(database.ownerUrl, ca), [PlatformTables1700000000000], database.roles);
    const app = await Database.connect({ url: withTls(database.appUrl, ca), name: 'spec' });
    const [row] = await app.read(GROUP_SCOPE, (tx) =>
      tx.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
    );
    await app.close();
    expect(row).toEqual({ ssl: true });
  });

  it('is told in one sentence when it refuses: certificate, name, password', async () => {
    const where = `PostgreSQL at 127.0.0.1:${server.port}/${database.name} does not let ${database.roles.app} in: `;
    expect(await refusal(withTls(database.appUrl, otherCa))).toMatch(new RegExp(`^${where}.*certificate`));
    const otherName = database.appUrl.replace('127.0.0.1', 'localhost');
    expect(await refusal(withTls(otherName, ca))).toMatch(/altnames|does not match/i);
    const wrong = new URL(database.appUrl);
    wrong.password = 'hunter2';
    const told = await refusal(withTls(wrong.href, ca));
    expect(told).toBe(`${where}password authentication failed for user "${database.roles.app}"`);
    expect(await refusal(withTls(database.appUrl, join(folder, 'absent.pem')))).toContain('absent.pem');
  });
});

describe('a service that does not migrate by itself', () => {
  class Later1790000000000 {
    name = 'Later1790000000000';
    up = (): Promise<void> => Promise.resolve();
    down = (): Promise<void> => Promise.resolve();
  }
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('unmigrated');
  });
  afterAll(() => database.drop());

  it('refuses a database that lacks migrations, and says which and how to run them', async () => {
    const wanted = [PlatformTables1700000000000];
    await expect(requireMigrations(database.workerUrl, wanted)).rejects.toThrow(
      `The database ${database.name} lacks 1 migration(s): PlatformTables1700000000000. Run the service with the argument "migrate" first`,
    );
    await runMigrations(database.ownerUrl, wanted, database.roles);
    await requireMigrations(database.workerUrl, wanted);
    await requireMigrations(database.appUrl, wanted);
    await expect(requireMigrations(database.workerUrl, [...wanted, Later1790000000000])).rejects.toThrow(
      'lacks 1 migration(s): Later1790000000000',
    );
  });
});
