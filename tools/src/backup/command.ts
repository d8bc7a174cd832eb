import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stateFolder } from '../token/running-platform.js';
import { backUp } from './back-up.js';
import { BackupError } from './backup-error.js';
import { sizeText } from './free-space.js';
import { knownMigrations } from './known-migrations.js';
import type { Manifest } from './manifest.js';
import { restore } from './restore.js';

export const BACKUP_USAGE = `npm run backup -- <folder>
Backs up the state folder (PLATFORM_DATA, default var) to a folder that is not there yet, while the platform runs or not.`;
export const RESTORE_USAGE = `npm run restore -- <folder> [--replace]
Puts a backup into the state folder (PLATFORM_DATA, default var), which must be empty. The platform must not run.
  --replace   move aside what the state folder holds`;

type Env = NodeJS.ProcessEnv;
type Say = (line: string) => void;

const STEP_MS = 2000;

/** Answers `npm run backup`. Throws `BackupError`. */
export async function backupCommand(args: readonly string[], env: Env, say: Say): Promise<void> {
  const { folder } = read(args, env, BACKUP_USAGE);
  const began = performance.now();
  const manifest = await backUp({
    dataDir: stateFolder(env),
    folder,
    onStep: (line) => say(`· ${line} …`),
    onProgress: progress(say),
  });
  say(`✓ backup in ${folder}: ${summary(manifest)}, ${seconds(began)}`);
  for (const { name, rows } of manifest.services) say(`    ${name.padEnd(14)} ${rows} rows`);
  say(
    '  It holds all passwords and keys of the platform, and personal data: keep it where nobody else can read it.',
  );
}

/** Answers `npm run restore`. Throws `BackupError`. */
export async function restoreCommand(args: readonly string[], env: Env, say: Say): Promise<void> {
  const { folder, replace } = read(args, env, RESTORE_USAGE);
  const began = performance.now();
  const { manifest, replaced } = await restore({
    dataDir: stateFolder(env),
    folder,
    replace,
    known: await knownMigrations(),
    now: new Date(),
    onStep: (line) => say(`· ${line} …`),
    onProgress: progress(say),
  });
  say(`✓ restored the state of ${manifest.begunAt}: ${summary(manifest)}, ${seconds(began)}`);
  if (replaced) say(`  What was there before lies in ${replaced}.`);
  say('  Start it with "npm start": Kafka is filled again from the databases, before anything new.');
  if (env.KAFKA_BROKERS)
    say(
      '  KAFKA_BROKERS names a broker of your own: first delete its topics and groups (docs/runbooks/backup-and-restore.md).',
    );
}

const summary = ({ files }: Manifest): string => {
  const marks = Object.values(files);
  return `${sizeText(marks.reduce((sum, { bytes }) => sum + bytes, 0))} in ${marks.length} files`;
};

const seconds = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;

function progress(say: Say): (copied: number, all: number) => void {
  let saidAt = performance.now();
  return (copied, all) => {
    if (performance.now() - saidAt < STEP_MS) return;
    saidAt = performance.now();
    say(`  ${sizeText(copied)} of ${sizeText(all)}`);
  };
}

function read(args: readonly string[], env: Env, usage: string): { folder: string; replace: boolean } {
  if (env.DATABASE_URL)
    throw new BackupError(
      'DATABASE_URL names a PostgreSQL of your own; it is backed up by its own means: docs/runbooks/backup-and-restore.md.',
    );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: usage === RESTORE_USAGE ? { replace: { type: 'boolean', default: false } } : {},
    });
    const [folder] = positionals;
    if (!folder || positionals.length > 1) throw new Error('one folder');
    // npm runs scripts from the repository; the person typed the path elsewhere
    return { folder: resolve(env.INIT_CWD ?? '.', folder), replace: values.replace === true };
  } catch (cause) {
    throw new BackupError(usage, { cause });
  }
}
