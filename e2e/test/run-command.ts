import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { PlatformUnderTest } from './platform-under-test.js';

const TOOLS = resolve(import.meta.dirname, '../../tools/dist');

export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** Runs one of the commands of `npm run` against a platform, as a person would. */
export async function runCommand(
  platform: PlatformUnderTest,
  name: 'oracle' | 'import' | 'backup' | 'restore' | 'operate',
  ...args: string[]
): Promise<Ended> {
  const { OIDC_ISSUER: _1, NODE_OPTIONS: _2, DATABASE_URL: _3, KAFKA_BROKERS: _4, ...rest } = process.env;
  const env = { ...rest, PLATFORM_DATA: platform.folder };
  const child = spawn(process.execPath, [join(TOOLS, `${name}.js`), ...args], { env, stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  return { code, ...said };
}
