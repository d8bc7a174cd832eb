import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseDataDir, startPostgres, takeDataDir } from '@steward/testing';
import { BackupError } from './backup-error.js';
import { withDatabase } from './contents.js';

/** The embedded cluster of a state folder, answering at `url`. */
export type Cluster = Readonly<{ url: string; data: string; close(): Promise<void> }>;

/** The folder of the embedded PostgreSQL in a state folder, and of the cluster in it. */
export const postgresFolder = (dataDir: string): string => join(dataDir, 'postgres');
export const clusterFolder = (dataDir: string): string => join(postgresFolder(dataDir), 'pgdata');

/**
 * Gives the cluster of a state folder: that of the platform which runs from it, or, when none does, started for the
 * purpose. Throws `BackupError` when there is none, or when the platform is on its way up or down.
 */
export async function openCluster(dataDir: string): Promise<Cluster> {
  const data = clusterFolder(dataDir);
  if (!existsSync(join(data, 'PG_VERSION')))
    throw new BackupError(
      `There is no embedded PostgreSQL in ${dataDir}. For a PostgreSQL of your own see docs/runbooks/backup-and-restore.md.`,
    );
  if (await isRunning(dataDir)) return runningCluster(dataDir);
  try {
    const engine = await startPostgres({ dataDir: postgresFolder(dataDir) });
    const close = async (): Promise<void> => {
      await engine.stop();
      releaseDataDir(dataDir);
    };
    return { url: engine.url, data, close };
  } catch (error) {
    releaseDataDir(dataDir);
    throw error;
  }
}

/** Whether a platform runs from the folder; when none does the folder is taken for us. */
export async function isRunning(dataDir: string): Promise<boolean> {
  try {
    await takeDataDir(dataDir);
    return false;
  } catch (error) {
    if (/is in use by process/.test(String(error))) return true;
    throw error;
  }
}

async function runningCluster(dataDir: string): Promise<Cluster> {
  const data = clusterFolder(dataDir);
  const password = (await readFile(join(postgresFolder(dataDir), 'admin-password'), 'utf8')).trim();
  // its fourth line is the port that the server listens on now
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const url = `postgres://postgres:${password}@127.0.0.1:${lines[3]?.trim() || 0}/postgres`;
  try {
    await withDatabase(url, 'postgres', (client) => client.query('select'));
  } catch (cause) {
    throw new BackupError('The platform is starting or stopping. Try again in a moment.', { cause });
  }
  return { url, data, close: () => Promise.resolve() };
}
