import { isId } from '@steward/kernel';
import { z } from 'zod';
import { isOpen, JOB_STATES, type ImportJob, type RowProblemEntry } from './import-job.js';

const count = z.int().min(0);
const at = z.iso.datetime().nullable();

/** An import job as callers see it. */
export const jobView = z
  .object({
    id: z.string().meta({ examples: ['tickets-0198c0de-0000-7000-8000-000000000001'] }),
    kind: z.string().meta({ examples: ['tickets'] }),
    state: z.enum(JOB_STATES),
    mode: z.enum(['insert', 'update']),
    dryRun: z.boolean(),
    notify: z.boolean(),
    source: z.string(),
    branch: z.string().nullable().meta({ description: 'Code of the branch of rows that name none' }),
    file: z.object({
      name: z.string(),
      bytes: count,
      sha256: z.string().nullable(),
      format: z.string().nullable(),
      encoding: z.string().nullable(),
      unusedColumns: z.array(z.string()).nullable().meta({ description: 'Columns that nothing read' }),
    }),
    rows: z.object({
      read: count,
      created: count,
      updated: count,
      unchanged: count,
      rejected: count,
      warned: count,
    }),
    progress: z.object({ bytes: count, share: z.number().min(0).max(1) }),
    error: z
      .object({ code: z.string(), detail: z.string(), params: z.record(z.string(), z.unknown()).optional() })
      .nullable()
      .meta({ description: 'Why the job failed as a whole' }),
    startedBy: z.string(),
    createdAt: z.iso.datetime(),
    startedAt: at,
    finishedAt: at,
    actions: z.array(z.enum(['cancel'])).meta({ description: 'What the caller may do now' }),
  })
  .meta({ id: 'ImportJob' });

export type JobView = z.infer<typeof jobView>;

/** A problem of a row as callers see it; a row with several problems comes once for each. */
export const rowProblemView = z
  .object({
    rowNumber: z.int().meta({ description: 'As a spreadsheet shows it: the header is row 1' }),
    state: z.enum(['rejected', 'warning']).meta({ description: 'A row with warnings only was imported' }),
    field: z.string().nullable(),
    code: z.string().meta({ examples: ['import.invalid-date'] }),
    detail: z.string(),
    raw: z.string().meta({ description: 'The beginning of the row as it stands in the file' }),
  })
  .meta({ id: 'ImportRowProblem' });

export type RowProblemView = z.infer<typeof rowProblemView>;

/** The id that callers use: it names the service, so that the gateway finds it. */
export const publicId = (service: string, id: string): string => `${service}-${id}`;

/** The bare id of a public one, or undefined when it is not of this service. */
export function bareId(service: string, id: string): string | undefined {
  const bare = id.startsWith(`${service}-`) ? id.slice(service.length + 1) : '';
  return isId(bare) ? bare : undefined;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A job for its callers; `mayCancel` says whether this caller could end it. */
export function viewOf(service: string, job: ImportJob, mayCancel: boolean): JobView {
  const { kind, mode, dryRun, notify, source, branch, rows, error, fileBytes, bytesDone } = job;
  const share = job.state === 'done' ? 1 : fileBytes === 0 ? 0 : Math.min(1, bytesDone / fileBytes);
  return {
    ...{ kind, mode, dryRun, notify, source, branch, rows, error },
    id: publicId(service, job.id),
    state: job.state === 'uploading' ? 'uploaded' : job.state,
    file: {
      name: job.fileName,
      bytes: fileBytes,
      sha256: job.fileSha256,
      format: job.format,
      encoding: job.encoding,
      unusedColumns: job.unusedColumns ? [...job.unusedColumns] : null,
    },
    progress: {
      bytes: job.state === 'done' ? fileBytes : bytesDone,
      share: Math.round(share * 10_000) / 10_000,
    },
    startedBy: job.actor.id,
    createdAt: job.createdAt.toISOString(),
    startedAt: iso(job.startedAt),
    finishedAt: iso(job.finishedAt),
    actions: mayCancel && isOpen(job) ? ['cancel'] : [],
  };
}

export const problemView = ({
  rowNumber,
  state,
  field,
  code,
  detail,
  raw,
}: RowProblemEntry): RowProblemView => ({
  ...{ rowNumber, state, field, code, detail, raw },
});
