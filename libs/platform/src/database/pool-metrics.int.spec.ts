import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { GROUP_SCOPE } from '../context.js';
import { Telemetry } from '../telemetry/index.js';
import { Database } from './database.js';
import { observePools } from './pool-metrics.js';

const TELEMETRY = {
  traces: false,
  metrics: false,
  metricsIntervalMs: 60_000,
  sampler: 'always_off',
  samplerRatio: 0,
} as const;

describe('the pools of a service', () => {
  let database: TestDatabase;
  let one: Database;
  beforeAll(async () => {
    database = await createTestDatabase('pools');
    one = await Database.connect({ url: database.appUrl, name: 'one', poolSize: 1 });
  });
  afterAll(async () => {
    await one.close();
    await database.drop();
  });

  it('tell how many connections work, rest, and are waited for', async () => {
    const telemetry = new Telemetry('pools', '1', TELEMETRY);
    observePools(telemetry.meter, { app: one });
    const told = async (name: string, labels = ''): Promise<number> => {
      const line = new RegExp(
        `^db_client_connection_${name}\\{[^}]*pool_name="app"${labels}[^}]*\\} (\\d+)`,
        'm',
      );
      return Number(line.exec(await telemetry.prometheus())?.[1]);
    };
    const work = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const working = one.transaction(GROUP_SCOPE, () => {
      begun.resolve();
      return work.promise;
    });
    await begun.promise;
    const waiting = one.transaction(GROUP_SCOPE, () => Promise.resolve());
    expect(await told('count', ',db_client_connection_state="used"')).toBe(1);
    expect(await told('pending_requests')).toBe(1);
    expect(await told('max')).toBe(1);
    work.resolve();
    await Promise.all([working, waiting]);
    expect(await told('pending_requests')).toBe(0);
    expect(await told('count', ',db_client_connection_state="idle"')).toBe(1);
    await telemetry.stop();
  });
});
