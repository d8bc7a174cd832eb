import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, systemClock, type Role } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { ThingKind, Things1700000000900 } from '../../test/imports.fixture.js';
import { Audit } from '../audit/audit.js';
import { Commands } from '../commands/commands.js';
import { GROUP_SCOPE, scopeOfGrants, type CallContext, type Grant } from '../context.js';
import { Database, PlatformTables1700000000000, runMigrations, WorkerDatabase } from '../database/index.js';
import { removeStaleFiles } from './file-cleaner.js';
import { CHUNK_BYTES, DatabaseFiles } from './import-files.js';
import { IMPORT_LIMITS, type ImportKind, type ImportLimits } from './import-kind.js';
import { ImportRunner } from './import-runner.js';
import { ImportTables1700000000200 } from './import-tables.migration.js';
import { ImportUploads } from './import-uploads.js';
import { Imports } from './imports.service.js';
import type { JobView } from './job-view.js';
import { readFile } from './reading/read-file.js';
import type { UploadPart } from './upload-receiver.js';

const EB1 = newId();
const EB2 = newId();
const CODES: Record<string, string> = { EB1, EB2 };
const branches = {
  byCode: (code: string) =>
    Promise.resolve(CODES[code] ? { branchId: CODES[code], timeZone: 'Asia/Shanghai' } : undefined),
};
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

let db: TestDatabase;
let app: Database;
let worker: WorkerDatabase;
let files: DatabaseFiles;
let kind: ThingKind;
let imports: Imports;
let uploads: ImportUploads;

beforeAll(async () => {
  db = await createTestDatabase('imports', {
    migrate: (url, roles) =>
      runMigrations(
        url,
        [PlatformTables1700000000000, ImportTables1700000000200, Things1700000000900],
        roles,
      ),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
  worker = await WorkerDatabase.connect({ url: db.workerUrl, name: 'test-worker' });
  files = new DatabaseFiles(worker);
}, 120_000);

afterAll(async () => {
  await app.close();
  await worker.close();
  await db.drop();
});

beforeEach(async () => {
  kind = new ThingKind();
  const kinds = new Map<string, ImportKind>([['things', kind as ImportKind]]);
  const parts = {
    service: 'things',
    database: app,
    commands: new Commands(app),
    audit: new Audit('k'.repeat(32)),
    kinds,
  };
  imports = new Imports(parts);
  uploads = new ImportUploads({
    ...parts,
    worker,
    files,
    branches,
    clock: systemClock,
    imports,
    wakeRunner: () => undefined,
  });
  await worker.transaction(GROUP_SCOPE, (tx) => tx.query('delete from thing'));
  await worker.transaction(GROUP_SCOPE, (tx) => tx.query('delete from import_record'));
  await worker.transaction(GROUP_SCOPE, (tx) =>
    tx.query(`update import_job set state = 'cancelled' where state in ('uploaded', 'running')`),
  );
});

const runner = (limits: Partial<ImportLimits> = {}): ImportRunner =>
  new ImportRunner({
    database: worker,
    files,
    kinds: new Map<string, ImportKind>([['things', kind as ImportKind]]),
    branches,
    clock: systemClock,
    logger,
    limits: { ...IMPORT_LIMITS, batchRows: 50, retryMs: [5, 10], ...limits },
    reader: readFile,
  });

const grant = (role: Role, units: Grant['units']): Grant => ({
  role,
  level: units === '*' ? 'group' : 'branch',
  units,
  refs: units,
});
const clerk = (units: Grant['units'] = [EB1], role: Role = 'cs-agent'): CallContext => {
  const grants = [grant(role, units)];
  const scope = scopeOfGrants(grants, [role], true);
  return {
    actor: { id: `${role}-of`, kind: 'person' },
    grants,
    scope,
    clientId: 'cli',
    correlationId: 'c-1',
    now: new Date(),
  };
};

async function* partsOf(
  content: string | Uint8Array,
  fields: Record<string, string>,
): AsyncGenerator<UploadPart> {
  const bytes = Buffer.from(content);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 60_000) yield Promise.resolve(bytes.subarray(at, at + 60_000));
  }
  for (const [name, value] of Object.entries(fields))
    yield Promise.resolve({ type: 'field', name, value } as const);
  yield { type: 'file', fileName: 'things.csv', content: pieces(), wasCut: () => false };
}

