import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const CHUNK = 1 << 20;

/** What a file held when it was read: how many bytes, and their SHA-256 in hex. */
export type FileMark = Readonly<{ bytes: number; sha256: string }>;

/**
 * Copies one file and syncs it; gives what was copied, or undefined when there is no such file (any more). What is
 * appended while it is read is left out, and a file that is cut meanwhile ends earlier: both are usual in a cluster that
 * runs, whose log of changes makes up for it.
 */
export async function copyFile(from: string, to: string): Promise<FileMark | undefined> {
  const source = await openOrNothing(from);
  if (!source) return undefined;
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const target = await open(to, 'w', 0o600);
    try {
      const mark = await read(source, (chunk) => target.writeFile(chunk));
      await target.sync();
      return mark;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Reads one file; gives what it holds, or undefined when there is no such file. */
export async function markOf(path: string): Promise<FileMark | undefined> {
  const source = await openOrNothing(path);
  if (!source) return undefined;
  try {
    return await read(source, () => Promise.resolve());
  } finally {
    await source.close();
  }
}

/** Makes names in a folder lasting: without it a power cut may lose a file that itself was synced. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function read(source: FileHandle, take: (chunk: Buffer) => Promise<void>): Promise<FileMark> {
  const hash: Hash = createHash('sha256');
  const { size } = await source.stat();
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, size)));
  let bytes = 0;
  while (bytes < size) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, size - bytes));
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await take(chunk);
    bytes += bytesRead;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function openOrNothing(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
