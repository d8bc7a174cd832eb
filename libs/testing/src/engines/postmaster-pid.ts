import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Above every system's highest process id, so that it names no process. */
const NOBODY = 99_999_999;

/**
 * Makes a `postmaster.pid` that a killed server left behind harmless. PostgreSQL itself recognises a dead process, but
 * takes another program that got the same id meanwhile for a running server. Only the id is replaced: the other lines
 * let PostgreSQL see whether backends of the old server still hold its shared memory.
 */
export function repairPidFile(cluster: string): void {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (pid > 0 && !runsOn(pid, cluster)) writeFileSync(file, [String(NOBODY), ...lines.slice(1)].join('\n'));
}

function runsOn(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster);
  } catch {
    // no /proc here: leave the decision to PostgreSQL
    return process.platform !== 'linux';
  }
}
