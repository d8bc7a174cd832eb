import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { eventually } from '../eventually.js';
import { pidFile } from './data-owner.js';
import { startPostgres } from './postgres.js';

const BUILT = resolve(import.meta.dirname, '../../dist/index.js');
const LIMIT = 60_000;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A process of its own that starts PostgreSQL on the directory and then does nothing. */
async function hostInAnotherProcess(
  dataDir: string,
  more = '',
): Promise<{ host: ChildProcess; url: string }> {
  const script = `const { startPostgres } = await import(${JSON.stringify(BUILT)});
    const engine = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false ${more} });
    console.log(engine.url); setInterval(() => {}, 1000);`;
  const host = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(host.stdout, 'data')) as [Buffer];
  return { host, url: chunk.toString().trim() };
}

describe('embedded PostgreSQL', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'steward-pg-spec-')), 'postgres');
  });
  afterEach(() => rmSync(resolve(dataDir, '..'), { recursive: true, force: true }));

  it(
    'is a real PostgreSQL 18 in UTF-8 and keeps its data over a stop',
    async () => {
      const first = await startPostgres({ dataDir });
      const [row] = await query(first.url, `select version(), current_setting('server_encoding') encoding`);
      expect(row).toMatchObject({ version: expect.stringContaining('PostgreSQL 18'), encoding: 'UTF8' });
      await query(first.url, `create table kept as select '工单' as word`);
      await first.stop();
      await expect(first.ended).resolves.toBe(0);
      const second = await startPostgres({ dataDir });
      await expect(query(second.url, 'select word from kept')).resolves.toEqual([{ word: '工单' }]);
      await second.stop();
    },
    LIMIT,
  );

  it(
    'comes back with every committed row after it was killed',
    async () => {
      const first = await startPostgres({ dataDir });
      await query(first.url, 'create table kept as select generate_series(1, 1000) as number');
      process.kill(first.pid(), 'SIGKILL');
      await first.ended;
      const second = await startPostgres({ dataDir });
      await expect(query(second.url, 'select count(*)::int from kept')).resolves.toEqual([{ count: 1000 }]);
      await second.stop();
    },
    LIMIT,
  );

  it(
    'ends when the process that started it is killed, and its data can be used at once',
    async () => {
      const { host, url } = await hostInAnotherProcess(dataDir);
      await query(url, 'create table kept as select 1 as number');
      const engine = Number(readFileSync(pidFile(dataDir), 'utf8'));
      host.kill('SIGKILL');
      const next = await startPostgres({ dataDir, durable: false });
      expect(isAlive(engine)).toBe(false);
      await expect(query(next.url, 'select number from kept')).resolves.toEqual([{ number: 1 }]);
      await next.stop();
    },
    LIMIT,
  );

  it(
    'leaves nothing in a temporary directory when its starter is killed',
    async () => {
      const { host } = await hostInAnotherProcess(dataDir, ', temporary: true');
      host.kill('SIGKILL');
      await eventually(() => !existsSync(dataDir));
    },
    LIMIT,
  );

  it(
    'refuses a directory that a living process uses, and does not disturb that one',
    async () => {
      const { host, url } = await hostInAnotherProcess(dataDir);
      await expect(startPostgres({ dataDir })).rejects.toThrow(`is in use by process ${host.pid}`);
      await expect(query(url, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
      host.kill('SIGKILL');
      await eventually(() => !isAlive(Number(readFileSync(pidFile(dataDir), 'utf8'))));
    },
    LIMIT,
  );

  it(
    'shows the end of its log when it cannot start',
    async () => {
      const first = await startPostgres({ dataDir });
      await first.stop();
      rmSync(join(dataDir, 'pgdata/global/pg_control'));
      await expect(startPostgres({ dataDir })).rejects.toThrow(
        /PostgreSQL does not start.*postgres\.log[^]*pg_control/,
      );
    },
    LIMIT,
  );
});
