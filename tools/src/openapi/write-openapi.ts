import { describeService } from '@steward/platform';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { API_SERVICE_NAMES, API_SERVICES } from '../api-services.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Nothing is connected to: the addresses only have to be well formed. */
const ENV = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://app@127.0.0.1/none',
  WORKER_DATABASE_URL: 'postgres://worker@127.0.0.1/none',
  MIGRATION_URL: 'postgres://owner@127.0.0.1/none',
  KAFKA_BROKERS: '127.0.0.1:9092',
  OIDC_ISSUER: 'http://127.0.0.1:9000',
  AUDIT_KEY: 'only to describe the routes, never used',
};

/**
 * Makes `services/<name>/openapi.json` from the code. With `check` nothing is written. Gives the paths that differ from
 * what is committed.
 */
export async function writeOpenApi({ check }: { check: boolean }): Promise<string[]> {
  const drifted: string[] = [];
  for (const name of API_SERVICE_NAMES) {
    const { configFromEnv, definition } = await API_SERVICES[name]();
    const path = join(REPOSITORY, 'services', name, 'openapi.json');
    const document = `${JSON.stringify(await describeService(definition(configFromEnv(ENV))), null, 2)}\n`;
    const committed = await readFile(path, 'utf8').catch(() => '');
    if (committed === document) continue;
    drifted.push(path);
    if (!check) await writeFile(path, document);
  }
  return drifted;
}
