import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually, releaseDataDir, startPostgres, takeDataDir, type Postgres } from '@steward/testing';
import { roleName } from '../runner/databases.js';
import { StateFolder } from '../runner/state.js';
import { backUp } from './back-up.js';
import { withDatabase } from './contents.js';
import { readManifest, writeManifest, type Manifest } from './manifest.js';
import { restore, type RestoreOptions } from './restore.js';
import { refuseHalfRestored } from './state-files.js';

jest.setTimeout(180_000);

const COMMAND = resolve(import.meta.dirname, '../../dist/backup.js');
const KNOWN = { left: ['One1'], right: ['One1'] };

const root = mkdtempSync(join(tmpdir(), 'steward-backup-'));
const state = join(root, 'var');
const good = join(root, 'good');
let engine: Postgres;
let written = 0;

/** Writes one number into the first database and, once that is committed, into the second. */
async function write(): Promise<void> {
  const n = written + 1;
  for (const name of ['left', 'right'])
    await withDatabase(engine.url, `steward_${name}`, (client) =>
      client.query('insert into tally values ($1)', [n]),
    );
  written = n;
}

/** How many numbers each database holds; they must be 1, 2, 3 … without a gap. */
async function counts(url: string): Promise<[left: number, right: number]> {
  const of = (name: string) =>
    withDatabase(url, `steward_${name}`, async (client) => {
      const { rows } = await client.query<{ n: number; top: number }>(
        'select count(*)::int n, coalesce(max(n), 0)::int top from tally',
      );
      expect(rows[0]!.n).toBe(rows[0]!.top);
      return rows[0]!.n;
    });
  return [await of('left'), await of('right')];
}

function command(folder: string): ChildProcess {
  const { DATABASE_URL: _1, NODE_OPTIONS: _2, ...env } = process.env;
  return spawn(process.execPath, [COMMAND, folder], {
    env: { ...env, PLATFORM_DATA: state, INIT_CWD: root },
    stdio: 'pipe',
  });
}

async function run(folder: string): Promise<{ code: number | null; said: string }> {
  const child = command(folder);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

const restoring = (dataDir: string, more: Partial<RestoreOptions> = {}) =>
  restore({
    dataDir,
    folder: good,
    replace: false,
    known: KNOWN,
    now: new Date('2026-05-01T08:00:00Z'),
    ...more,
  });

/** Starts the databases of a state folder, looks, and stops them. */
async function lookInto<T>(dataDir: string, look: (url: string) => Promise<T>): Promise<T> {
  const started = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    return await look(started.url);
  } finally {
    await started.stop();
  }
}

/** A copy of the good backup, with something done to it. */
function spoilt(name: string, spoil: (folder: string) => void): string {
  const folder = join(root, name);
  cpSync(good, folder, { recursive: true });
  spoil(folder);
  return folder;
}

