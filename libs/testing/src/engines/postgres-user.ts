import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** How PostgreSQL, which refuses to be root, is run: under another user, or inside a user namespace of ours. */
export type RunAs = { uid?: number; gid?: number; prefix: readonly string[] };

const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/**
 * Chooses how to run PostgreSQL on `dataDir` and gives the directory to that user.
 * @param needs further paths that the user must reach (the programs)
 * @throws Error in plain words when root has no way to run it here
 */
export function choosePostgresUser(dataDir: string, needs: readonly string[]): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const user = existingUser('postgres') ?? createdUser() ?? existingUser('nobody');
  if (user && [dataDir, ...needs].every((path) => reachable(dirname(resolve(path))))) {
    giveTo(dataDir, user.uid, user.gid);
    return { ...user, prefix: [] };
  }
  if (spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'true']).status === 0) {
    giveTo(dataDir, 0, 0);
    return { prefix: NAMESPACE };
  }
  throw new Error(
    `PostgreSQL does not run as root, and another user cannot reach ${dataDir}. ` +
      'Start as an ordinary user, put the repository where every user may read (for example /opt or /srv), ' +
      'or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function existingUser(name: string): { uid: number; gid: number } | undefined {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}

function createdUser(): { uid: number; gid: number } | undefined {
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  return existingUser('postgres');
}

function reachable(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) && (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function giveTo(path: string, uid: number, gid: number): void {
  const status = lstatSync(path);
  if (status.uid !== uid) chownSync(path, uid, gid);
  if (!status.isDirectory() || status.isSymbolicLink()) return;
  for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid);
}