const upload = (
  content: string | Uint8Array,
  fields: Record<string, string> = {},
  ctx = clerk(),
): Promise<JobView> => uploads.receive(ctx, 'things', partsOf(content, { branch: 'EB1', ...fields }));

async function run(
  content: string | Uint8Array,
  fields: Record<string, string> = {},
  ctx = clerk(),
): Promise<JobView> {
  const job = await upload(content, fields, ctx);
  const one = runner();
  await one.takeJobs();
  await one.idle();
  return imports.get(ctx, job.id);
}

const csv = (rows: readonly string[]): string => `externalId,title,note,branch\n${rows.join('\n')}\n`;
const manyRows = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `x${from + i},Title ${from + i},some note,`);
const things = () =>
  worker.read(GROUP_SCOPE, (tx) =>
    tx.query<{ branch_id: string; title: string; number: string; note: string | null }>(
      'select * from thing order by number',
    ),
  );
const problems = async (job: JobView, ctx = clerk()) =>
  (await imports.rows(ctx, job.id, { limit: 200 })).items.map(({ rowNumber, field, code, state }) => [
    rowNumber,
    field,
    code,
    state,
  ]);

describe('an import', () => {
  it('brings good rows in and tells of the others by row, field and reason', async () => {
    const job = await run(
      csv([
        '1,Lift,stands still,',
        '2,,no title,',
        '3,Lamp,=HYPERLINK(1),EB1',
        '4,Leak',
        '5,Door,x,ZZ9',
        '1,Lift,stands still,',
        '1,Lift,other,',
      ]),
    );
    expect(job).toMatchObject({
      state: 'done',
      error: null,
      progress: { share: 1 },
      file: { encoding: 'utf-8', format: 'csv' },
    });
    expect(job.rows).toEqual({ read: 7, created: 2, updated: 0, unchanged: 1, rejected: 4, warned: 1 });
    expect(await problems(job)).toEqual([
      [3, 'title', 'import.required', 'rejected'],
      [4, 'note', 'import.formula-text', 'warning'],
      [5, null, 'import.wrong-columns', 'rejected'],
      [6, 'branch', 'import.unknown-branch', 'rejected'],
      [8, 'externalId', 'import.changed', 'rejected'],
    ]);
    expect((await things()).map(({ title, number }) => [title, number])).toEqual([
      ['Lift', expect.stringMatching(/^EB1-X-2026-/)],
      ['Lamp', expect.anything()],
    ]);
  });

  it('pages through the rows that were rejected', async () => {
    const job = await run(csv(Array.from({ length: 12 }, (_, i) => `${i},,x,`)));
    const seen: number[] = [];
    let after: { row: number; seq: number } | undefined;
    for (;;) {
      const page = await imports.rows(clerk(), job.id, {
        limit: 5,
        state: 'rejected',
        ...(after ? { after } : {}),
      });
      seen.push(...page.items.map(({ rowNumber }) => rowNumber));
      if (!page.next) break;
      after = { row: seen.at(-1)!, seq: 0 };
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => i + 2));
  });

  it('a second time changes nothing; other content is refused, or taken with mode=update', async () => {
    await run(csv(['1,Lift,a,', '2,Lamp,b,']));
    expect((await run(csv(['1,Lift,a,', '2,Lamp,b,']))).rows).toMatchObject({ unchanged: 2, created: 0 });
    expect((await run(csv(['1,Lift,a,', '2,Lamp,c,']))).rows).toMatchObject({ unchanged: 1, rejected: 1 });
    const updated = await run(csv(['1,Lift,a,', '2,Lamp,c,', '2,Lamp,d,']), { mode: 'update' });
    expect(updated.rows).toMatchObject({ unchanged: 1, updated: 2, created: 0 });
    expect((await things()).map(({ note }) => note)).toEqual(['a', 'd']);
    expect((await run(csv(['2,Lamp,d,']))).rows).toMatchObject({ unchanged: 1 });
  });

  it('keeps ids of sources and branches apart', async () => {
    await run(csv(['1,Lift,a,']));
    expect((await run(csv(['1,Lift,b,']), { source: 'other' })).rows).toMatchObject({ created: 1 });
    expect((await run(csv(['1,Lift,b,EB2']), {}, clerk([EB1, EB2]))).rows).toMatchObject({ created: 1 });
  });

  it('ORG-01 rejects a row of a foreign branch as if the branch did not exist', async () => {
    const job = await run(csv(['1,Lift,a,EB2', '2,Lamp,b,NOWHERE', '3,Door,c,EB1']));
    expect(job.rows).toMatchObject({ created: 1, rejected: 2 });
    const { items } = await imports.rows(clerk(), job.id, { limit: 10 });
    expect(items.map(({ detail }) => detail.replace(/".*"/, '""'))).toEqual([
      items[0]!.detail.replace('EB2', ''),
      items[0]!.detail.replace('EB2', ''),
    ]);
    await expect(upload('title\nx\n', { branch: 'EB2' })).rejects.toMatchObject({
      code: 'import.unknown-branch',
    });
    await expect(upload('title\nx\n', { branch: 'NOWHERE' })).rejects.toMatchObject({
      code: 'import.unknown-branch',
    });
  });

  it('ORG-01 is seen within its scope only', async () => {
    const job = await run(csv(['1,Lift,a,']));
    for (const other of [clerk([EB2]), clerk([EB1], 'engineer'), clerk([])]) {
      await expect(imports.get(other, job.id)).rejects.toMatchObject({ code: 'import.not-found' });
      expect(
        (
          await imports.list(other, {
            limit: 10,
            sort: { field: 'createdAt', descending: true, text: '-createdAt' },
          })
        ).items,
      ).toEqual([]);
    }
    expect((await imports.get(clerk('*', 'hq-auditor'), job.id)).actions).toEqual([]);
    await expect(imports.get(clerk(), job.id.replace('things', 'tickets'))).rejects.toMatchObject({
      code: 'import.not-found',
    });
  });

  it('is refused to who has no role for it', async () => {
    await expect(upload('title\nx\n', {}, clerk([EB1], 'driver'))).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(uploads.receive(clerk(), 'nothing', partsOf('x', {}))).rejects.toMatchObject({
      code: 'import.unknown-kind',
    });
  });

  it('a mapping turns foreign columns into ours', async () => {
    const mapping = {
      source: 'city',
      externalId: 'case',
      branch: { column: 'area', values: { North: 'EB1', South: 'EB2' }, default: 'EB1' },
      fields: {
        title: { column: 'type' },
        openedAt: { column: 'open', date: { zone: 'America/New_York', formats: ['MM/dd/yyyy HH:mm'] } },
      },
    };
    const text =
      'case,area,type,open\n1,North,Lift,07/01/2026 08:00\n2,South,Lamp,02/31/2026 08:00\n3,,Door,03/08/2026 02:30\n4,East,Leak,07/01/2026 08:00\n';
    const job = await run(text, { mapping: JSON.stringify(mapping) }, clerk([EB1, EB2]));
    expect(job).toMatchObject({ source: 'city', rows: { created: 1, rejected: 3 } });
    expect((await problems(job, clerk([EB1, EB2]))).map(([row, field, code]) => [row, field, code])).toEqual([
      [3, 'openedAt', 'import.invalid-date'],
      [4, 'openedAt', 'import.nonexistent-time'],
      [5, 'branch', 'import.unknown-value'],
    ]);
  });

  it('a mapping that does not fit is refused with its place, and nothing of the upload stays', async () => {
    const mapping = JSON.stringify({ fields: { titel: { column: 'a' }, note: { colum: 'b' } } });
    await expect(upload('a\nx\n', { mapping })).rejects.toMatchObject({
      code: 'import.invalid-mapping',
      fields: expect.arrayContaining([
        expect.objectContaining({ path: 'mapping.fields.note', detail: 'Unrecognized key: "colum"' }),
      ]),
    });
    const [left] = await worker.read(GROUP_SCOPE, (tx) =>
      tx.query<{ n: string }>(`select count(*) n from import_job where state = 'uploading'`),
    );
    expect(left!.n).toBe('0');
  });

  it.each([
    ['a missing column', 'externalId,note\n1,x\n', 'import.missing-column'],
    ['an empty file', '', 'import.empty-file'],
    ['a header only', 'title,note\n', 'import.empty-file'],
    ['another format', '%PDF-1.4', 'import.unsupported-format'],
  ])('fails as a whole on %s', async (_, content, code) => {
    const job = await run(content);
    expect(job).toMatchObject({ state: 'failed', error: { code }, rows: { created: 0 } });
    expect(await things()).toEqual([]);
  });
});

