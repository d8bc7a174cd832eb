import { invalid } from '@steward/kernel';
import { z } from 'zod';
import type { ImportKind, ImportMode } from './import-kind.js';
import { importMapping, type ImportMapping } from './import-mapping.js';
import { flatIssues, mappingProblems, targetsOf } from './import-targets.js';
import { ENCODINGS, type Encoding } from './reading/encoding.js';

/** What an upload says besides its file. */
export type UploadOptions = Readonly<{
  mapping: ImportMapping | null;
  branch: string | null;
  source: string;
  mode: ImportMode;
  dryRun: boolean;
  notify: boolean;
  encoding: Encoding | null;
  sheet: string | null;
}>;

/** Characters of a mapping, at most. */
export const MAPPING_LENGTH = 200_000;

const yesNo = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text === 'true' || text === '1');
const blankIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema);

/** The text fields of the multipart body; what they mean to callers stands in the controller's form. */
const uploadFields = z.strictObject({
  mapping: z.string().max(MAPPING_LENGTH).optional(),
  branch: blankIsAbsent(z.string().max(60).optional()),
  source: blankIsAbsent(z.string().max(60).optional()),
  mode: blankIsAbsent(z.enum(['insert', 'update']).default('insert')),
  dryRun: yesNo,
  notify: yesNo,
  encoding: blankIsAbsent(z.enum(ENCODINGS).optional()),
  sheet: blankIsAbsent(z.string().max(60).optional()),
});

const DEFAULT_SOURCE = 'file';

/** Reads the text fields of an upload for a kind. Throws `import.invalid-options` or `import.invalid-mapping` (400). */
export function uploadOptions(fields: Readonly<Record<string, string>>, kind: ImportKind): UploadOptions {
  const parsed = uploadFields.safeParse(fields);
  if (!parsed.success) {
    throw invalid(
      'import.invalid-options',
      'Some fields of the upload are not as they must be.',
      flatIssues(parsed.error.issues),
    );
  }
  const { mapping: text, branch, source, encoding, sheet, mode, dryRun, notify } = parsed.data;
  const mapping = text ? readMapping(text, kind) : null;
  return {
    ...{ mapping, mode, dryRun, notify },
    branch: branch ?? null,
    source: source ?? mapping?.source ?? DEFAULT_SOURCE,
    encoding: encoding ?? null,
    sheet: sheet ?? null,
  };
}

function readMapping(text: string, kind: ImportKind): ImportMapping {
  const parsed = importMapping.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw invalid(
      'import.invalid-mapping',
      'The mapping is not as it must be.',
      flatIssues(parsed.error.issues, ['mapping']),
    );
  }
  const problems = mappingProblems(parsed.data, targetsOf(kind.rowSchema));
  if (problems.length > 0)
    throw invalid('import.invalid-mapping', 'The mapping does not fit this kind of import.', problems);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('import.invalid-mapping', 'The mapping is not JSON.');
  }
}
