import { parseArgs } from 'node:util';

/** What `npm run import` was asked for. */
export type ImportArguments = Readonly<{
  kind: string;
  file: string;
  mapping?: string | undefined;
  /** Text fields of the upload besides the mapping. */
  fields: Readonly<Record<string, string>>;
  json: boolean;
  gateway?: string | undefined;
  user: string;
}>;

/** A wish that cannot be granted; its message is for people. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

export const USAGE = `usage: npm run import -- <kind> <file> [options]
  --mapping FILE    how foreign columns become ours (JSON, see docs/imports.md)
  --branch CODE     branch of rows that name none
  --source NAME     where the rows come from; goes before the source of the mapping
  --mode update     change known rows that come with other content (otherwise they are rejected)
  --dry-run         check everything, change nothing
  --notify          let imported rows start notices and callbacks
  --encoding NAME   utf-8, utf-16le, utf-16be, gb18030, windows-1252 or big5; told from the file otherwise
  --sheet NAME      sheet of a workbook; the first otherwise
  --user LOGIN      who imports (hq.admin)
  --gateway URL     another platform than the one that runs here
  --json            print one JSON object instead of progress and a summary`;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{
    mapping: TEXT,
    branch: TEXT,
    source: TEXT,
    mode: TEXT,
    encoding: TEXT,
    sheet: TEXT,
    gateway: TEXT,
    user: TEXT,
  },
  ...{ 'dry-run': FLAG, notify: FLAG, json: FLAG },
} as const;

/** Reads the command line. Throws `ImportError` with the usage. */
export function importArguments(args: readonly string[]): ImportArguments {
  const { values, positionals } = parsed(args);
  const [kind, file, ...more] = positionals;
  if (!kind || !file || more.length > 0) throw new ImportError(USAGE);
  const { branch, source, mode, encoding, sheet } = values;
  const fields = {
    ...{ branch, source, mode, encoding, sheet },
    ...(values['dry-run'] ? { dryRun: 'true' } : {}),
    ...(values.notify ? { notify: 'true' } : {}),
  };
  return {
    ...{ kind, file, mapping: values.mapping, gateway: values.gateway, json: values.json },
    user: values.user ?? 'hq.admin',
    fields: Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new ImportError(`${(error as Error).message}\n${USAGE}`);
  }
}
