import { statfs } from 'node:fs/promises';
import { BackupError } from './backup-error.js';

/** Beyond the files themselves: their names, and what the server writes while it recovers. */
const SPARE = 64 << 20;

/** Throws `BackupError` when the disk of `folder`, which must exist, has no room for so many bytes more. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes + SPARE)
    throw new BackupError(
      `There is no room in ${folder}: ${sizeText(bytes + SPARE)} are needed, ${sizeText(free)} are free.`,
    );
}

/** Bytes as a person reads them. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
