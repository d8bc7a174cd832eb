import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from './backup-error.js';

/** Folders and files below a root, relative to it, with `/`; files with their size. */
export type FileTree = Readonly<{ folders: readonly string[]; files: ReadonlyMap<string, number> }>;

/** Which parts of a tree are looked at. */
export type TreeChoice = Readonly<{
  enters?: (folder: string) => boolean;
  takes?: (file: string) => boolean;
}>;

/** Lists a tree. What vanishes meanwhile is left out; what is neither file nor folder is refused. */
export async function listTree(root: string, choice: TreeChoice = {}): Promise<FileTree> {
  const { enters = () => true, takes = () => true } = choice;
  const folders: string[] = [];
  const files = new Map<string, number>();
  const enter = async (folder: string): Promise<void> => {
    for (const entry of (await orGone(readdir(join(root, folder), { withFileTypes: true }))) ?? []) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        folders.push(path);
        if (enters(path)) await enter(path);
      } else if (!entry.isFile()) {
        throw new BackupError(`${join(root, path)} is neither a file nor a folder; it cannot be backed up.`);
      } else if (takes(path)) {
        const status = await orGone(stat(join(root, path)));
        if (status) files.set(path, status.size);
      }
    }
  };
  await enter('');
  return { folders, files };
}

async function orGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs `work` for each item, a few at the same time; the first failure ends it. */
export async function severalAtOnce<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  atOnce = 8,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