beforeAll(async () => {
  engine = await startPostgres({ dataDir: join(state, 'postgres') });
  await takeDataDir(state);
  const files = new StateFolder(state);
  for (const name of ['left', 'right'])
    for (const role of ['owner', 'app', 'worker'] as const) files.databasePassword(roleName(name, role));
  files.markDone('demo-group', { EB1: 'x' });
  for (const name of ['left', 'right']) {
    await withDatabase(engine.url, 'postgres', (client) => client.query(`create database steward_${name}`));
    await withDatabase(engine.url, `steward_${name}`, (client) =>
      client.query(`create table tally (n int primary key); create table schema_migration (name text);
        insert into schema_migration values ('One1')`),
    );
  }
});
afterAll(async () => {
  await engine?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('a backup of a platform that runs', () => {
  it('holds everything committed before it began, all databases as of one moment, and is for its owner only', async () => {
    for (let n = 0; n < 5; n += 1) await write();
    const before = written;
    let going = true;
    const writing = (async () => {
      while (going) await write();
    })();
    const { code, said } = await run('good');
    going = false;
    await writing;
    expect(said).toContain('keep it where nobody else can read it');
    expect(code).toBe(0);
    expect(said).toMatch(/left {10,}\d+ rows/);
    expect(written).toBeGreaterThan(before);
    expect(statSync(good).mode & 0o777).toBe(0o700);
    expect(statSync(join(good, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(`${good}.partial`)).toBe(false);

    const target = join(root, 'restored');
    await restoring(target);
    const [left, right] = await lookInto(target, counts);
    expect(right).toBeGreaterThanOrEqual(before);
    expect(left - right).toBeGreaterThanOrEqual(0);
    expect(left - right).toBeLessThanOrEqual(1);
    for (const name of ['secrets.json', 'demo-group.done', 'postgres/admin-password'])
      expect(readFileSync(join(target, name), 'utf8')).toBe(readFileSync(join(state, name), 'utf8'));
    expect(readdirSync(target).sort()).toEqual(['demo-group.done', 'postgres', 'secrets.json']);
  });

  it('leaves nothing behind on the server', async () => {
    const slots = await withDatabase(engine.url, 'postgres', (client) =>
      client.query('select 1 from pg_replication_slots'),
    );
    expect(slots.rowCount).toBe(0);
  });

  it('refuses a folder that is not empty, and one inside of the state folder', async () => {
    expect(await run('good')).toMatchObject({ code: 1, said: expect.stringContaining('is not empty') });
    expect(await run(join(state, 'copy'))).toMatchObject({
      code: 1,
      said: expect.stringContaining('inside of the state folder'),
    });
    expect(existsSync(join(state, 'copy'))).toBe(false);
  });

  it('refuses to empty a folder that an interrupted backup did not leave', async () => {
    cpSync(join(state, 'demo-group.done'), join(root, 'mine.partial/precious'));
    expect(await run('mine')).toMatchObject({ code: 1, said: expect.stringContaining('is in the way') });
    expect(existsSync(join(root, 'mine.partial/precious'))).toBe(true);
  });

  it('that is killed leaves no folder of that name; the next one takes its place', async () => {
    const folder = join(root, 'killed');
    const child = command(folder);
    await once(child.stdout!, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(folder)).toBe(false);
    await expect(readManifest(`${folder}.partial`)).rejects.toThrow('no complete backup');
    expect(await run(folder)).toMatchObject({ code: 0 });
    expect(existsSync(`${folder}.partial`)).toBe(false);
  });
});

describe('a restore', () => {
  const untouched = async (work: Promise<unknown>, dataDir: string, why: RegExp): Promise<void> => {
    await expect(work).rejects.toThrow(why);
    expect(existsSync(dataDir) ? readdirSync(dataDir) : []).toEqual([]);
  };

  it.each<[string, (folder: string) => void, RegExp]>([
    ['a missing file', (at) => rmSync(join(at, 'postgres/pgdata/global/1262')), /global\/1262 is missing/],
    [
      'a flipped byte',
      (at) => {
        const file = join(at, 'postgres/pgdata/global/1262');
        const bytes = readFileSync(file);
        bytes[100]! ^= 1;
        writeFileSync(file, bytes);
      },
      /global\/1262 was changed/,
    ],
    [
      'a file that does not belong to it',
      (at) => writeFileSync(join(at, 'postgres/pgdata/more'), ''),
      /more does not belong/,
    ],
    ['a missing manifest', (at) => rmSync(join(at, 'manifest.json')), /no complete backup/],
    [
      'a changed manifest',
      (at) => {
        const file = join(at, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace('"rows":', '"rows" :'));
      },
      /damaged/,
    ],
  ])('refuses a backup with %s before it touches anything', async (name, spoil, why) => {
    const target = join(root, `never ${name}`);
    await untouched(restoring(target, { folder: spoilt(`with ${name}`, spoil) }), target, why);
  });

  it('refuses a backup of a newer version, of another machine, of another PostgreSQL', async () => {
    const manifest = await readManifest(good);
    const changed = async (name: string, change: Partial<Manifest>): Promise<string> => {
      const folder = spoilt(name, () => undefined);
      await writeManifest(folder, { ...manifest, ...change });
      return folder;
    };
    const target = join(root, 'never');
    await untouched(
      restoring(target, { known: { left: ['One1'], right: [] } }),
      target,
      /newer version[^]*right has One1/,
    );
    await untouched(restoring(target, { known: { left: ['One1'] } }), target, /no service right/);
    const elsewhere = await changed('elsewhere', { machine: 'sparc' });
    await untouched(restoring(target, { folder: elsewhere }), target, /made on sparc/);
    const older = await changed('older', { postgres: 9 });
    await untouched(restoring(target, { folder: older }), target, /PostgreSQL 9/);
  });

  it('does not go over what is there; with the word for it, that is moved aside and kept', async () => {
    const target = join(root, 'occupied');
    cpSync(join(state, 'demo-group.done'), join(target, 'postgres/pgdata/PG_VERSION'));
    await expect(restoring(target)).rejects.toThrow(/is not empty \(postgres\)[^]*--replace/);
    const { replaced } = await restoring(target, { replace: true });
    expect(existsSync(join(replaced!, 'postgres/pgdata/PG_VERSION'))).toBe(true);
    expect((await lookInto(target, counts))[0]).toBeGreaterThan(0);
  });

  it('that is interrupted at whatever step keeps the platform from starting, and can be run again', async () => {
    const target = join(root, 'interrupted');
    const steps = ['copying', 'recovering the databases', 'moving it into its place'];
    for (const step of steps) {
      const onStep = (line: string): void => {
        if (line === step) throw new Error(`cut at ${step}`);
      };
      await expect(restoring(target, { onStep })).rejects.toThrow(`cut at ${step}`);
      expect(() => refuseHalfRestored(target)).toThrow(/was interrupted[^]*npm run restore/);
    }
    // as it stands when the last step is cut after the small files were moved
    writeFileSync(join(target, 'secrets.json'), '{}');
    await restoring(target);
    expect(() => refuseHalfRestored(target)).not.toThrow();
    expect((await lookInto(target, counts))[0]).toBeGreaterThan(0);
  });

  it('is refused while the platform runs from the folder', async () => {
    const other = join(root, 'busy');
    const script = `const { takeDataDir } = await import(${JSON.stringify(resolve(import.meta.dirname, '../../../libs/testing/dist/index.js'))});
      (await import('node:fs')).mkdirSync(${JSON.stringify(other)}); await takeDataDir(${JSON.stringify(other)});
      console.log('taken'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(restoring(other)).rejects.toThrow('Stop it first');
    holder.kill('SIGKILL');
    await once(holder, 'close');
  });
});

describe('a backup of a platform that does not run', () => {
  it('recovers a killed one first and holds all that was committed', async () => {
    await write();
    process.kill(engine.pid(), 'SIGKILL');
    await engine.ended;
    releaseDataDir(join(state, 'postgres'));
    const folder = join(root, 'cold');
    const manifest = await eventually(() => backUp({ dataDir: state, folder }));
    expect(manifest.services.map(({ name, rows }) => [name, rows])).toEqual([
      ['left', written + 1],
      ['right', written + 1],
    ]);
    const target = join(root, 'from cold');
    await restoring(target, { folder });
    expect(await lookInto(target, counts)).toEqual([written, written]);
  });
});
