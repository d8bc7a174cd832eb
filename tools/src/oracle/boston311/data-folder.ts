import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readCsv } from '../csv-records.js';
import { OracleError } from '../oracle-error.js';

/** A CSV file of a data folder. */
export type DataFile = Readonly<{ name: string; path: string; header: readonly string[] }>;

export type DataFolder = Readonly<{
  /** in the order of their names, which is the order of import */
  files: readonly DataFile[];
  /** CSV files of another kind, with the columns that they lack */
  others: readonly Readonly<{ name: string; missing: readonly string[] }>[];
  /** digest of the contents, whatever the files are called */
  digest: string;
}>;

const HEADER_BYTES = 64 * 1024;

/**
 * Looks at every CSV file of a folder. Those whose header has the columns, in any order, are files of the source.
 * @param salt what else decides what the rows become: other contents shall give another digest
 */
export async function openDataFolder(
  folder: string,
  columns: readonly string[],
  salt: readonly string[],
): Promise<DataFolder> {
  const entries = await readdir(folder).catch(() => {
    throw new OracleError(`There is no folder ${folder}.`);
  });
  const names = entries.filter((name) => /\.csv$/i.test(name)).sort();
  const all = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const header = await headerOf(path);
      return { name, path, header, missing: columns.filter((column) => !header.includes(column)) };
    }),
  );
  const files = all.filter(({ missing }) => missing.length === 0);
  const others = all.filter(({ missing }) => missing.length > 0);
  return {
    files,
    others,
    digest: digestOf(await Promise.all(files.map(({ path }) => digestFile(path))), salt),
  };
}

/** One digest of several contents: the order of the files does not matter, their number does. */
export function digestOf(digests: readonly string[], salt: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [...[...digests].sort(), '', ...salt]) hash.update(part).update('\n');
  return hash.digest('hex');
}

async function headerOf(path: string): Promise<readonly string[]> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const first = readCsv(buffer.toString('utf8', 0, bytesRead)).next();
    return first.done ? [] : (first.value.cells ?? []).map((name) => name.trim());
  } finally {
    await file.close();
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
