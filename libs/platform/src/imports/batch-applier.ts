import { setTimeout as pause } from 'node:timers/promises';
import { isDomainError, type Clock } from '@steward/kernel';
import type { CallContext } from '../context.js';
import type { Tx, WorkerDatabase } from '../database/database.js';
import { countRows, problemEntries, rejected, type Settlement } from './batch-outcomes.js';
import type { BatchRow } from './batch-rows.js';
import { advance, insertProblems } from './import-job.repository.js';
import type { ImportJob } from './import-job.js';
import type { ImportJobContext, ImportKind, RowOutcome } from './import-kind.js';
import { RecordBook } from './record-book.js';
import type { Cursor } from './reading/source-row.js';
import { isTimeout, isTransient } from './transient.js';

/** The job was cancelled, or somebody else runs it: this run is over. */
export class JobTaken extends Error {
  override readonly name = 'JobTaken';
}

export type Batch = Readonly<{ rows: readonly BatchRow[]; from: Cursor | null; to: Cursor }>;

type Work = (applying: Applying) => Promise<Settlement[]>;
type Applying = Readonly<{ tx: Tx; context: ImportJobContext; rows: readonly BatchRow[] }>;

/**
 * Applies batches of one job, each in one transaction with the job's progress, so that a crash at any moment neither
 * loses nor doubles a row. When a batch fails it is tried again row by row, and only the rows at fault are rejected.
 */
export class BatchApplier {
  private readonly records: RecordBook;

  constructor(
    private readonly database: WorkerDatabase,
    private readonly kind: ImportKind,
    private readonly job: ImportJob,
    private readonly clock: Clock,
    private readonly options: Readonly<{ retryMs: readonly number[]; onFault: (error: unknown) => void }>,
  ) {
    this.records = new RecordBook(job);
  }

  /** Applies a batch. Throws `JobTaken`, or a transient error that outlived the tries. */
  async apply(batch: Batch): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.applyOnce(batch);
      } catch (error) {
        if (!isTransient(error) || tries >= this.options.retryMs.length) throw error;
        await pause(this.options.retryMs[tries]);
      }
    }
  }

  private async applyOnce(batch: Batch): Promise<void> {
    try {
      await this.inTransaction(batch, (applying) => this.together(applying));
    } catch (error) {
      // Too much at once for the statement's time is helped by smaller steps.
      if (error instanceof JobTaken || (isTransient(error) && !isTimeout(error))) throw error;
      await this.inTransaction(batch, (applying) => this.oneByOne(applying));
    }
  }

  private async inTransaction(batch: Batch, work: Work): Promise<void> {
    const now = this.clock.now();
    const context = this.contextAt(now);
    await this.database.transaction(this.job.scope, async (tx) => {
      const whole = batch.rows.filter(({ problems }) => problems.length === 0);
      const applying = { tx, context, rows: whole };
      const applied = this.job.dryRun ? await this.rolledBack(applying, work) : await work(applying);
      const settlements = [
        ...batch.rows.filter(({ problems }) => problems.length > 0).map(rejected),
        ...applied,
      ];
      await insertProblems(tx, this.job.id, problemEntries(settlements));
      const moved = await advance(tx, this.job.id, {
        from: batch.from,
        to: batch.to,
        counts: countRows(settlements),
        now,
      });
      if (!moved) throw new JobTaken();
    });
  }

  /** A dry run does everything and takes it back, so it also finds what only the database knows, and takes no number. */
  private async rolledBack(applying: Applying, work: Work): Promise<Settlement[]> {
    const { tx } = applying;
    await tx.query('savepoint dry_run');
    const settlements = await work(applying);
    await tx.query('rollback to savepoint dry_run');
    await this.records.remember(tx, settlements);
    return settlements;
  }

  private async together({ tx, context, rows }: Applying): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const part of withoutRepeats(rows)) settlements.push(...(await this.applyRows(tx, context, part)));
    return settlements;
  }

  private async oneByOne({ tx, context, rows }: Applying): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const item of rows) {
      await tx.query('savepoint one_row');
      try {
        settlements.push(...(await this.applyRows(tx, context, [item])));
        await tx.query('release savepoint one_row');
      } catch (error) {
        if (isTransient(error)) throw error;
        await tx.query('rollback to savepoint one_row');
        settlements.push({ item, outcome: this.outcomeOf(error) });
      }
    }
    return settlements;
  }

  private async applyRows(
    tx: Tx,
    context: ImportJobContext,
    items: readonly BatchRow[],
  ): Promise<Settlement[]> {
    const { fresh, known } = await this.records.look(tx, items);
    if (fresh.length === 0) return [...known];
    const apply =
      this.job.dryRun && this.kind.dryRunRows
        ? this.kind.dryRunRows.bind(this.kind)
        : this.kind.applyRows.bind(this.kind);
    const outcomes = await apply(
      tx,
      context,
      fresh.map(({ row }) => row),
    );
    if (outcomes.length !== fresh.length)
      throw new Error(
        `import kind ${this.kind.kind} gave ${outcomes.length} outcomes for ${fresh.length} rows`,
      );
    const settled: Settlement[] = fresh.map(({ item }, i) => ({ item, outcome: outcomes[i]! }));
    await this.records.settle(tx, fresh, settled);
    return [...known, ...settled];
  }

  private outcomeOf(error: unknown): RowOutcome {
    if (isDomainError(error)) {
      const fields = error.fields?.map(({ path, code, detail }) => ({ field: path || null, code, detail }));
      const whole = { field: null, code: error.code, detail: error.detail };
      return { state: 'rejected', problems: fields?.length ? fields : [whole] };
    }
    this.options.onFault(error);
    const detail = 'The row could not be stored. The reason is in the log of the service.';
    return { state: 'rejected', problems: [{ field: null, code: 'import.row-failed', detail }] };
  }

  private contextAt(now: Date): ImportJobContext {
    const { id, kind, mode, dryRun, notify, source, actor, client, correlationId, scope } = this.job;
    const call: CallContext = {
      actor,
      grants: [],
      scope,
      clientId: client,
      correlationId,
      causationId: id,
      now,
    };
    return { id, kind, mode, dryRun, notify, source, call };
  }
}

/** Parts in which no (branch, external id) comes twice, in order: a repeat must see what its first brought about. */
export function withoutRepeats(rows: readonly BatchRow[]): BatchRow[][] {
  const parts: BatchRow[][] = [];
  let seen = new Set<string>();
  for (const row of rows) {
    const key = row.row.externalId === null ? null : `${row.branchId ?? ''}/${row.row.externalId}`;
    if (parts.length === 0 || (key !== null && seen.has(key))) {
      parts.push([]);
      seen = new Set();
    }
    if (key !== null) seen.add(key);
    parts.at(-1)!.push(row);
  }
  return parts;
}