describe('rows at fault', () => {
  it('do not keep the rest of their batch out', async () => {
    const rows = [
      ...manyRows(20),
      'r,Refused,x,',
      ...manyRows(20, 20),
      'b,Bug,x,',
      'u,Unstorable,x,',
      ...manyRows(20, 40),
    ];
    const job = await run(csv(rows));
    expect(job.rows).toMatchObject({ created: 60, rejected: 3 });
    expect((await problems(job)).map(([row, , code]) => [row, code])).toEqual([
      [22, 'thing.refused'],
      [43, 'import.row-failed'],
      [44, 'import.row-failed'],
    ]);
    expect((await run(csv(['r,Right now,x,']))).rows).toMatchObject({ created: 1 });
  });

  it('ORG-05 take no number', async () => {
    const [first] = (await run(csv(['a,First,x,'])), await things());
    await run(csv(['r,Refused,x,', 'b,Second,x,']));
    const numbers = (await things()).map(({ number }) => Number(number.slice(-6)));
    expect(numbers).toEqual([Number(first!.number.slice(-6)), Number(first!.number.slice(-6)) + 1]);
  });
});

describe('a dry run', () => {
  it('finds the same problems and changes nothing, not even numbers', async () => {
    await run(csv(['k,Known,x,']));
    const before = await things();
    const rows = [
      ...manyRows(120),
      'r,Refused,x,',
      'x3,Title 3,some note,',
      'x4,Other title,some note,',
      'k,Known,x,',
    ];
    const job = await run(csv(rows), { dryRun: 'true' });
    expect(job).toMatchObject({ state: 'done', dryRun: true });
    expect(job.rows).toEqual({ read: 124, created: 120, updated: 0, unchanged: 2, rejected: 2, warned: 0 });
    expect(await things()).toEqual(before);
    const real = await run(csv(rows));
    expect(real.rows).toEqual(job.rows);
    const numbers = (await things()).map(({ number }) => Number(number.slice(-6)));
    expect(numbers.at(-1)! - numbers[0]!).toBe(120);
  });
});

