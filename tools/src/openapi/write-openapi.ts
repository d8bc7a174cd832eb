import {
  describeService,
  platformConfig,
  platformEnv,
  type PlatformConfig,
  type ServiceDefinition,
} from '@steward/platform';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Nothing is connected to: the addresses only have to be well formed. */
const CONFIG: PlatformConfig = platformConfig(
  platformEnv.parse({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://app@127.0.0.1/none',
    WORKER_DATABASE_URL: 'postgres://worker@127.0.0.1/none',
    MIGRATION_URL: 'postgres://owner@127.0.0.1/none',
    KAFKA_BROKERS: '127.0.0.1:9092',
    OIDC_ISSUER: 'http://127.0.0.1:9000',
    AUDIT_KEY: 'only to describe the routes, never used',
  }),
);

/** The services that have an API of their own; the gateway merges their documents when it runs. */
const DEFINITIONS: Readonly<Record<string, () => Promise<ServiceDefinition>>> = {
  organisation: async () =>
    (await import('@steward/service-organisation')).definition({ ...CONFIG, bootstrap: null }),
  tickets: async () => (await import('@steward/service-tickets')).definition(CONFIG),
  insights: async () => (await import('@steward/service-insights')).definition(CONFIG),
};

/**
 * Makes `services/<name>/openapi.json` from the code. With `check` nothing is written. Gives the paths that differ from
 * what is committed.
 */
export async function writeOpenApi({ check }: { check: boolean }): Promise<string[]> {
  const drifted: string[] = [];
  for (const [name, define] of Object.entries(DEFINITIONS)) {
    const path = join(REPOSITORY, 'services', name, 'openapi.json');
    const document = `${JSON.stringify(await describeService(await define()), null, 2)}\n`;
    const committed = await readFile(path, 'utf8').catch(() => '');
    if (committed === document) continue;
    drifted.push(path);
    if (!check) await writeFile(path, document);
  }
  return drifted;
}
