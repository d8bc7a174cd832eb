import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, freePort } from '@steward/testing';
import { nodeMemory, type NodeMemory } from '../frame/node-memory.js';
import type { Stand } from '../frame/stand.js';

const READY_MS = 300_000;
const STOP_MS = 60_000;
const LOOK_MS = 50;
/** Memory is looked at once the start's own garbage has had time to go. */
const SETTLE_MS = 5000;

/** Seconds until everything was ready, and the memory of Node afterwards. */
export type StartFound = Readonly<{ readySeconds: number; memory: NodeMemory | undefined }>;

/** Starts the platform as `npm start` does once it has installed and built, waits until all is ready, and ends it. */
export async function startPlatform(
  stand: Stand,
  dataDir: string,
  args: readonly string[],
): Promise<StartFound> {
  const port = await freePort();
  const began = performance.now();
  const platform = stand.process({
    name: 'platform',
    file: fileURLToPath(new URL('../../../tools/dist/start.js', import.meta.url)),
    args,
    env: { NODE_ENV: 'development', PLATFORM_DATA: dataDir, PORT: String(port) },
    stopMs: STOP_MS,
  });
  await eventually(
    async () => {
      platform.checkAlive();
      const answer = await fetch(`http://127.0.0.1:${port}/health/services`);
      return ((await answer.json()) as { status: string }).status === 'ready';
    },
    { timeoutMs: READY_MS, intervalMs: LOOK_MS },
  );
  const readySeconds = (performance.now() - began) / 1000;
  await eventually(() => existsSync(join(dataDir, 'demo-group.done')), { timeoutMs: READY_MS });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const memory = nodeMemory(platform.pid);
  await platform.stop();
  return { readySeconds, memory };
}
