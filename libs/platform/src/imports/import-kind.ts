import type { Role } from '@steward/kernel';
import type { z } from 'zod';
import type { CallContext } from '../context.js';
import type { Tx } from '../database/database.js';

/** One thing wrong with one row. `field` is the kind's own field, or a column of the file; null means the whole row. */
export type RowProblem = Readonly<{ field: string | null; code: string; detail: string }>;

/** What a (branch, source, external id) brought before: the digest of its content and the record it became. */
export type KnownRecord = Readonly<{ hash: string; entityId: string | null }>;

/** A row that is whole, belongs to a branch of the job's scope and is new, or changed in the mode `update`. */
export type ImportRow<T> = Readonly<{
  /** As a spreadsheet shows it: the header is row 1. */
  rowNumber: number;
  branchId: string | null;
  branchCode: string | null;
  externalId: string | null;
  data: T;
  record?: KnownRecord;
}>;

export type RowOutcome = Readonly<{
  state: 'created' | 'updated' | 'unchanged' | 'rejected';
  entityId?: string;
  problems?: readonly RowProblem[];
}>;

/** What a kind may know of the job whose rows it applies. */
export type ImportJobContext = Readonly<{
  id: string;
  kind: string;
  mode: ImportMode;
  dryRun: boolean;
  /** Where the rows come from (`boston311`); rows are known by (branch, source, external id). */
  source: string;
  /** Whether notices, callbacks, escalations, charges and webhooks are wanted; history is imported silently by default. */
  notify: boolean;
  /** The uploader, with the write scope that the job kept; for audit, numbers and events. */
  call: CallContext;
}>;

export type ImportMode = 'insert' | 'update';

/**
 * What a service lets be imported: a Nest provider given to `ImportModule.forRoot`. `applyRows` runs in one transaction
 * with the job's progress and answers one outcome per row, in order. A thrown error makes the batch be tried row by
 * row; a thrown `DomainError` then rejects its row with that code. Only a kind that looks across batches (a parent
 * imported by an earlier row) needs `dryRunRows`: without it a dry run applies each batch and rolls it back.
 */
export type ImportKind<T = unknown> = Readonly<{
  kind: string;
  /** Who may import it; the job's write scope is made from the bindings with these roles. */
  roles: readonly Role[];
  /** The target fields of a mapping, with descriptions; unknown ones are refused. Values arrive as text (see docs/imports.md). */
  rowSchema: z.ZodObject;
  /** `branch`: each row belongs to a branch (by code, or the job's default). null: group-level rows, under group scope. */
  branchField: 'branch' | null;
  applyRows(tx: Tx, job: ImportJobContext, rows: readonly ImportRow<T>[]): Promise<RowOutcome[]>;
  dryRunRows?(tx: Tx, job: ImportJobContext, rows: readonly ImportRow<T>[]): Promise<RowOutcome[]>;
}>;

/** A branch as rows name it. */
export type ImportBranch = Readonly<{ branchId: string; timeZone: string }>;

/** Finds branches by code; implemented by whoever knows the organisation. */
export type BranchLookup = Readonly<{ byCode(code: string): Promise<ImportBranch | undefined> }>;

/** Token of the `BranchLookup`. */
export const BRANCH_LOOKUP = Symbol('BRANCH_LOOKUP');

/** Token of all `ImportKind`s of the service. */
export const IMPORT_KINDS = Symbol('IMPORT_KINDS');

/** Sizes that an installation may change. */
export type ImportLimits = Readonly<{
  maxCsvBytes: number;
  maxXlsxBytes: number;
  /** A longer row of a CSV file, or a longer cell of a workbook, is rejected. */
  maxRowBytes: number;
  /** Uncompressed size that the parts of a workbook may reach together, and how far one may be larger than compressed. */
  maxUnzippedBytes: number;
  maxUnzipRatio: number;
  batchRows: number;
  batchBytes: number;
  /** Jobs that one copy of the service runs at the same time. */
  concurrency: number;
  /** How often a copy looks for jobs that others left. */
  pollMs: number;
  /** Pauses before a batch is tried again after a transient fault; then the job waits for its next turn. */
  retryMs: readonly number[];
  /** After this time an upload that stands still is thrown away. */
  abandonedUploadMs: number;
  /** How long the file of an ended job is kept. */
  keepFilesMs: number;
}>;

const MIB = 1024 * 1024;

export const IMPORT_LIMITS: ImportLimits = {
  maxCsvBytes: 1024 * MIB,
  maxXlsxBytes: 100 * MIB,
  maxRowBytes: MIB,
  maxUnzippedBytes: 4096 * MIB,
  maxUnzipRatio: 200,
  batchRows: 500,
  batchBytes: 2 * MIB,
  concurrency: 2,
  pollMs: 2000,
  retryMs: [50, 200, 1000, 3000],
  abandonedUploadMs: 3_600_000,
  keepFilesMs: 30 * 86_400_000,
};
