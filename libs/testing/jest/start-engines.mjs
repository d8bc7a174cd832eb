// Runs once before the specs that need engines. Addresses reach the workers by the environment.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');

export default async function startTestEngines() {
  process.env.STEWARD_TEST_RUN ??= randomBytes(6).toString('hex');
  if (process.env.STEWARD_TEST_ADMIN_URL && process.env.STEWARD_TEST_BROKERS) return;
  if (globalThis.stewardEngines) return;
  const tsc = resolve(repository, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'libs/testing'], { cwd: repository, stdio: 'inherit' });
  const { startContainers, startEngines } = await import('../dist/index.js');
  const engines = await (process.env.TEST_ENV === 'containers' ? startContainers() : startEngines());
  globalThis.stewardEngines = engines;
  process.env.STEWARD_TEST_ADMIN_URL = engines.adminUrl;
  process.env.STEWARD_TEST_BROKERS = engines.brokers;
}
