import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

type DateField = Readonly<{ column: string; date: Readonly<{ zone: string }> }>;

/** How the branch of a row is found; the importer's own form. */
export type BranchMapping = Readonly<{
  column: string;
  values: Readonly<Record<string, string>>;
  otherwise?: string;
  default: string;
}>;

/** The committed mapping of this source, as far as the oracle reads it itself. */
export type BostonMapping = Readonly<{
  source: string;
  externalId: string;
  branch: BranchMapping;
  fields: Readonly<{
    kind: Readonly<{ constant: string }>;
    channel: Readonly<{
      column: string;
      values: Readonly<Record<string, string>>;
      otherwise: string;
      emptyAs: string;
    }>;
    categoryCode: Readonly<{ column: string; slug: true }>;
    receivedAt: DateField;
    completedAt: DateField;
    [field: string]: unknown;
  }>;
}>;

/** Columns of the source that no field is made of: its own deadline and its own verdict. */
export const TARGET = 'target_dt';
export const VERDICT = 'ontime';

/** Where mapping and profile of this source are kept. */
export const PROFILE_FOLDER = join(import.meta.dirname, '../../../profiles/boston311');

/** Reads the committed mapping; gives its text as well, which decides what rows become. */
export async function loadMapping(
  folder = PROFILE_FOLDER,
): Promise<{ mapping: BostonMapping; text: string }> {
  const text = await readFile(join(folder, 'mapping.json'), 'utf8');
  return { mapping: JSON.parse(text) as BostonMapping, text };
}

/** Columns that a file must have to be one of this source. */
export function neededColumns({ externalId, branch, fields }: BostonMapping): string[] {
  const columns = Object.values(fields).flatMap((rule) => {
    const { column, join: joined } = rule as { column?: string; join?: string[] };
    return [...(joined ?? []), ...(column === undefined ? [] : [column])];
  });
  return [...new Set([externalId, branch.column, ...columns, TARGET, VERDICT])];
}

/** A name as a code: lower case, every run of other signs than letters and digits becomes one hyphen. */
export function slug(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  return plain.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

/** Whether a path is the committed mapping of this source, whose branches and policies its profile brings along. */
export const isCommittedMapping = (path: string): boolean =>
  resolve(path) === join(PROFILE_FOLDER, 'mapping.json');
