import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  createTestDatabase,
  eventually,
  freePort,
  testTopicPrefix,
  type TestDatabase,
} from '@steward/testing';

jest.setTimeout(120_000);

const MAIN = resolve(import.meta.dirname, '../../../services/tickets/dist/main.js');

describe('a service whose migrations are a job of their own', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase('job_tickets');
    env = {
      PATH: process.env.PATH!,
      LOG_LEVEL: 'error',
      SERVICE_PORT: String(await freePort()),
      KAFKA_BROKERS: process.env.STEWARD_TEST_BROKERS!,
      KAFKA_TOPIC_PREFIX: testTopicPrefix(),
      DATABASE_URL: database.appUrl,
      WORKER_DATABASE_URL: database.workerUrl,
    };
  });
  const children = new Set<ChildProcess>();
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database.drop();
  });

  const begin = (args: readonly string[], more: Record<string, string>) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: { ...env, ...more }, stdio: 'pipe' });
    children.add(child);
    let said = '';
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<readonly [number | null, string]>((done) =>
      child.once('close', (code) => done([code, said])),
    );
    return { child, ended };
  };
  const run = (args: readonly string[], more: Record<string, string>) => begin(args, more).ended;
  const asJob = () => ({ MIGRATION_URL: database.ownerUrl });
  const asService = { MIGRATE_ON_START: 'false' };

  it('does not start before the job, and says why', async () => {
    expect(await run([], asService)).toEqual([
      1,
      expect.stringMatching(/lacks \d+ migration\(s\): PlatformTables/),
    ]);
  });

  it('migrates and makes topics as a job, which may be repeated', async () => {
    expect(await run(['migrate'], asJob())).toEqual([0, '']);
    expect(await run(['migrate'], asJob())).toEqual([0, '']);
  });

  it('then starts without the right to migrate, and stops on SIGTERM', async () => {
    const { child, ended } = begin([], asService);
    const alive = async () =>
      (await fetch(`http://127.0.0.1:${env.SERVICE_PORT}/health/live`).catch(() => undefined))?.status ===
      200;
    await eventually(alive, { timeoutMs: 100_000 });
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, '']);
  });

  it('says in one sentence what refuses the job', async () => {
    const wrong = new URL(database.ownerUrl);
    wrong.password = 'hunter2';
    expect(await run(['migrate'], { MIGRATION_URL: wrong.href })).toEqual([
      1,
      expect.stringMatching(
        /^tickets: PostgreSQL at .* does not let .*_owner in: password authentication failed/,
      ),
    ]);
    const [code, said] = await run(['migrate'], asService);
    expect([code, said]).toEqual([78, expect.stringContaining('MIGRATION_URL: is not set')]);
  });
});