describe('a job that is interrupted', () => {
  it.each([
    ['before a commit', (at: number) => (kind.after = failOnce(at))],
    ['in the middle of a batch', (at: number) => (kind.before = failOnce(at))],
  ])('%s goes on without loss or doubling', async (_, breakAt) => {
    breakAt(3);
    const job = await upload(csv(manyRows(400)));
    const first = runner();
    await first.takeJobs();
    await first.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({ state: 'running', rows: { created: 100 } });
    const second = runner();
    await second.takeJobs();
    await second.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({
      state: 'done',
      rows: { read: 400, created: 400 },
    });
    expect(new Set((await things()).map(({ title }) => title)).size).toBe(400);
    expect(await things()).toHaveLength(400);
  });

  it('is run by one of two copies only', async () => {
    const job = await upload(csv(manyRows(300)));
    const copies = [runner(), runner()];
    const begun = await Promise.all(copies.map((copy) => copy.takeJobs()));
    await Promise.all(copies.map((copy) => copy.idle()));
    expect(begun.toSorted()).toEqual([0, 1]);
    expect(await imports.get(clerk(), job.id)).toMatchObject({ state: 'done', rows: { created: 300 } });
  });

  it('does not apply a batch twice when its lock is lost', async () => {
    const job = await upload(csv(manyRows(200)));
    const locks = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    let other: Promise<void> | undefined;
    kind.before = async (rows) => {
      if (rows[0]!.rowNumber !== 52 || other) return;
      // In the middle of a batch the lock is lost, and another copy takes the job.
      await worker.pool.query(locks);
      const copy = runner();
      other = (async () => {
        while ((await copy.takeJobs()) === 0);
        await copy.idle();
      })();
    };
    const one = runner();
    await one.takeJobs();
    await one.idle();
    await other;
    const last = runner();
    await last.takeJobs();
    await last.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({
      state: 'done',
      rows: { read: 200, created: 200 },
    });
    expect(await things()).toHaveLength(200);
  });

  it('stops with its copy and is taken up again', async () => {
    const job = await upload(csv(manyRows(300)));
    const one = runner();
    kind.after = () => {
      void one.stop();
      return Promise.resolve();
    };
    await one.takeJobs();
    await one.stop();
    const half = await imports.get(clerk(), job.id);
    expect(half.state).toBe('running');
    expect(half.rows.created).toBeLessThan(300);
    kind.after = () => Promise.resolve();
    const two = runner();
    await two.takeJobs();
    await two.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({ state: 'done', rows: { created: 300 } });
  });

  it('ends where it is cancelled', async () => {
    const job = await upload(csv(manyRows(300)));
    kind.after = async () => {
      kind.after = () => Promise.resolve();
      await imports.cancel(clerk(), job.id);
    };
    const one = runner();
    await one.takeJobs();
    await one.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({ state: 'cancelled', rows: { created: 0 } });
    await expect(imports.cancel(clerk(), job.id)).rejects.toMatchObject({ code: 'import.already-ended' });
  });

  it('is given up when it kills its copy again and again', async () => {
    const job = await upload(csv(manyRows(10)));
    await worker.transaction(GROUP_SCOPE, (tx) =>
      tx.query(
        `update import_job set attempts = 8, updated_at = now() - interval '1 hour' where state = 'uploaded'`,
      ),
    );
    const one = runner();
    await one.takeJobs();
    await one.idle();
    expect(await imports.get(clerk(), job.id)).toMatchObject({
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
    const first = await upload(csv(manyRows(5)), {}, keyed('k1'));
    const again = await upload(csv(manyRows(5)), {}, keyed('k1'));
    expect(again.id).toBe(first.id);
    await expect(upload(csv(manyRows(6)), {}, keyed('k1'))).rejects.toMatchObject({
      code: 'idempotency.key-reused',
    });
    await expect(upload(csv(manyRows(5)), { mode: 'update' }, keyed('k1'))).rejects.toMatchObject({
      code: 'idempotency.key-reused',
    });
    const [left] = await worker.read(GROUP_SCOPE, (tx) =>
      tx.query<{ n: string }>(
        'select count(distinct job_id) n from import_chunk where job_id not in (select id from import_job)',
      ),
    );
    expect(left!.n).toBe('0');
  });

  it('keeps the bytes exactly, across pieces', async () => {
    const bytes = Buffer.alloc(2 * CHUNK_BYTES + 777, 'abc,"def"\n');
    const job = await upload(bytes);
    const source = files.open(job.id.slice('things-'.length), bytes.length);
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
    await expect(uploads.receive(clerk(), 'things', broken())).rejects.toThrow('went away');
    await expect(uploads.receive(clerk(), 'things', (async function* () {})())).rejects.toMatchObject({
      code: 'import.file-missing',
    });
    const [left] = await worker.read(GROUP_SCOPE, (tx) =>
      tx.query<{ n: string }>(`select count(*) n from import_job where state = 'uploading'`),
    );
    expect(left!.n).toBe('0');
  });

  it('that was abandoned, and files of jobs long ended, are removed', async () => {
    const job = await run(csv(['1,Lift,a,']));
    const limits = { ...IMPORT_LIMITS, keepFilesMs: 0, abandonedUploadMs: 0 };
    const clock = { now: () => new Date(Date.now() + 1000) };
    expect(await removeStaleFiles({ database: worker, files, clock, limits })).toBeGreaterThan(0);
    const chunks = await worker.pool.query('select 1 from import_chunk where job_id = $1', [
      job.id.slice('things-'.length),
    ]);
    expect(chunks.rows).toEqual([]);
    expect((await imports.get(clerk(), job.id)).state).toBe('done');
  });

  it('leaves a trail (ORG-02)', async () => {
    const job = await run(csv(['1,Lift,a,']));
    const trail = await app.read(clerk().scope, (tx) =>
      tx.query<{ action: string; actor: string }>('select action, actor from audit where entity_id = $1', [
        job.id.slice('things-'.length),
      ]),
    );
    expect(trail).toEqual([{ action: 'uploaded', actor: 'cs-agent-of' }]);
  });
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
