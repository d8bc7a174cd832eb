import { cpus, loadavg, totalmem } from 'node:os';
import { KAFKA_LIB_DIR } from '@steward/testing';
import { readdirSync } from 'node:fs';
import type { Stand } from './stand.js';

/** Runnable processes per core, beside our own, from which on figures mean little. */
const BUSY = 0.5;

/** The machine and the versions that every figure depends on. */
export async function surroundings(stand: Stand): Promise<Record<string, string>> {
  const settings = await stand.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes')`,
  );
  const setting = (name: string): string => settings.find((row) => row.name === name)?.setting ?? '?';
  const processors = cpus();
  return {
    node: process.version,
    postgresql: `${setting('server_version')}, fsync ${setting('fsync')}, synchronous_commit ${setting('synchronous_commit')}, full_page_writes ${setting('full_page_writes')}`,
    kafka: `${kafkaVersion()}, one broker, acks of all`,
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

export type Load = Readonly<{ load: string; warnings: readonly string[] }>;

/** The load that the machine has before anything of ours runs; a warning when it is not idle. */
export function loadAtStart(): Load {
  const [one = 0, five = 0] = loadavg();
  const cores = cpus().length;
  const load = `${one.toFixed(1)} (5 min: ${five.toFixed(1)})`;
  const warnings =
    one / cores > BUSY
      ? [
          `the machine is not idle (load ${load} on ${cores} cores): only ratios and processor times mean something`,
        ]
      : [];
  return { load, warnings };
}

function kafkaVersion(): string {
  try {
    const jar = readdirSync(KAFKA_LIB_DIR).find((name) => /^kafka_2\.13-[\d.]+\.jar$/.test(name));
    return jar?.slice('kafka_2.13-'.length, -'.jar'.length) ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
