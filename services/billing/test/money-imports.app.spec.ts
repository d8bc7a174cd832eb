import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from '@steward/directory/testing';
import { eventually } from '@steward/testing';
import { BillingUnderTest } from './billing.harness.js';

let service: BillingUnderTest;
beforeAll(async () => void (service = await BillingUnderTest.start()), 60_000);
afterAll(() => service?.stop());

async function load(kind: string, rows: readonly string[], as = 'eb1.accountant'): Promise<Json> {
  const form = new FormData();
  form.set('branch', 'EB1');
  form.set('source', 'bank');
  form.set('file', new Blob([rows.join('\n')], { type: 'text/csv' }), `${kind}.csv`);
  const job = (await service.post(`/api/v1/imports?kind=${kind}`, as, form)).body;
  return eventually(async () => {
    const { body } = await service.get(`/api/v1/imports/${job['id']}`, as);
    return body['state'] !== 'uploaded' && body['state'] !== 'running' && body;
  });
}

it('BIL-08 lists of debts and payments are booked once, whatever is loaded again', async () => {
  const [one, two] = [await service.customer(), await service.customer()];
  const foreign = await service.customer(['EB2']);
  const debts = [
    'externalId,customerId,feeItemCode,reference,serviceFrom,serviceTo,amount,bookedOn,dueOn',
    `1,${one},opening,OLD-1,2026-01-01,2026-01-31,100.00,2026-01-31,2026-02-28`,
    `2,${one},opening,OLD-2,2026-01-01,2026-01-31,50.5,2026-02-28,2026-03-31`,
    `3,${two},opening,OLD-3,2026-01-01,2026-01-31,80,2026-01-31,2026-02-28`,
    `4,${two},opening,OLD-3,2026-01-01,2026-01-31,80,2026-01-31,2026-02-28`,
    `5,${two},opening,OLD-5,2026-01-01,2026-01-31,0.00,2026-01-31,2026-02-28`,
    `6,${two},opening,OLD-6,2026-01-01,2026-01-31,80,2199-01-31,2199-02-28`,
    `7,${foreign},opening,OLD-7,2026-01-01,2026-01-31,80,2026-01-31,2026-02-28`,
  ];
  const payments = [
    'externalId,providerId,customerId,amount,receivedOn,reference',
    `1,B-1,${one},120.00,2026-02-10,`,
    `2,B-2,${two},90.00,2026-02-11,`,
    `3,B-3,${randomUUID()},10.00,2026-02-11,who is this`,
    `4,B-1,${one},120.00,2026-02-10,`,
    `5,B-1,${one},121.00,2026-02-10,`,
  ];
  const kinds = [
    ['debts', debts, { created: 3, rejected: 4 }],
    ['payments', payments, { created: 3, unchanged: 1, rejected: 1 }],
  ] as const;
  for (const [kind, rows, expected] of kinds)
    expect([kind, await load(kind, rows)]).toMatchObject([kind, { state: 'done', rows: expected }]);
  const path = `/api/v1/arrears?branchId=${service.group.id('EB1')}`;
  type Row = Readonly<{ id: string; total: Json; credit: Json; monthsLate: number }>;
  const standing = async (asOf: string) => {
    const { body } = await service.get(`${path}&asOf=${asOf}`, 'eb1.clerk');
    const rows = body['items'] as readonly Row[];
    return Object.fromEntries(
      rows.map(({ id, total, credit, monthsLate }) => [id, [total['amount'], credit['amount'], monthsLate]]),
    );
  };
  expect(await standing('2026-02-10')).toEqual({ [one]: ['0.00', '20.00', 0], [two]: ['80.00', '0.00', 0] });
  expect(await standing('2026-04-01')).toEqual({ [one]: ['30.50', '0.00', 1], [two]: ['0.00', '10.00', 0] });
  const books = await service.books();
  for (const [kind, rows] of kinds) expect((await load(kind, rows))['rows']).toMatchObject({ created: 0 });
  expect(await service.books()).toEqual(books);
  expect((await service.get('/api/v1/payments?state=unmatched', 'eb1.cashier')).body['items']).toMatchObject([
    { providerId: 'B-3', reference: 'who is this' },
  ]);
});
