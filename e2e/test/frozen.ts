import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformUnderTest } from './platform-under-test.js';

type Part = 'postgres' | 'kafka' | 'organisation' | 'tickets' | 'insights';

const pidFileOf = ({ folder }: PlatformUnderTest, part: Part): string =>
  part === 'postgres' || part === 'kafka'
    ? join(folder, part, 'engine.pid')
    : join(folder, 'processes', `${part}.pid`);

/** Process ids below one, itself first; processes that end meanwhile are left out. */
function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // gone
    }
  }
  const family = [pid];
  for (const member of family)
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // gone
    }
  }
}

export const processOf = (platform: PlatformUnderTest, part: Part): number =>
  Number(readFileSync(pidFileOf(platform, part), 'utf8'));

/** Runs `work` while a part of the platform stands still in all its processes, as on a machine that hangs. */
export async function whileFrozen(
  platform: PlatformUnderTest,
  part: Part,
  work: () => Promise<void>,
): Promise<void> {
  const pids = familyOf(processOf(platform, part));
  signal(pids, 'SIGSTOP');
  try {
    await work();
  } finally {
    signal(pids, 'SIGCONT');
  }
}

/** Megabytes that a service's process holds in memory. */
export function megabytesOf(platform: PlatformUnderTest, part: Part): number {
  const status = readFileSync(`/proc/${processOf(platform, part)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}
