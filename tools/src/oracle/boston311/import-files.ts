import { importFile } from '../../import/import-file.js';
import type { GatewayAccess } from '../gateway-client.js';
import type { BranchPlan } from './branch-plan.js';
import type { DataFile } from './data-folder.js';
import type { BostonMapping } from './mapping.js';

/** Why the platform did not take a row. */
export type Rejection = Readonly<{ rowNumber: number; field: string | null; code: string; detail: string }>;

/** What the platform said about one file. */
export type ImportedFile = Readonly<{
  name: string;
  jobId: string;
  /** why it was not imported to its end, if it was not */
  failure: string | null;
  read: number;
  created: number;
  unchanged: number;
  rejected: number;
  rejections: readonly Rejection[];
}>;

/** Imports the files one after the other, so that of rows with the same id the first one counts. */
export async function importFiles(
  access: GatewayAccess,
  files: readonly DataFile[],
  given: Readonly<{ mapping: BostonMapping; plan: BranchPlan; say: (line: string) => void }>,
): Promise<ImportedFile[]> {
  const mapping = { ...given.mapping, branch: given.plan.mapping };
  const imported: ImportedFile[] = [];
  for (const { path, name } of files) {
    const { job, rows } = await importFile({ ...access, kind: 'tickets', file: path, mapping });
    const { read, created, unchanged, rejected } = job.rows;
    const failure = job.state === 'done' ? null : reasonOf(job.state, job.error);
    given.say(
      `${name}: ${failure ?? `${read} rows, ${created} created, ${unchanged} unchanged, ${rejected} rejected`}`,
    );
    const rejections = rows.filter(({ state }) => state === 'rejected');
    imported.push({ name, jobId: job.id, failure, read, created, unchanged, rejected, rejections });
  }
  return imported;
}

const reasonOf = (state: string, error: Readonly<{ code: string; detail: string }> | null): string =>
  error ? `${error.code}: ${error.detail}` : `the import is ${state}`;
