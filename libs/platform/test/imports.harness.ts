import { newId, systemClock, type Role } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { Audit } from '../src/audit/audit.js';
import { Commands } from '../src/commands/commands.js';
import { GROUP_SCOPE, scopeOfGrants, type CallContext, type Grant } from '../src/context.js';
import { Database, platformMigrations, runMigrations, WorkerDatabase } from '../src/database/index.js';
import { DatabaseFiles } from '../src/imports/import-files.js';
import { IMPORT_LIMITS, type ImportKind, type ImportLimits } from '../src/imports/import-kind.js';
import { ImportRunner } from '../src/imports/import-runner.js';
import { importMigrations } from '../src/imports/import-tables.migration.js';
import { ImportUploads } from '../src/imports/import-uploads.js';
import { Imports } from '../src/imports/imports.service.js';
import type { JobView } from '../src/imports/job-view.js';
import { readFile } from '../src/imports/reading/read-file.js';
import type { UploadPart } from '../src/imports/upload-receiver.js';
import { ThingKind, Things1700000000900 } from './imports.fixture.js';

export const EB1 = newId();
export const EB2 = newId();
const CODES: Record<string, string> = { EB1, EB2 };

export type Thing = Readonly<{ branch_id: string; title: string; number: string; note: string | null }>;

/** Import jobs on a database of their own, without a server: uploads, runners and what became of them. */
export class ImportHarness {
  kind = new ThingKind();
  imports!: Imports;
  uploads!: ImportUploads;
  readonly files: DatabaseFiles;

  private constructor(
    readonly db: TestDatabase,
    readonly app: Database,
    readonly worker: WorkerDatabase,
  ) {
    this.files = new DatabaseFiles(worker);
  }

  static async start(name: string): Promise<ImportHarness> {
    const migrations = [...platformMigrations, ...importMigrations, Things1700000000900];
    const db = await createTestDatabase(name, {
      migrate: (url, roles) => runMigrations(url, migrations, roles),
    });
    const app = await Database.connect({ url: db.appUrl, name: 'test' });
    const worker = await WorkerDatabase.connect({ url: db.workerUrl, name: 'test-worker' });
    return new ImportHarness(db, app, worker);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.worker.close();
    await this.db.drop();
  }

  private readonly branches = {
    byCode: (code: string) =>
      Promise.resolve(CODES[code] ? { branchId: CODES[code], timeZone: 'Asia/Shanghai' } : undefined),
  };

  private kinds(): ReadonlyMap<string, ImportKind> {
    return new Map([['things', this.kind]]);
  }

  /** Empties the tables, and makes new parts. */
  async reset(): Promise<void> {
    const { app, worker, files, branches } = this;
    this.kind = new ThingKind();
    const commands = new Commands(app);
    const parts = {
      service: 'things',
      database: app,
      commands,
      audit: new Audit('k'.repeat(32)),
      kinds: this.kinds(),
    };
    this.imports = new Imports(parts);
    const { imports } = this;
    this.uploads = new ImportUploads({
      ...parts,
      worker,
      files,
      branches,
      clock: systemClock,
      imports,
      wakeRunner: () => undefined,
    });
    await this.sql('delete from thing');
    await this.sql('delete from import_record');
    await this.sql(`update import_job set state = 'cancelled' where state in ('uploaded', 'running')`);
  }

  /** As a copy of the service would run jobs. */
  runner(limits: Partial<ImportLimits> = {}): ImportRunner {
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    return new ImportRunner({
      database: this.worker,
      files: this.files,
      kinds: this.kinds(),
      branches: this.branches,
      clock: systemClock,
      logger,
      limits: { ...IMPORT_LIMITS, batchRows: 50, retryMs: [5, 10], ...limits },
      reader: readFile,
    });
  }

  upload(content: string | Uint8Array, fields: Record<string, string> = {}, ctx = clerk()): Promise<JobView> {
    return this.uploads.receive(ctx, 'things', partsOf(content, { branch: 'EB1', ...fields }));
  }

  /** Lets a new copy take what jobs there are, until they end. */
  async runJobs(): Promise<void> {
    const one = this.runner();
    await one.takeJobs();
    await one.idle();
  }

  /** Uploads and runs. */
  async run(
    content: string | Uint8Array,
    fields: Record<string, string> = {},
    ctx = clerk(),
  ): Promise<JobView> {
    const job = await this.upload(content, fields, ctx);
    await this.runJobs();
    return this.imports.get(ctx, job.id);
  }

  sql<Row>(text: string): Promise<Row[]> {
    return this.worker.transaction(GROUP_SCOPE, (tx) => tx.query<Row>(text));
  }

  things(): Promise<Thing[]> {
    return this.sql('select * from thing order by number');
  }

  /** Uploads that are not whole. */
  async unfinished(): Promise<number> {
    const [row] = await this.sql<{ n: number }>(
      `select count(*)::int n from import_job where state = 'uploading'`,
    );
    return row!.n;
  }

  async problems(job: JobView, ctx = clerk()): Promise<unknown[][]> {
    const { items } = await this.imports.rows(ctx, job.id, { limit: 200 });
    return items.map(({ rowNumber, field, code, state }) => [rowNumber, field, code, state]);
  }
}

const grant = (role: Role, units: Grant['units']): Grant => ({
  role,
  level: units === '*' ? 'group' : 'branch',
  units,
  refs: units,
});

/** Somebody with one role in some branches. */
export function clerk(units: Grant['units'] = [EB1], role: Role = 'cs-agent'): CallContext {
  const grants = [grant(role, units)];
  const scope = scopeOfGrants(grants, [role], true);
  const actor = { id: `${role}-of`, kind: 'person' } as const;
  return { actor, grants, scope, clientId: 'cli', correlationId: 'c-1', now: new Date() };
}

/** A multipart body as the upload sees it. */
export async function* partsOf(
  content: string | Uint8Array,
  fields: Record<string, string>,
): AsyncGenerator<UploadPart> {
  const bytes = Buffer.from(content);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 60_000)
      yield await Promise.resolve(bytes.subarray(at, at + 60_000));
  }
  for (const [name, value] of Object.entries(fields))
    yield await Promise.resolve({ type: 'field', name, value } as const);
  yield { type: 'file', fileName: 'things.csv', content: pieces(), wasCut: () => false };
}

/** A file of things. */
export const csv = (rows: readonly string[]): string => `externalId,title,note,branch\n${rows.join('\n')}\n`;

export const manyRows = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `x${from + i},Title ${from + i},some note,`);
