import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError } from './backup-error.js';
import { markOf, type FileMark } from './copy-file.js';
import { listTree, severalAtOnce } from './file-tree.js';

export const FORMAT = 1;
const MANIFEST = 'manifest.json';
const MANIFEST_MARK = 'manifest.sha256';

const mark = z.object({ bytes: z.number(), sha256: z.string() });

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** When the copy began: whatever was committed by then is in it. */
  begunAt: z.string(),
  endedAt: z.string(),
  /** The kind of machine: the files of a cluster fit no other. */
  machine: z.string(),
  /** The major version of PostgreSQL. */
  postgres: z.number(),
  /** Place in the log of changes that a restored cluster must have reached. */
  untilLsn: z.string(),
  services: z.array(z.object({ name: z.string(), rows: z.number(), migrations: z.array(z.string()) })),
  folders: z.array(z.string()),
  files: z.record(z.string(), mark),
});

/** What a backup holds, and what each of its files must be. */
export type Manifest = z.output<typeof manifestSchema>;

/** Writes the manifest as the last of all: without it a folder is no backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeSynced(join(folder, MANIFEST_MARK), `${hashOf(text)}  ${MANIFEST}\n`);
  await writeSynced(join(folder, MANIFEST), text);
}

/** Reads the manifest of a backup. Throws `BackupError` when there is none, or it was changed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text, expected] = await Promise.all(
    [MANIFEST, MANIFEST_MARK].map((name) => readFile(join(folder, name), 'utf8').catch(() => undefined)),
  );
  if (text === undefined)
    throw new BackupError(`${folder} is no complete backup: there is no ${MANIFEST} in it.`);
  if (expected?.split(' ')[0] !== hashOf(text))
    throw new BackupError(`The backup is damaged: ${MANIFEST} does not fit ${MANIFEST_MARK}.`);
  const { format } = JSON.parse(text) as { format?: unknown };
  if (format !== FORMAT)
    throw new BackupError(
      `The backup has format ${String(format)}, this version reads format ${FORMAT}. Restore it with the version that made it.`,
    );
  return manifestSchema.parse(JSON.parse(text));
}

/** Compares every file of a backup with its manifest. Throws `BackupError` that names what is wrong, at most ten. */
export async function checkFiles(folder: string, { files }: Manifest): Promise<void> {
  const wrong: string[] = [];
  const present = await listTree(folder);
  for (const path of present.files.keys())
    if (!(path in files) && path !== MANIFEST && path !== MANIFEST_MARK)
      wrong.push(`${path} does not belong to it`);
  await severalAtOnce(Object.entries(files), async ([path, expected]) => {
    const found = await markOf(join(folder, path));
    if (!found) wrong.push(`${path} is missing`);
    else if (!sameMark(found, expected)) wrong.push(`${path} was changed`);
  });
  if (wrong.length === 0) return;
  const rest = wrong.length > 10 ? `\n  and ${wrong.length - 10} more` : '';
  throw new BackupError(`The backup is damaged:\n  ${wrong.slice(0, 10).join('\n  ')}${rest}`);
}

export const sameMark = (one: FileMark, other: FileMark): boolean =>
  one.bytes === other.bytes && one.sha256 === other.sha256;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes a small file, readable by its owner only, and syncs it. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
