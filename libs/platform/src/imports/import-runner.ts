import type { Clock } from '@steward/kernel';
import { GROUP_SCOPE } from '../context.js';
import type { WorkerDatabase } from '../database/database.js';
import type { Logger } from '../logging.js';
import { BatchApplier, JobTaken } from './batch-applier.js';
import { RowChecks } from './batch-rows.js';
import { ImportFailure, failureText, type FailureText } from './import-failure.js';
import type { ImportFiles } from './import-files.js';
import type { ImportJob } from './import-job.js';
import { beginRun, endJob, openJobs, storeFileFacts } from './import-job.repository.js';
import { forgetTrials } from './import-record.repository.js';
import type { BranchLookup, ImportKind, ImportLimits } from './import-kind.js';
import { targetsOf } from './import-targets.js';
import { JobLock } from './job-lock.js';
import { emptyFile } from './reading/csv-layout.js';
import type { Reader } from './reading/open-reader.js';
import type { ReadPlan } from './reading/read-plan.js';
import type { Cursor } from './reading/source-row.js';

export type RunnerParts = Readonly<{
  database: WorkerDatabase;
  files: ImportFiles;
  kinds: ReadonlyMap<string, ImportKind>;
  branches: BranchLookup;
  clock: Clock;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  limits: ImportLimits;
  reader: Reader;
}>;

/** Beginnings without progress after which a job is given up: its file may be what kills the process. */
const MAX_ATTEMPTS = 8;

/**
 * Runs import jobs. Any copy of the service takes any open job: an advisory lock on a connection of its own keeps two
 * from running one job, and the job's cursor, moved in the transaction of each batch, keeps a batch from being applied
 * twice even if the lock was lost.
 */
export class ImportRunner {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: RunnerParts) {}

  /** Takes open jobs as far as there is room; gives the number of jobs begun. Jobs go on after it has answered. */
  async takeJobs(): Promise<number> {
    const { database, clock, limits } = this.parts;
    if (this.stopping.signal.aborted) return 0;
    const open = await database.read(GROUP_SCOPE, (tx) => openJobs(tx, clock.now()));
    let begun = 0;
    for (const id of open) {
      if (this.running.size >= limits.concurrency || this.stopping.signal.aborted) break;
      if (this.running.has(id)) continue;
      const lock = await JobLock.tryTake(database, id);
      if (!lock) continue;
      begun++;
      const run = this.run(id, lock).finally(() => this.running.delete(id));
      this.running.set(id, run);
    }
    return begun;
  }

  /** Waits until no job runs in this copy. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  /** Ends running jobs at their next batch; another copy, or this one after its next start, goes on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  private async run(id: string, lock: JobLock): Promise<void> {
    const { logger } = this.parts;
    try {
      await this.process(id, lock.lost);
    } catch (error) {
      if (error instanceof JobTaken) logger.info({ importId: id }, 'import stopped: cancelled or taken over');
      else logger.warn({ importId: id, err: error }, 'import interrupted, it will be taken up again');
    } finally {
      await lock.release();
    }
  }

  private async process(id: string, lost: AbortSignal): Promise<void> {
    const { database, clock, kinds, logger } = this.parts;
    const job = await database.transaction(GROUP_SCOPE, (tx) => beginRun(tx, id, clock.now()));
    if (!job) return;
    const kind = kinds.get(job.kind);
    try {
      if (!kind)
        throw new ImportFailure({
          code: 'import.unknown-kind',
          detail: `Nothing of the kind "${job.kind}" can be imported here.`,
        });
      if (job.attempts > MAX_ATTEMPTS) throw givenUp();
      if (!(await this.applyFile(job, kind, lost))) return;
      await this.end(job, null);
    } catch (error) {
      if (!(error instanceof ImportFailure)) throw error;
      await this.end(job, failureText(error));
    }
    logger.info({ importId: id, kind: job.kind }, 'import ended');
  }

  /** Applies what is left of the file; gives whether it came to the end. */
  private async applyFile(job: ImportJob, kind: ImportKind, lost: AbortSignal): Promise<boolean> {
    const { database, files, branches, clock, logger, limits, reader } = this.parts;
    const onFault = (error: unknown): void =>
      logger.error({ importId: job.id, err: error }, 'an import row failed unexpectedly');
    const applier = new BatchApplier(database, kind, job, clock, { retryMs: limits.retryMs, onFault });
    const checks = new RowChecks(kind, job, (code) => branches.byCode(code));
    let from: Cursor | null = job.cursor;
    // a batch is read and checked while the one before it is written
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const event of reader(files.open(job.id, job.fileBytes), this.planFor(job, kind))) {
        if (this.stopping.signal.aborted || lost.aborted) return false;
        if (event.type === 'opened') {
          await database.transaction(job.scope, (tx) => storeFileFacts(tx, job.id, event.file));
          continue;
        }
        const batch = { rows: await checks.check(event.rows), from, to: event.cursor };
        await writing;
        writing = applier.apply(batch);
        writing.catch(() => undefined); // thrown where it is waited for
        from = event.cursor;
      }
    } finally {
      await writing;
    }
    if (from === null) throw emptyFile();
    return true;
  }

  private planFor(job: ImportJob, kind: ImportKind): ReadPlan {
    const { cursor, declaredEncoding, sheet, mapping, fileBytes } = job;
    const { limits } = this.parts;
    const targets = targetsOf(kind.rowSchema);
    return {
      size: fileBytes,
      cursor,
      encoding: declaredEncoding,
      sheet,
      mapping,
      targets,
      hasBranch: kind.branchField !== null,
      limits,
    };
  }

  private async end(job: ImportJob, error: FailureText | null): Promise<void> {
    const { database, clock } = this.parts;
    await database.transaction(job.scope, async (tx) => {
      if (job.dryRun) await forgetTrials(tx, job.id);
      await endJob(tx, job.id, {
        state: error ? 'failed' : 'done',
        now: clock.now(),
        ...(error ? { error } : {}),
      });
    });
  }
}

const givenUp = (): ImportFailure =>
  new ImportFailure({
    code: 'import.given-up',
    detail:
      'The import was interrupted again and again at the same place. Rows before it are imported. Ask the operators to look at the log.',
  });
