import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toLocalDate } from '@steward/kernel';
import type { Json } from '@steward/directory/testing';
import type { Account } from '../src/account/account.repository.js';
import { BillingUnderTest } from './billing.harness.js';
import { Debts } from './debts.js';

let service: BillingUnderTest;
let debts: Debts;
beforeAll(async () => {
  service = await BillingUnderTest.start();
  debts = new Debts(service);
}, 60_000);
afterAll(() => service?.stop());

const cny = (fen: number) => ({ amount: (fen / 100).toFixed(2), currency: 'CNY' });
const pay = (account: Account, fen: number, on: string): Promise<Json> =>
  service.make('/api/v1/payments', 'eb1.accountant', {
    branchId: account.branchId,
    accountId: account.id,
    provider: 'bank',
    providerId: randomUUID(),
    method: 'transfer',
    amount: cny(fen),
    receivedAt: `${on}T02:00:00.000Z`,
  });
const ask = async (query: string, as = 'eb1.clerk'): Promise<Json> =>
  (await service.get(`/api/v1/arrears?branchId=${service.group.id('EB1')}&${query}`, as)).body;
const of = async (account: Account, asOf: string): Promise<Json | null> =>
  ((await ask(`customerId=${account.customerId}&asOf=${asOf}`))['items'] as Json[])[0] ?? null;

describe('arrears by age and months late', () => {
  it('GRP-03 tell what was owed at the end of any day, whatever was paid or taken back since', async () => {
    const account = await debts.account();
    await debts.owe(account, 1000, { bookedOn: '2026-01-10', dueOn: '2026-01-31' });
    await debts.owe(account, 2000, { bookedOn: '2026-02-10', dueOn: '2026-02-28' });
    await pay(account, 700, '2026-02-20');
    const bounced = await pay(account, 2300, '2026-03-15');
    await service.make(
      `/api/v1/payments/${bounced['id']}/reversal`,
      'eb1.accountant',
      { why: 'bounced', reason: '退票' },
      { match: bounced['version'] },
    );
    expect(await of(account, '2026-01-09')).toBeNull();
    expect(await of(account, '2026-01-31')).toMatchObject({
      total: cny(1000),
      overdue: cny(0),
      monthsLate: 0,
    });
    expect(await of(account, '2026-02-19')).toMatchObject({
      total: cny(3000),
      notDue: cny(2000),
      overdue: cny(1000),
      days1To30: cny(1000),
      oldestDueOn: '2026-01-31',
      monthsLate: 1,
    });
    expect(await of(account, '2026-03-02')).toMatchObject({
      total: cny(2300),
      days1To30: cny(2300),
      monthsLate: 2,
    });
    expect(await of(account, '2026-03-15')).toBeNull();
    expect((await of(account, toLocalDate(new Date(), 'Asia/Shanghai')))!['total']).toEqual(cny(2300));
  });

  it('tell prepayments beside debts, and on the day on which they were used', async () => {
    const account = await debts.account();
    await pay(account, 5000, '2026-01-05');
    await debts.owe(account, 3000, { bookedOn: '2026-02-01', dueOn: '2026-02-28' });
    expect(await of(account, '2026-01-31')).toMatchObject({
      total: cny(0),
      credit: cny(5000),
      oldestDueOn: null,
    });
    expect(await of(account, '2026-02-01')).toMatchObject({ total: cny(0), credit: cny(2000) });
  });

  it('are listed by customer page after page, and add up to the summary', async () => {
    const accounts = await Promise.all([debts.account(), debts.account('EB1-S2'), debts.account('EB2-S1')]);
    for (const [at, account] of accounts.entries())
      await debts.owe(account, 400 + at, { bookedOn: '2025-01-10', dueOn: '2025-01-31' });
    const items: Json[] = [];
    for (let after = ''; ;) {
      const page = await ask(`asOf=2026-04-30&limit=1${after}`);
      items.push(...(page['items'] as Json[]));
      if (page['next'] === null) break;
      after = `&after=${String(page['next'])}`;
    }
    const sum = (key: 'total' | 'overdue' | 'credit') =>
      items.reduce((total, item) => total + Math.round(Number(item[key].amount) * 100), 0);
    expect(
      items
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).not.toContain(accounts[2].customerId);
    const path = `/api/v1/arrears/summary?branchId=${service.group.id('EB1')}&asOf=2026-04-30`;
    const { body } = await service.get(path, 'eb1.manager');
    expect(body).toMatchObject({
      total: cny(sum('total')),
      overdue: cny(sum('overdue')),
      older: cny(801),
      credit: cny(sum('credit')),
      customers: items.length,
      lateCustomers: items.filter(({ monthsLate }) => monthsLate > 0).length,
    });
    const site = await service.get(`${path}&siteId=${service.group.id('EB1-S2')}`, 's2.cashier');
    expect(site.body).toMatchObject({ total: cny(401), customers: 1 });
  });

  it('ORG-01 another branch and site see nothing of them', async () => {
    const path = `/api/v1/arrears/summary?branchId=${service.group.id('EB1')}`;
    expect((await service.get(path, 'eb2.accountant')).status).toBe(404);
    expect((await service.get(`${path}&asOf=2026-04-30`, 's2.cashier')).body).toMatchObject({ customers: 1 });
  });
});
