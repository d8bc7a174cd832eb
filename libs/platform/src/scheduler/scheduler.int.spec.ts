import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, uniqueName, type TestDatabase } from '@steward/testing';
import pg from 'pg';
import { GROUP_SCOPE } from '../context.js';
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

  it('runs work in one copy at a time and goes on after a failure', async () => {
    let inside = 0;
    let most = 0;
    let turns = 0;
    const work = {
      name: 'only-one',
      everyMs: 1,
      run: async () => {
        most = Math.max(most, ++inside);
        turns++;
        await worker.read(GROUP_SCOPE, (tx) => tx.query('select pg_sleep(0.01)'));
        inside--;
        if (turns % 3 === 0) throw new Error('now and then');
      },
    };
    const copies = [new Scheduler(worker), new Scheduler(worker)];
    for (const copy of copies) copy.start(work);
    await eventually(() => turns >= 9);
    await Promise.all(copies.map((copy) => copy.stop()));
    expect(most).toBe(1);
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
