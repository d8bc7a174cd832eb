import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { scopeOf, systemContext, type CallContext } from '../context.js';
import { Database } from '../database/database.js';
import { runMigrations } from '../database/migrations.js';
import { platformMigrations } from '../database/platform-migrations.js';
import { Commands } from './commands.js';

let db: TestDatabase;
let app: Database;

beforeAll(async () => {
  db = await createTestDatabase('commands', {
    migrate: (ownerUrl, roles) => runMigrations(ownerUrl, platformMigrations, roles),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

describe('idempotency', () => {
  const commands = (): Commands => new Commands(app);
  const keyed = (key: string, hash = 'h'): CallContext => ({
    ...systemContext('tester', scopeOf([newId()]), new Date('2026-03-02T01:00:00Z')),
    idempotency: { key, route: 'POST /x', hash },
  });

  it('a repeat gets the stored answer and has no second effect', async () => {
    let runs = 0;
    const run = () => commands().execute(keyed('k1'), () => Promise.resolve({ n: ++runs }));
    expect([await run(), await run()]).toEqual([{ n: 1 }, { n: 1 }]);
    await expect(commands().execute(keyed('k1', 'other'), () => Promise.resolve(1))).rejects.toMatchObject({
      kind: 'unprocessable',
      code: 'idempotency.key-reused',
    });
  });

  it('a repeat gets the stored answer to the byte, fields in their order', async () => {
    const answer = {
      number: 'EB1-T-2026-000001',
      id: 'x',
      branchId: 'y',
      nested: { zz: 1, a: [{ c: 1, b: 2 }] },
    };
    const run = () => commands().execute(keyed('k1-order'), () => Promise.resolve(answer));
    expect(JSON.stringify([await run(), await run()])).toBe(JSON.stringify([answer, answer]));
  });

  it('twenty at once run once: the others wait for the first', async () => {
    let runs = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        commands().execute(keyed('k2'), async (tx) => {
          await tx.query('select pg_sleep(0.05)');
          return { n: ++runs };
        }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.n))).toEqual(new Set([1]));
  });

  it('an error stores nothing, so a repeat tries again', async () => {
    let runs = 0;
    const run = () =>
      commands().execute(keyed('k3'), () =>
        ++runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve(runs),
      );
    await expect(run()).rejects.toThrow('first');
    expect(await run()).toBe(2);
  });
});
