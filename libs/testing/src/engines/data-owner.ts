import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.js';

type Owner = { pid: number; started: string };

/**
 * Takes an engine's data directory for this process. Refuses when a living process holds it; stops an engine that a
 * killed process left behind.
 * @throws Error when another process, or an engine started earlier by this one, runs on the directory
 */
export async function takeDataDir(dataDir: string): Promise<void> {
  const owner = readOwner(dataDir);
  if (owner && owner.pid !== process.pid) await untilGone(owner, dataDir);
  const orphan = enginePid(dataDir);
  if (orphan !== undefined) {
    if (owner?.pid === process.pid)
      throw new Error(`an engine runs already on ${dataDir} (process ${orphan})`);
    await stopOrphan(dataDir, orphan);
  }
  writeFileSync(ownerFile(dataDir), JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
}

/** A process that was killed a moment ago may still be on its way out. */
async function untilGone(owner: Owner, dataDir: string): Promise<void> {
  try {
    await eventually(() => startOf(owner.pid) !== owner.started, { timeoutMs: 1_500 });
  } catch (cause) {
    throw new Error(`${dataDir} is in use by process ${owner.pid}; stop that one first`, { cause });
  }
}

/** Gives the directory back after its engine has ended. */
export function releaseDataDir(dataDir: string): void {
  rmSync(ownerFile(dataDir), { force: true });
}

export const pidFile = (dataDir: string) => join(dataDir, 'engine.pid');

async function stopOrphan(dataDir: string, pid: number): Promise<void> {
  // INT is PostgreSQL's fast stop and nothing to a Java started in the background, TERM is Kafka's orderly stop
  process.kill(pid, 'SIGINT');
  process.kill(pid, 'SIGTERM');
  const gone = (timeoutMs: number) => eventually(() => enginePid(dataDir) !== pid, { timeoutMs });
  try {
    await gone(10_000);
  } catch {
    process.kill(pid, 'SIGKILL');
    await gone(5_000);
  }
}

/** The engine of this directory, if it still runs. A recycled process id is told apart by its command line. */
function enginePid(dataDir: string): number | undefined {
  if (!existsSync(pidFile(dataDir))) return undefined;
  const pid = Number(readFileSync(pidFile(dataDir), 'utf8'));
  return pid > 0 && commandOf(pid).includes(dataDir) ? pid : undefined;
}

function readOwner(dataDir: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

const ownerFile = (dataDir: string) => join(dataDir, 'owner.json');

/** When a process started, in whatever unit the system gives; empty when there is no such process. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // a zombie only waits for its parent to look at its exit code
    return state === 'Z' ? '' : (rest[18] ?? '');
  } catch {
    return '';
  }
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
