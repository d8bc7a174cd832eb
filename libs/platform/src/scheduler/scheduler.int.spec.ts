import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, uniqueName, type TestDatabase } from '@steward/testing';
import pg from 'pg';
import { WorkerDatabase } from '../database/database.js';
import { Scheduler } from './scheduler.js';

const name = uniqueName('scheduler');
let db: TestDatabase;
let worker: WorkerDatabase;

/** Ends every connection of the scheduler's pool, as a restart of the server does. */
async function cutConnections(): Promise<void> {
  const admin = new pg.Client({ connectionString: db.adminUrl });
  await admin.connect();
  try {
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      name,
    ]);
  } finally {
    await admin.end();
  }
}

describe('scheduled work', () => {
  beforeAll(async () => {
    db = await createTestDatabase('scheduler');
    worker = await WorkerDatabase.connect({ url: db.workerUrl, name });
  });
  afterAll(async () => {
    await worker.close();
    await db.drop();
  });

  it('hears that its lock is lost with the connection, and goes on with the next turn', async () => {
    const failures: unknown[] = [];
    const scheduler = new Scheduler(worker, (_work, error) => failures.push(error));
    let turns = 0;
    const toldOf: boolean[] = [];
    scheduler.start({
      name: 'cut-off',
      everyMs: 20,
      run: async (signal) => {
        turns += 1;
        if (turns > 1) return;
        await cutConnections();
        toldOf.push(await eventually(() => signal.aborted));
      },
    });
    await eventually(() => turns >= 2);
    await scheduler.stop();
    expect(toldOf).toEqual([true]);
    expect(failures).toEqual([]);
  });
});
