import type { Scope } from '../context.js';
import type { Tx } from '../database/database.js';
import { keyset, pageOf, type KeyedRow } from '../http/keyset.js';
import type { ListQuery, Page } from '../http/list-query.js';
import type { FailureText } from './import-failure.js';
import type { ImportJob, JobState, RowCounts, RowProblemEntry } from './import-job.js';
import { jobOf, type JobRow } from './import-job-row.js';
import type { OpenedFile } from './reading/read-file.js';
import type { Cursor } from './reading/source-row.js';

/** Which jobs of one kind a caller may see: those whose units lie within `read`. */
export type KindReach = Readonly<{ kind: string; read: Scope['read'] }>;

export type JobFilters = Readonly<{ kind?: string; state?: string }>;
export type JobSort = 'createdAt';

/** What one batch adds to its job. */
export type Progress = Readonly<{ from: Cursor | null; to: Cursor; counts: RowCounts; now: Date }>;

const COUNTS = ['read', 'created', 'updated', 'unchanged', 'rejected', 'warned'] as const;

/** Adds a job in the state `uploading`. */
export async function insertJob(tx: Tx, job: ImportJob): Promise<void> {
  const units = job.scope.write === '*' ? null : job.scope.write;
  await tx.query(
    `insert into import_job (id, kind, actor, actor_kind, client, correlation_id, units, scope, state, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'uploading', $9, $9)`,
    [
      job.id,
      job.kind,
      job.actor.id,
      job.actor.kind,
      job.client,
      job.correlationId,
      units,
      JSON.stringify(job.scope),
      job.createdAt,
    ],
  );
}

/** Keeps what the upload said, and lets the job be taken. */
export async function completeUpload(tx: Tx, job: ImportJob): Promise<void> {
  await tx.query(
    `update import_job set state = 'uploaded', mode = $2, dry_run = $3, notify = $4, source = $5, branch = $6, mapping = $7,
       sheet = $8, declared_encoding = $9, file_name = $10, file_bytes = $11, file_sha256 = $12, updated_at = $13
     where id = $1 and state = 'uploading'`,
    [
      ...[job.id, job.mode, job.dryRun, job.notify, job.source, job.branch],
      job.mapping && JSON.stringify(job.mapping),
      ...[job.sheet, job.declaredEncoding, job.fileName, job.fileBytes, job.fileSha256, job.updatedAt],
    ],
  );
}

/** Tells that an upload goes on. */
export async function touchUpload(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query('update import_job set updated_at = $2 where id = $1', [id, now]);
}

export async function deleteJob(tx: Tx, id: string): Promise<void> {
  await tx.query(`delete from import_job where id = $1 and state = 'uploading'`, [id]);
}

/** A job that a caller of this reach may see; uploads that are under way are nobody's yet. */
export async function findJob(
  tx: Tx,
  id: string,
  reaches: readonly KindReach[],
): Promise<ImportJob | undefined> {
  const { text, values } = reachCondition(reaches, 2);
  const rows = await tx.query<JobRow>(
    `select * from import_job where id = $1 and state <> 'uploading' and ${text}`,
    [id, ...values],
  );
  return rows[0] && jobOf(rows[0]);
}

export async function listJobs(
  tx: Tx,
  query: ListQuery<JobSort> & JobFilters,
  reaches: readonly KindReach[],
): Promise<Page<ImportJob>> {
  const reach = reachCondition(reaches, 3);
  const page = keyset(
    query,
    { createdAt: { column: 'created_at', type: 'timestamptz' } },
    { id: 'id', firstParameter: 3 + reach.values.length },
  );
  const rows = await tx.query<JobRow & KeyedRow>(
    `select *, ${page.select} from import_job
     where state <> 'uploading' and ($1::text is null or kind = $1) and ($2::text is null or state = $2)
       and ${reach.text} and ${page.where}
     order by ${page.orderBy} limit ${page.limit}`,
    [query.kind ?? null, query.state ?? null, ...reach.values, ...page.values],
  );
  return pageOf(rows, query, jobOf);
}

function reachCondition(reaches: readonly KindReach[], first: number): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts = reaches.map(({ kind, read }) => {
    const at = first + values.length;
    values.push(kind, read === '*' ? null : read);
    return `(kind = $${at} and ($${at + 1}::uuid[] is null or units <@ $${at + 1}))`;
  });
  return { text: parts.length > 0 ? `(${parts.join(' or ')})` : 'false', values };
}

