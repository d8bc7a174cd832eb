import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Json } from '@steward/directory/testing';
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
const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const cash = (fen: number, rest: Json = {}, as = 'eb1.cashier'): Promise<Json> =>
  service.make('/api/v1/payments', as, {
    branchId: service.group.id('EB1'),
    method: 'cash',
    amount: cny(fen),
    ...rest,
  });
const back = (payment: Json, action: string, body: Json): Promise<Json> =>
  service.make(`/api/v1/payments/${payment['id']}/${action}`, 'eb1.accountant', body, {
    match: payment['version'],
  });
const handOver = (fen: number, rest: Json = {}, as = 'eb1.cashier'): Promise<Answer> =>
  service.post(
    '/api/v1/cash-handovers',
    as,
    {
      branchId: service.group.id('EB1'),
      businessDay: today(),
      receiverId: service.group.employees.get('eb1.accountant'),
      counted: cny(fen),
      signature: '缴款单 1',
      ...rest,
    },
    { key: randomUUID() },
  );
const due = async (query = ''): Promise<Json[]> => {
  const path = `/api/v1/cash-handovers/due?branchId=${service.group.id('EB1')}${query}`;
  return (await service.get(path, 'eb1.accountant')).body['items'] as Json[];
};

describe('BIL-09 cash', () => {
  it.each([
    ['more than was received', 860_01, {}, 422, 'cash-handover.unexplained'],
    [
      'pieces that do not add up',
      860_00,
      { pieces: [{ value: cny(10_000), pieces: 1 }] },
      422,
      'cash-handover.count-differs',
    ],
    ['a coming day', 0, { businessDay: '2199-01-01' }, 422, 'cash-handover.day-in-future'],
    ['nobody known', 0, { receiverId: randomUUID() }, 422, 'cash-handover.receiver-unfit'],
  ])('is not handed over with %s', async (_title, fen, rest, status, code) => {
    expect(await handOver(fen, rest)).toMatchObject({ status, body: { code } });
  });

  it('is never handed to oneself, and only in the own branch', async () => {
    const receiverId = service.group.employees.get('eb1.cashier');
    expect(await handOver(0, { receiverId })).toMatchObject({ status: 422 });
    expect((await handOver(0, {}, 'eb2.cashier')).status).toBe(404);
    expect((await handOver(0, {}, 'eb1.accountant')).status).toBe(403);
  });

  it('is handed over with a signed count, once, also when it is told twice at once', async () => {
    const account = await debts.account();
    const kept = await cash(50_000, { accountId: account.id });
    await cash(45_000);
    const wrong = await cash(9_000);
    await back(wrong, 'reversal', { why: 'mistake', reason: '找零重打' });
    const refunded = await back(kept, 'refund', { amount: cny(2_000), reason: '退预存' });
    expect(await due()).toMatchObject([
      {
        id: service.group.employees.get('eb1.cashier'),
        cash: cny(93_000),
        oldestDay: today(),
        payments: 3,
        returns: 2,
      },
    ]);
    const pieces = [
      { value: cny(10_000), pieces: 9 },
      { value: cny(1_000), pieces: 3 },
    ];
    const twice = await Promise.all([handOver(93_000, { pieces }), handOver(93_000, { pieces })]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    const done = twice.find(({ status }) => status === 201)!.body;
    expect(done).toMatchObject({ expected: cny(93_000), difference: cny(0), payments: 3, returns: 2 });
    expect(await due()).toEqual([]);
    expect((await service.get(`/api/v1/payments/${kept['id']}`, 'eb1.cashier')).body).toMatchObject({
      cashHandoverId: done['id'],
      version: Number(refunded['version']) + 1,
    });
    const facts = await service.rows('select type, payload from outbox where aggregateid = $1', [done['id']]);
    expect(facts).toMatchObject([
      { type: 'billing.cash-handed-over.v1', payload: { businessDay: today(), counted: cny(93_000) } },
    ]);
    expect((await service.get(`/api/v1/cash-handovers/${done['id']}`, 'eb1.accountant')).body).toEqual(done);
    expect((await service.get(`/api/v1/cash-handovers/${done['id']}`, 'eb2.accountant')).status).toBe(404);
    expect(await service.books()).toMatchObject({ safe: '93000' });
    expect((await service.books())['money:cash']).toBeUndefined();
  });

  it('that came later goes with the next day; what is given back of handed-over cash comes out of the safe', async () => {
    const later = await cash(700);
    expect(await handOver(700)).toMatchObject({ status: 409, body: { code: 'cash-handover.done' } });
    expect(await due()).toMatchObject([{ cash: cny(700), payments: 1, returns: 0 }]);
    const [old] = (await service.get('/api/v1/payments?credit=true&method=cash', 'eb1.accountant')).body[
      'items'
    ];
    await back(old, 'refund', { amount: cny(1_000), reason: '退预存' });
    expect(await service.books()).toMatchObject({ safe: '92000', 'money:cash': '700' });
    await back(later, 'reversal', { why: 'mistake', reason: '重打' });
    expect(await due()).toMatchObject([{ cash: cny(0) }]);
  });

  it('that is missing is a difference of its own in the books', async () => {
    const branchId = service.group.id('EB2');
    await cash(5_000, { branchId }, 'eb2.cashier');
    const receiverId = service.group.employees.get('eb2.accountant');
    const answer = await handOver(4_950, { branchId, receiverId, explanation: '少一枚硬币' }, 'eb2.cashier');
    expect(answer.body).toMatchObject({ difference: cny(-50), explanation: '少一枚硬币' });
    expect(await service.books()).toMatchObject({ 'cash-difference': '50' });
  });
});
