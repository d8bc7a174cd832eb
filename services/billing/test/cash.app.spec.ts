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
const cash = (fen: number, on: string, as = 'eb1.cashier'): Promise<Json> =>
  service.make('/api/v1/payments', as, {
    branchId: service.group.id('EB1'),
    method: 'cash',
    amount: cny(fen),
    receivedAt: `${on}T02:00:00.000Z`,
  });
const back = (payment: Json, action: string, body: Json): Promise<Json> =>
  service.make(`/api/v1/payments/${payment['id']}/${action}`, 'eb1.accountant', body, {
    match: payment['version'],
  });
const handOver = (businessDay: string, fen: number, rest: Json = {}, as = 'eb1.cashier'): Promise<Answer> =>
  service.post(
    '/api/v1/cash-handovers',
    as,
    {
      branchId: service.group.id('EB1'),
      businessDay,
      receiverId: service.group.employees.get('eb1.accountant'),
      counted: cny(fen),
      signature: '缴款单 1',
      ...rest,
    },
    { key: randomUUID() },
  );
const due = async (query = ''): Promise<Json[]> => {
  const path = `/api/v1/cash-handovers/due?branchId=${service.group.id('EB1')}${query}`;
  return (await service.get(path, 'eb1.accountant')).body['items'];
};

describe('BIL-09 cash', () => {
  it('is handed over the same day with a signed count, once, also when asked twice at once', async () => {
    const kept = await cash(50_000, '2026-03-05');
    await cash(36_000, '2026-03-05');
    const wrong = await cash(9_000, '2026-03-05');
    await back(wrong, 'reversal', { why: 'mistake', reason: '找零重打' });
    await cash(700, '2026-03-06');
    expect(await due('&receivedTo=2026-03-05')).toMatchObject([
      { id: service.group.employees.get('eb1.cashier'), cash: cny(95_000), oldestDay: '2026-03-05' },
    ]);
    const pieces = [
      { value: cny(10_000), pieces: 9 },
      { value: cny(5_000), pieces: 1 },
    ];
    const twice = await Promise.all([
      handOver('2026-03-05', 95_000, { pieces }),
      handOver('2026-03-05', 95_000, { pieces }),
    ]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    const done = twice.find(({ status }) => status === 201)!.body;
    expect(done).toMatchObject({ expected: cny(95_000), difference: cny(0), payments: 3, returns: 0 });
    expect((await service.get(`/api/v1/payments/${kept['id']}`, 'eb1.cashier')).body).toMatchObject({
      cashHandoverId: done['id'],
    });
    const facts = await service.rows('select type, payload from outbox where aggregateid = $1', [done['id']]);
    expect(facts).toMatchObject([
      { type: 'billing.cash-handed-over.v1', payload: { businessDay: '2026-03-05', counted: cny(95_000) } },
    ]);
    const read = await service.get(`/api/v1/cash-handovers/${done['id']}`, 'eb1.accountant');
    expect(read.body).toEqual(done);
  });

  it('that came later, less what was given back, goes with the next day', async () => {
    const answer = await handOver(new Date().toISOString().slice(0, 10), -8_300 + 9_000, {
      explanation: '前一日退款已从抽屉支付',
    });
    expect(answer.status).toBe(201);
    expect(await due()).toEqual([]);
  });
});
