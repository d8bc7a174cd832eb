import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startGuarded } from '@steward/testing';
import type { Env } from './settings.js';
import type { Running, ServiceEntry } from '../services.js';
import type { OnCrash } from './together.js';

const SERVICES_FOLDER = resolve(import.meta.dirname, '../../../services');
const START_LIMIT_MS = 120_000;

/** The program of a service that runs in a process of its own. */
export const serviceProgram = (service: string): string => join(SERVICES_FOLDER, service, 'dist/main.js');

/** Starts one service in a process of its own, which ends with ours; answers when it is alive. */
export async function startApart(
  service: ServiceEntry,
  env: Env,
  dataDir: string,
  onCrash: OnCrash,
): Promise<Running> {
  const folder = join(dataDir, 'processes');
  mkdirSync(folder, { recursive: true });
  const child = startGuarded({
    command: [process.execPath, serviceProgram(service.name)],
    signal: 'TERM',
    graceSeconds: 15,
    pidFile: join(folder, `${service.name}.pid`),
    env: { NODE_COMPILE_CACHE: join(folder, 'code'), ...env },
  });
  let stopping = false;
  void child.ended.then((code) => {
    if (!stopping) onCrash(`${service.name} ended (exit ${code})`);
  });
  const url = `http://127.0.0.1:${env.SERVICE_PORT}`;
  await untilAlive(url, service.name, () => child.hasEnded());
  return {
    name: service.name,
    url,
    stop: () => {
      stopping = true;
      return child.stop();
    },
  };
}

async function untilAlive(url: string, name: string, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline && !hasEnded()) {
    try {
      const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await pause(100);
  }
  throw new Error(
    hasEnded() ? `${name} did not start; the reason stands above` : `${name} does not answer at ${url}`,
  );
}
