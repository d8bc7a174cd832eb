import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { releaseDataDir, takeDataDir } from '@steward/testing';
import { BackupError } from './backup-error.js';
import { clusterBytes, copyCluster, type CopyProgress } from './base-backup.js';
import { openCluster, type Cluster } from './cluster.js';
import { contentsOf } from './contents.js';
import { copyFile, syncFolder, type FileMark } from './copy-file.js';
import { requireSpace } from './free-space.js';
import { FORMAT, writeManifest, type Manifest } from './manifest.js';
import { isKeptStateFile } from './state-files.js';

export type BackUpOptions = Readonly<{
  /** The state folder of the platform. */
  dataDir: string;
  /** Where the backup is to lie; empty or not there yet. */
  folder: string;
  onStep?: (line: string) => void;
  onProgress?: CopyProgress;
}>;

const PASSWORD = 'postgres/admin-password';
const OWNER = 'owner.json';

/** The kind of machine that the files of a cluster fit. */
export const machineKind = (): string => `${process.platform}-${process.arch}`;

/**
 * Backs up all that the platform keeps, as of one point in time, while it runs or while it does not. Kafka is not in it:
 * its topics are filled again from the databases. The folder appears under its name once it is complete and synced.
 * Throws `BackupError` in plain words, and leaves nothing that looks like a backup.
 */
export async function backUp(options: BackUpOptions): Promise<Manifest> {
  const { dataDir, folder, onStep = () => undefined } = options;
  await checkTarget(dataDir, folder);
  const cluster = await openCluster(dataDir);
  try {
    const partial = `${folder}.partial`;
    await makePartial(partial);
    await requireSpace(partial, await clusterBytes(cluster));
    onStep('copying the databases');
    const manifest = await fill(options, cluster, partial);
    releaseDataDir(partial);
    await rename(partial, folder);
    await syncFolder(dirname(folder));
    return manifest;
  } finally {
    await cluster.close();
  }
}

async function fill(
  { dataDir, onStep = () => undefined, onProgress = () => undefined }: BackUpOptions,
  cluster: Cluster,
  partial: string,
): Promise<Manifest> {
  const base = await copyCluster(cluster, join(partial, 'postgres/pgdata'), onProgress);
  const files = new Map<string, FileMark>();
  for (const [path, mark] of base.files) files.set(`postgres/pgdata/${path}`, mark);
  const own = (await readdir(dataDir)).filter(isKeptStateFile);
  for (const name of [...own, PASSWORD]) {
    const mark = await copyFile(join(dataDir, name), join(partial, name));
    if (mark) files.set(name, mark);
  }
  if (!files.has('secrets.json') || !files.has(PASSWORD))
    throw new BackupError(
      `The secrets of the databases are missing in ${dataDir}; the copy could not be opened.`,
    );
  onStep('counting');
  const services = await contentsOf(cluster.url);
  const folders = ['postgres', 'postgres/pgdata', ...base.folders.map((path) => `postgres/pgdata/${path}`)];
  for (const path of ['', ...folders]) await syncFolder(join(partial, path));
  const { begunAt, untilLsn, postgres } = base;
  const manifest: Manifest = {
    format: FORMAT,
    begunAt,
    endedAt: new Date().toISOString(),
    machine: machineKind(),
    postgres,
    untilLsn,
    services: services.map((service) => ({ ...service, migrations: [...service.migrations] })),
    folders,
    files: Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
  await writeManifest(partial, manifest);
  await syncFolder(partial);
  return manifest;
}

async function checkTarget(dataDir: string, folder: string): Promise<void> {
  const path = relative(dataDir, resolve(folder));
  if (path === '' || !(path.startsWith('..') || path.startsWith('/')))
    throw new BackupError(`${folder} lies inside of the state folder ${dataDir} and would be lost with it.`);
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new BackupError(`${folder} is not empty. Name a folder that is not there yet.`);
}

/** Takes the folder under its preliminary name; one that an interrupted backup left behind is emptied. */
async function makePartial(partial: string): Promise<void> {
  const left = existsSync(partial) ? await readdir(partial) : [];
  if (left.length > 0 && !left.includes(OWNER))
    throw new BackupError(`${partial} is in the way: it was not left by an interrupted backup.`);
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    await takeDataDir(partial);
  } catch (cause) {
    throw new BackupError('Another backup to the same folder is under way.', { cause });
  }
  for (const name of left) if (name !== OWNER) await rm(join(partial, name), { recursive: true });
}