/** Ends a job that is open. Gives whether it was. */
export async function endJob(
  tx: Tx,
  id: string,
  end: Readonly<{ state: JobState; now: Date; error?: FailureText }>,
): Promise<boolean> {
  const rows = await tx.query(
    `update import_job set state = $2, finished_at = $3, updated_at = $3, error = $4
     where id = $1 and state in ('uploaded', 'running') returning id`,
    [id, end.state, end.now, end.error ? JSON.stringify(end.error) : null],
  );
  return rows.length > 0;
}

/** Marks that a copy has begun to run the job; the number of beginnings without progress tells a job that kills its copy. */
export async function beginRun(tx: Tx, id: string, now: Date): Promise<ImportJob | undefined> {
  const [row] = await tx.query<JobRow>(
    `update import_job set state = 'running', started_at = coalesce(started_at, $2), updated_at = $2, attempts = attempts + 1
     where id = $1 and state in ('uploaded', 'running') returning *`,
    [id, now],
  );
  return row && jobOf(row);
}

export async function storeFileFacts(tx: Tx, id: string, file: OpenedFile): Promise<void> {
  const values = [id, file.format, file.encoding, JSON.stringify(file.unusedColumns)];
  await tx.query(
    'update import_job set format = $2, encoding = $3, unused_columns = $4 where id = $1',
    values,
  );
}

/**
 * Moves the job's cursor from where this batch began. Gives false when the job stands elsewhere or is no longer running:
 * then somebody else works on it, or it was cancelled, and the batch must not be applied.
 */
export async function advance(tx: Tx, id: string, { from, to, counts, now }: Progress): Promise<boolean> {
  const sums = COUNTS.map((name, i) => `rows_${name} = rows_${name} + $${i + 6}`).join(', ');
  const rows = await tx.query(
    `update import_job set cursor = $3, bytes_done = $4, updated_at = $5, attempts = 0, ${sums}
     where id = $1 and state = 'running' and coalesce((cursor->>'row')::int, 0) = $2 returning id`,
    [id, from?.row ?? 0, JSON.stringify(to), to.offset, now, ...COUNTS.map((name) => counts[name])],
  );
  return rows.length > 0;
}

export async function insertProblems(
  tx: Tx,
  jobId: string,
  entries: readonly RowProblemEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ ...entry, job_id: jobId, row_number: entry.rowNumber }));
  await tx.query(
    'insert into import_row_problem select * from jsonb_populate_recordset(null::import_row_problem, $1)',
    [JSON.stringify(rows)],
  );
}

type ProblemRow = {
  row_number: number;
  seq: number;
  state: 'rejected' | 'warning';
  field: string | null;
  code: string;
  detail: string;
  raw: string;
};
export type ProblemCursor = Readonly<{ row: number; seq: number }>;
export type ProblemQuery = Readonly<{ state?: string; limit: number; after?: ProblemCursor }>;

/** Problems of a job in the order of its file, one more than asked for when there are more. */
export async function listProblems(tx: Tx, jobId: string, query: ProblemQuery): Promise<RowProblemEntry[]> {
  const rows = await tx.query<ProblemRow>(
    `select row_number, seq, state, field, code, detail, raw from import_row_problem
     where job_id = $1 and ($2::text is null or state = $2) and (row_number, seq) > ($3, $4)
     order by row_number, seq limit $5`,
    [jobId, query.state ?? null, query.after?.row ?? -1, query.after?.seq ?? -1, query.limit + 1],
  );
  return rows.map(({ row_number, ...row }) => ({ ...row, rowNumber: row_number }));
}

/** Open jobs, oldest first; one that failed before waits longer with every beginning that brought no progress. */
export async function openJobs(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from import_job where state in ('uploaded', 'running')
       and (attempts < 2 or updated_at < $1::timestamptz - least(attempts * 2, 60) * interval '1 second')
     order by created_at limit 50`,
    [now],
  );
  return rows.map(({ id }) => id);
}

/** Uploads that stand still, and ended jobs whose files have been kept long enough. */
export async function staleFiles(tx: Tx, abandonedBefore: Date, endedBefore: Date): Promise<ImportJob[]> {
  const rows = await tx.query<JobRow>(
    `select * from import_job where (state = 'uploading' and updated_at < $1)
       or (file_gone_at is null and finished_at < $2) order by created_at limit 20`,
    [abandonedBefore, endedBefore],
  );
  return rows.map(jobOf);
}

export async function markFileGone(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query('update import_job set file_gone_at = $2 where id = $1', [id, now]);
}
