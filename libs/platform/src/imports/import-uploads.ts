import { invalid, newId, type Clock } from '@steward/kernel';
import { GROUP_SCOPE, inScope, type CallContext } from '../context.js';
import type { WorkerDatabase } from '../database/database.js';
import { withContentHash } from '../http/idempotency.js';
import { unknownBranch } from './batch-rows.js';
import type { ImportFiles } from './import-files.js';
import { NO_ROWS, type ImportJob } from './import-job.js';
import { completeUpload, deleteJob, insertJob, touchUpload } from './import-job.repository.js';
import type { BranchLookup, ImportKind } from './import-kind.js';
import { auditBranches, type Imports, type ImportsParts } from './imports.service.js';
import { publicId, type JobView } from './job-view.js';
import { uploadOptions, type UploadOptions } from './upload-options.js';
import { receiveUpload, type Received, type UploadPart } from './upload-receiver.js';

export type UploadParts = ImportsParts &
  Readonly<{
    worker: WorkerDatabase;
    files: ImportFiles;
    branches: BranchLookup;
    clock: Clock;
    imports: Imports;
    wakeRunner: () => void;
  }>;

/** Stored pieces between two signs of life, by which a slow upload is told from an abandoned one. */
const SIGN_OF_LIFE = 8;

/** Takes files in: stores them durably, and only then answers with a job. */
export class ImportUploads {
  constructor(private readonly parts: UploadParts) {}

  /**
   * Receives one upload. A repeat with the same Idempotency-Key, file and fields gets the first job; other content under
   * the key is refused (422). Whatever fails, nothing of the upload stays.
   */
  async receive(ctx: CallContext, kindName: string, upload: AsyncIterable<UploadPart>): Promise<JobView> {
    const { imports, database } = this.parts;
    const kind = imports.kindFor(ctx, kindName);
    const scoped: CallContext = { ...ctx, scope: imports.writeScope(ctx, kind) };
    const job = newJob(scoped, kind);
    await database.transaction(scoped.scope, (tx) => insertJob(tx, job));
    let kept = false;
    try {
      const received = await receiveUpload(upload, {
        ...this.parts,
        jobId: job.id,
        onPiece: (seq) => this.signOfLife(job, seq),
      });
      const options = uploadOptions(received.fields, kind);
      await this.checkBranch(scoped, options.branch);
      const answer = await this.complete(scoped, job, received, options);
      kept = answer.id === publicId(this.parts.service, job.id);
      return answer;
    } finally {
      if (!kept) await this.discard(job.id);
    }
  }

  private async complete(
    ctx: CallContext,
    job: ImportJob,
    received: Received,
    options: UploadOptions,
  ): Promise<JobView> {
    const { commands, audit, imports, wakeRunner } = this.parts;
    const { encoding, ...rest } = options;
    const whole: ImportJob = {
      ...job,
      ...rest,
      ...fileFacts(received),
      declaredEncoding: encoding,
      state: 'uploaded',
      updatedAt: ctx.now,
    };
    const content = JSON.stringify([received.file.sha256, Object.entries(received.fields).sort()]);
    return commands.execute(withContentHash(ctx, content), async (tx) => {
      await completeUpload(tx, whole);
      const changes = [
        { field: 'kind', from: null, to: job.kind },
        { field: 'sha256', from: null, to: received.file.sha256 },
      ];
      const entry = { entity: 'import', entityId: job.id, action: 'uploaded', changes };
      await audit.recordAll(
        tx,
        ctx,
        auditBranches(job).map((branchId) => ({ branchId, ...entry })),
      );
      tx.afterCommit(wakeRunner);
      return imports.view(ctx, whole);
    });
  }

  private async checkBranch(ctx: CallContext, code: string | null): Promise<void> {
    if (code === null) return;
    const branch = await this.parts.branches.byCode(code);
    if (branch && inScope(ctx.scope.write, { branchId: branch.branchId })) return;
    const { code: problem, detail } = unknownBranch(code);
    throw invalid(problem, detail, [{ path: 'branch', code: problem, detail }]);
  }

  private async signOfLife(job: ImportJob, seq: number): Promise<void> {
    const { database, clock } = this.parts;
    if (seq % SIGN_OF_LIFE === 0)
      await database.transaction(job.scope, (tx) => touchUpload(tx, job.id, clock.now()));
  }

  private async discard(jobId: string): Promise<void> {
    const { worker, files } = this.parts;
    await files.remove(jobId);
    await worker.transaction(GROUP_SCOPE, (tx) => deleteJob(tx, jobId));
  }
}

const fileFacts = ({ file }: Received) => ({
  fileName: file.name,
  fileBytes: file.bytes,
  fileSha256: file.sha256,
});

function newJob(ctx: CallContext, kind: ImportKind): ImportJob {
  return {
    id: newId(ctx.now.getTime()),
    kind: kind.kind,
    actor: ctx.actor,
    client: ctx.clientId,
    correlationId: ctx.correlationId,
    scope: ctx.scope,
    state: 'uploading',
    ...{ mode: 'insert', dryRun: false, notify: false, source: '', branch: null, mapping: null, sheet: null },
    ...{ declaredEncoding: null, fileName: '', fileBytes: 0, fileSha256: null, format: null, encoding: null },
    ...{ unusedColumns: null, rows: NO_ROWS, cursor: null, bytesDone: 0, attempts: 0, error: null },
    ...{ createdAt: ctx.now, updatedAt: ctx.now, startedAt: null, finishedAt: null },
  };
}
