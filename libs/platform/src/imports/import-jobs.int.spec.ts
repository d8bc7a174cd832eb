import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { clerk, csv, ImportHarness, manyRows } from '../../test/imports.harness.js';
import type { CallContext } from '../context.js';
import { removeStaleFiles } from './file-cleaner.js';
import { CHUNK_BYTES } from './import-files.js';
import { IMPORT_LIMITS } from './import-kind.js';
import { readFile } from './reading/read-file.js';
import type { UploadPart } from './upload-receiver.js';

let on: ImportHarness;

jest.setTimeout(60_000);

beforeAll(async () => {
  on = await ImportHarness.start('importjobs');
}, 120_000);
afterAll(() => on.stop());
beforeEach(() => on.reset());

describe('a job that is interrupted', () => {
  it.each([
    ['before a commit', (at: number) => (on.kind.after = failOnce(at))],
    ['in the middle of a batch', (at: number) => (on.kind.before = failOnce(at))],
  ])('%s goes on without loss or doubling', async (_, breakAt) => {
    breakAt(3);
    const job = await on.upload(csv(manyRows(400)));
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({ state: 'running', rows: { created: 100 } });
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({
      state: 'done',
      rows: { read: 400, created: 400 },
    });
    expect(new Set((await on.things()).map(({ title }) => title)).size).toBe(400);
    expect(await on.things()).toHaveLength(400);
  });

  it('is run by one of two copies only', async () => {
    const job = await on.upload(csv(manyRows(300)));
    const copies = [on.runner(), on.runner()];
    const begun = await Promise.all(copies.map((copy) => copy.takeJobs()));
    await Promise.all(copies.map((copy) => copy.idle()));
    expect(begun.toSorted()).toEqual([0, 1]);
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({ state: 'done', rows: { created: 300 } });
  });

  it('does not apply a batch twice when its lock is lost', async () => {
    const job = await on.upload(csv(manyRows(200)));
    const locks = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    let other: Promise<void> | undefined;
    on.kind.before = async (rows) => {
      if (rows[0]!.rowNumber !== 52 || other) return;
      // In the middle of a batch the lock is lost, and another copy takes the job.
      await on.worker.pool.query(locks);
      const copy = on.runner();
      other = (async () => {
        while ((await copy.takeJobs()) === 0);
        await copy.idle();
      })();
    };
    await on.runJobs();
    await other;
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({
      state: 'done',
      rows: { read: 200, created: 200 },
    });
    expect(await on.things()).toHaveLength(200);
  });

  it('stops with its copy and is taken up again', async () => {
    const job = await on.upload(csv(manyRows(300)));
    const one = on.runner();
    on.kind.after = () => {
      void one.stop();
      return Promise.resolve();
    };
    await one.takeJobs();
    await one.stop();
    const half = await on.imports.get(clerk(), job.id);
    expect(half.state).toBe('running');
    expect(half.rows.created).toBeLessThan(300);
    on.kind.after = () => Promise.resolve();
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({ state: 'done', rows: { created: 300 } });
  });

  it('ends where it is cancelled', async () => {
    const job = await on.upload(csv(manyRows(300)));
    on.kind.after = async () => {
      on.kind.after = () => Promise.resolve();
      await on.imports.cancel(clerk(), job.id);
    };
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({ state: 'cancelled', rows: { created: 0 } });
    await expect(on.imports.cancel(clerk(), job.id)).rejects.toMatchObject({ code: 'import.already-ended' });
  });

  it('is given up when it kills its copy again and again', async () => {
    const job = await on.upload(csv(manyRows(10)));
    await on.sql(
      `update import_job set attempts = 8, updated_at = now() - interval '1 hour' where state = 'uploaded'`,
    );
    await on.runJobs();
    expect(await on.imports.get(clerk(), job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'import.given-up' },
    });
  });
});

