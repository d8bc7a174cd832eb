import type { Actor, Scope } from '../context.js';
import type { FailureText } from './import-failure.js';
import type { ImportMode, RowProblem } from './import-kind.js';
import type { ImportMapping } from './import-mapping.js';
import type { Encoding } from './reading/encoding.js';
import type { Cursor } from './reading/source-row.js';

export const JOB_STATES = ['uploaded', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = 'uploading' | (typeof JOB_STATES)[number];

export type RowCounts = Readonly<{
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  warned: number;
}>;

/** A job as its table keeps it. `id` is the bare UUID; callers see `<service>-<id>`. */
export type ImportJob = Readonly<{
  id: string;
  kind: string;
  actor: Actor;
  client: string;
  correlationId: string;
  scope: Scope;
  state: JobState;
  mode: ImportMode;
  dryRun: boolean;
  notify: boolean;
  source: string;
  /** Code of the branch of rows that name none. */
  branch: string | null;
  mapping: ImportMapping | null;
  sheet: string | null;
  declaredEncoding: Encoding | null;
  fileName: string;
  fileBytes: number;
  fileSha256: string | null;
  format: string | null;
  encoding: string | null;
  unusedColumns: readonly string[] | null;
  rows: RowCounts;
  cursor: Cursor | null;
  bytesDone: number;
  attempts: number;
  error: FailureText | null;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}>;

/** What is kept of a rejected row or a warning, one entry per problem. */
export type RowProblemEntry = Readonly<
  RowProblem & { rowNumber: number; seq: number; state: 'rejected' | 'warning'; raw: string }
>;

export const NO_ROWS: RowCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 };

const OPEN: readonly JobState[] = ['uploaded', 'running'];

/** Whether a job may still do something, and so be cancelled. */
export const isOpen = (job: Pick<ImportJob, 'state'>): boolean => OPEN.includes(job.state);
