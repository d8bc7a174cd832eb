import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { scopeOf } from '../context.js';
import { Database } from '../database/database.js';
import { runMigrations } from '../database/migrations.js';
import { platformMigrations } from '../database/platform-migrations.js';
import { nextNumbers, nextNumbersOfEach } from './numbering.js';

const A = newId();
const B = newId();
const SITE = newId();

let db: TestDatabase;
let app: Database;

beforeAll(async () => {
  db = await createTestDatabase('numbering', {
    migrate: (ownerUrl, roles) => runMigrations(ownerUrl, platformMigrations, roles),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

describe('numbers', () => {
  it('ORG-05 numbers are continuous per branch and year, and a rollback gives its number back', async () => {
    const series = { branchId: B, branchCode: 'EB2', form: 'T', year: 2026 };
    const take = (count = 1) => app.transaction(scopeOf([B]), (tx) => nextNumbers(tx, series, count));
    expect(await take()).toEqual(['EB2-T-2026-000001']);
    await app
      .transaction(scopeOf([B]), async (tx) => {
        await nextNumbers(tx, series);
        throw new Error('withdrawn');
      })
      .catch(() => undefined);
    expect(await take(2)).toEqual(['EB2-T-2026-000002', 'EB2-T-2026-000003']);
    const many = await Promise.all(Array.from({ length: 20 }, () => take()));
    expect(new Set(many.flat()).size).toBe(20);
    expect(await take()).toEqual(['EB2-T-2026-000024']);
    expect(await app.transaction(scopeOf([B]), (tx) => nextNumbers(tx, { ...series, year: 2027 }))).toEqual([
      'EB2-T-2027-000001',
    ]);
  });

  it('ORG-05 no number for a branch out of scope; a site takes numbers of its branch', async () => {
    const series = { branchId: B, branchCode: 'EB2', form: 'V', year: 2026 };
    await expect(app.transaction(scopeOf([A]), (tx) => nextNumbers(tx, series))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(
      app.transaction({ read: [B], write: [], refs: [B] }, (tx) => nextNumbers(tx, series)),
    ).rejects.toMatchObject({
      code: '42501',
    });
    expect(await app.transaction(scopeOf([SITE], [B]), (tx) => nextNumbers(tx, series))).toEqual([
      'EB2-V-2026-000001',
    ]);
  });

  it('ORG-05 numbers of many branches come in one statement, and two that want the same never wait in a circle', async () => {
    const series = (branchId: string, branchCode: string) => ({
      branchId,
      branchCode,
      form: 'W',
      year: 2026,
    });
    const [a, b] = [series(A, 'EB1'), series(B, 'EB2')];
    const both = scopeOf([A, B]);
    const take = (wanted: Parameters<typeof nextNumbersOfEach>[1]) =>
      app.transaction(both, (tx) => nextNumbersOfEach(tx, wanted));
    expect(await take([b, a, b])).toEqual(['EB2-W-2026-000001', 'EB1-W-2026-000001', 'EB2-W-2026-000002']);
    const there = [a, b];
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, i) => take(i % 2 === 0 ? there : there.toReversed())),
    );
    expect(new Set(many.flat()).size).toBe(40);
    expect(await take([])).toEqual([]);
  });
});