describe('an upload', () => {
  const keyed = (key: string): CallContext => ({
    ...clerk(),
    idempotency: { key, route: 'POST /api/v1/imports', hash: 'h' },
  });

  it('with the same Idempotency-Key and content is answered with the first job; other content is refused', async () => {
    const first = await on.upload(csv(manyRows(5)), {}, keyed('k1'));
    const again = await on.upload(csv(manyRows(5)), {}, keyed('k1'));
    expect(again.id).toBe(first.id);
    await expect(on.upload(csv(manyRows(6)), {}, keyed('k1'))).rejects.toMatchObject({
      code: 'idempotency.key-reused',
    });
    await expect(on.upload(csv(manyRows(5)), { mode: 'update' }, keyed('k1'))).rejects.toMatchObject({
      code: 'idempotency.key-reused',
    });
    expect(
      await on.sql('select 1 from import_chunk where job_id not in (select id from import_job)'),
    ).toEqual([]);
  });

  it('keeps the bytes exactly, across pieces', async () => {
    const bytes = Buffer.alloc(2 * CHUNK_BYTES + 777, 'abc,"def"\n');
    const job = await on.upload(bytes);
    const source = on.files.open(job.id.slice('things-'.length), bytes.length);
    expect(Buffer.from(await source.read(CHUNK_BYTES - 5, 10))).toEqual(
      bytes.subarray(CHUNK_BYTES - 5, CHUNK_BYTES + 5),
    );
    expect(Buffer.from(await source.read(0, bytes.length)).equals(bytes)).toBe(true);
    expect((await source.read(bytes.length - 3, 100)).length).toBe(3);
  });

  it('that breaks off leaves nothing', async () => {
    async function* broken(): AsyncGenerator<UploadPart> {
      async function* content() {
        yield Promise.resolve(Buffer.alloc(2 * CHUNK_BYTES));
        throw new Error('the client went away');
      }
      yield Promise.resolve({
        type: 'file',
        fileName: 'x.csv',
        content: content(),
        wasCut: () => false,
      } as const);
    }
    await expect(on.uploads.receive(clerk(), 'things', broken())).rejects.toThrow('went away');
    await expect(on.uploads.receive(clerk(), 'things', (async function* () {})())).rejects.toMatchObject({
      code: 'import.file-missing',
    });
    expect(await on.unfinished()).toBe(0);
  });

  it('that was abandoned, and files of jobs long ended, are removed', async () => {
    const job = await on.run(csv(['1,Lift,a,']));
    const limits = { ...IMPORT_LIMITS, keepFilesMs: 0, abandonedUploadMs: 0 };
    const clock = { now: () => new Date(Date.now() + 1000) };
    expect(await removeStaleFiles({ database: on.worker, files: on.files, clock, limits })).toBeGreaterThan(
      0,
    );
    const chunks = await on.worker.pool.query('select 1 from import_chunk where job_id = $1', [
      job.id.slice('things-'.length),
    ]);
    expect(chunks.rows).toEqual([]);
    expect((await on.imports.get(clerk(), job.id)).state).toBe('done');
  });

  it('leaves a trail (ORG-02)', async () => {
    const job = await on.run(csv(['1,Lift,a,']));
    const trail = await on.app.read(clerk().scope, (tx) =>
      tx.query<{ action: string; actor: string }>('select action, actor from audit where entity_id = $1', [
        job.id.slice('things-'.length),
      ]),
    );
    expect(trail).toEqual([{ action: 'uploaded', actor: 'cs-agent-of' }]);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a file of 200 MB', () => {
  it('is read in memory that does not grow with it', async () => {
    const header = Buffer.from('title,note\n');
    const row = Buffer.from(`Title,${'some words; '.repeat(170)}\n`);
    const page = Buffer.concat(Array.from({ length: 1000 }, () => row));
    const size = header.length + 100 * page.length;
    const read = (offset: number, length: number): Promise<Uint8Array> => {
      const bytes = Buffer.alloc(Math.min(length, size - offset));
      for (let at = 0; at < bytes.length;) {
        const place = offset + at - header.length;
        at +=
          place < 0
            ? header.copy(bytes, at, place + header.length)
            : page.copy(bytes, at, place % page.length);
      }
      return Promise.resolve(bytes);
    };
    const plan = {
      ...{ size, cursor: null, encoding: null, sheet: null, mapping: null, targets: [], hasBranch: true },
      limits: IMPORT_LIMITS,
    };
    let rows = 0;
    const held: number[] = [];
    for await (const event of readFile({ size, read }, plan)) {
      if (event.type === 'opened') continue;
      const before = rows;
      rows += event.rows.length;
      if (Math.floor(before / 20_000) === Math.floor(rows / 20_000)) continue;
      collectGarbage(); // what waits to be collected is not held
      held.push(process.memoryUsage().heapUsed);
    }
    expect(size).toBeGreaterThan(200_000_000);
    expect(rows).toBe(100_000);
    expect(held).toHaveLength(5);
    expect((Math.max(...held) - Math.min(...held)) / 1_000_000).toBeLessThan(60);
  }, 180_000);
});

/** Fails like a lost connection at the nth call, which no retry in place helps. */
function failOnce(at: number): () => Promise<void> {
  let calls = 0;
  return async () => {
    calls++;
    if (calls < at || calls > at + 2) return;
    await Promise.reject(new Error('Connection terminated unexpectedly'));
  };
}
