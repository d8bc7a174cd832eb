import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresMajor, releaseDataDir, takeDataDir } from '@steward/testing';
import { machineKind } from './back-up.js';
import { BackupError } from './backup-error.js';
import { isRunning } from './cluster.js';
import { copyFile, syncFolder } from './copy-file.js';
import { severalAtOnce } from './file-tree.js';
import { requireSpace } from './free-space.js';
import { refuseNewer, type KnownMigrations } from './known-migrations.js';
import { checkFiles, readManifest, sameMark, type Manifest } from './manifest.js';
import { recoverCluster } from './recover.js';
import { occupied, REPLACED, RESTORING } from './state-files.js';

export type RestoreOptions = Readonly<{
  dataDir: string;
  folder: string;
  /** Moves what the state folder holds aside instead of refusing. */
  replace: boolean;
  known: KnownMigrations;
  now: Date;
  onStep?: (line: string) => void;
  onProgress?: (copied: number, all: number) => void;
}>;

/** What was restored, and where that lies which was moved aside. */
export type Restored = Readonly<{ manifest: Manifest; replaced: string | undefined }>;

const POSTGRES = 'postgres';

/**
 * Puts a backup into the state folder. Everything is checked before anything is touched; then the copy is put together
 * and recovered beside, and moved into its place as the last step, so a restore that is interrupted can be run again.
 * The relays are asked to fill Kafka's topics again, before anything newer. Throws `BackupError` in plain words.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { dataDir, folder, onStep = () => undefined } = options;
  onStep('checking the backup');
  const manifest = await readManifest(folder);
  await refuseForeign(manifest, options.known);
  await checkFiles(folder, manifest);
  await mkdir(dataDir, { recursive: true });
  if (await isRunning(dataDir)) throw new BackupError(`The platform runs from ${dataDir}. Stop it first.`);
  try {
    await refuseOccupied(options);
    const stage = await makeStage(dataDir);
    await requireSpace(stage, bytesOf(manifest));
    onStep('copying');
    await copyAll(options, manifest, stage);
    onStep('recovering the databases');
    await recoverCluster({ stage, manifest, reason: reasonOf(manifest), now: options.now });
    onStep('moving it into its place');
    const replaced = await moveAside(options);
    await moveIn(dataDir, stage);
    return { manifest, replaced };
  } finally {
    releaseDataDir(dataDir);
  }
}

const reasonOf = ({ begunAt }: Manifest): string => `Restored from the backup of ${begunAt}.`;

const bytesOf = ({ files }: Manifest): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);

async function refuseForeign(manifest: Manifest, known: KnownMigrations): Promise<void> {
  if (manifest.machine !== machineKind())
    throw new BackupError(
      `The backup was made on ${manifest.machine}, this is ${machineKind()}: the files of a database fit the same kind of machine only.`,
    );
  const major = await postgresMajor();
  if (manifest.postgres !== major)
    throw new BackupError(
      `The backup was made by PostgreSQL ${manifest.postgres}, here is ${major}. Restore it with the version that made it.`,
    );
  refuseNewer(manifest, known);
}

async function refuseOccupied({ dataDir, replace }: RestoreOptions): Promise<void> {
  const names = await occupied(dataDir);
  if (names.length > 0 && !replace)
    throw new BackupError(
      `${dataDir} is not empty (${names.slice(0, 5).join(', ')}). With --replace it is moved aside, and kept, before the backup takes its place.`,
    );
}

async function makeStage(dataDir: string): Promise<string> {
  const stage = join(dataDir, RESTORING);
  const engine = join(stage, POSTGRES);
  // a server that an interrupted restore left behind is stopped before its files go
  if (existsSync(engine)) await takeDataDir(engine);
  await rm(stage, { recursive: true, force: true });
  // no tighter: another user runs the server in it when we are root; what is secret has its own mode
  await mkdir(stage);
  return stage;
}

async function copyAll(
  { folder, onProgress = () => undefined }: RestoreOptions,
  manifest: Manifest,
  stage: string,
): Promise<void> {
  for (const path of manifest.folders) await mkdir(join(stage, path), { recursive: true, mode: 0o700 });
  const all = bytesOf(manifest);
  let copied = 0;
  await severalAtOnce(Object.entries(manifest.files), async ([path, expected]) => {
    const mark = await copyFile(join(folder, path), join(stage, path));
    if (!mark || !sameMark(mark, expected))
      throw new BackupError(`The backup is damaged: ${path} was changed.`);
    onProgress((copied += mark.bytes), all);
  });
  for (const path of ['', ...manifest.folders]) await syncFolder(join(stage, path));
}

/** Moves what is there into a folder of its own, which nobody but a person removes. */
async function moveAside({ dataDir, now }: RestoreOptions): Promise<string | undefined> {
  const names = await occupied(dataDir);
  if (names.length === 0) return undefined;
  const aside = join(dataDir, `${REPLACED}${now.toISOString().replaceAll(':', '-')}`);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const name of names) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

/** The databases come last: while they are missing, the folder counts as empty and the restore can be run again. */
async function moveIn(dataDir: string, stage: string): Promise<void> {
  const names = await readdir(stage);
  for (const name of [...names.filter((one) => one !== POSTGRES), POSTGRES])
    await rename(join(stage, name), join(dataDir, name));
  await syncFolder(dataDir);
  await rm(stage, { recursive: true });
  await syncFolder(dataDir);
}
