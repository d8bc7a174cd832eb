import type { Actor, Scope } from '../context.js';
import type { FailureText } from './import-failure.js';
import type { ImportJob, JobState, RowCounts } from './import-job.js';
import type { ImportMode } from './import-kind.js';
import type { ImportMapping } from './import-mapping.js';
import type { Encoding } from './reading/encoding.js';
import type { Cursor } from './reading/source-row.js';

/** The columns of `import_job` as the driver gives them. */
export type JobRow = Readonly<{
  id: string;
  kind: string;
  actor: string;
  actor_kind: Actor['kind'];
  client: string;
  correlation_id: string;
  scope: Scope;
  state: JobState;
  mode: ImportMode;
  dry_run: boolean;
  notify: boolean;
  source: string;
  branch: string | null;
  mapping: ImportMapping | null;
  sheet: string | null;
  declared_encoding: Encoding | null;
  file_name: string;
  file_bytes: string;
  file_sha256: string | null;
  format: string | null;
  encoding: string | null;
  unused_columns: string[] | null;
  rows_read: number;
  rows_created: number;
  rows_updated: number;
  rows_unchanged: number;
  rows_rejected: number;
  rows_warned: number;
  cursor: Cursor | null;
  bytes_done: string;
  attempts: number;
  error: FailureText | null;
  created_at: Date;
  updated_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}>;

const fileOf = (row: JobRow) => ({
  fileName: row.file_name,
  fileBytes: Number(row.file_bytes),
  fileSha256: row.file_sha256,
  format: row.format,
  encoding: row.encoding,
  unusedColumns: row.unused_columns,
});

const countsOf = (row: JobRow): RowCounts => ({
  read: row.rows_read,
  created: row.rows_created,
  updated: row.rows_updated,
  unchanged: row.rows_unchanged,
  rejected: row.rows_rejected,
  warned: row.rows_warned,
});

/** The job of a row. */
export function jobOf(row: JobRow): ImportJob {
  const { id, kind, scope, state, mode, notify, source, branch, mapping, sheet, cursor, attempts, error } =
    row;
  return {
    ...{ id, kind, scope, state, mode, notify, source, branch, mapping, sheet, cursor, attempts, error },
    ...fileOf(row),
    actor: { id: row.actor, kind: row.actor_kind },
    client: row.client,
    correlationId: row.correlation_id,
    dryRun: row.dry_run,
    declaredEncoding: row.declared_encoding,
    rows: countsOf(row),
    bytesDone: Number(row.bytes_done),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
