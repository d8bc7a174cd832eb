import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import pg from 'pg';
import { Telemetry } from '../telemetry/index.js';
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
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase('pools');
    pool = new pg.Pool({ connectionString: database.appUrl, max: 1 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('tell how many connections work, rest, and are waited for', async () => {
    const telemetry = new Telemetry('pools', '1', TELEMETRY);
    observePools(telemetry.meter, { app: pool });
    const told = async (name: string, labels = ''): Promise<number> => {
      const line = new RegExp(
        `^db_client_connection_${name}\\{[^}]*pool_name="app"${labels}[^}]*\\} (\\d+)`,
        'm',
      );
      return Number(line.exec(await telemetry.prometheus())?.[1]);
    };
    const client = await pool.connect();
    const waiting = pool.connect();
    expect(await told('count', ',db_client_connection_state="used"')).toBe(1);
    expect(await told('pending_requests')).toBe(1);
    expect(await told('max')).toBe(1);
    client.release();
    (await waiting).release();
    expect(await told('count', ',db_client_connection_state="idle"')).toBe(1);
    await telemetry.stop();
  });
});
