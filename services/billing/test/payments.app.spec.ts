import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Json } from '@steward/directory/testing';
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
const notice = (account: Account | null, fen: number, rest: Json = {}): Json => ({
  branchId: service.group.id('EB1'),
  accountId: account?.id ?? null,
  provider: 'wechat-pay',
  providerId: randomUUID(),
  method: 'wechat',
  amount: cny(fen),
  receivedAt: '2026-03-05T03:00:00.000Z',
  ...rest,
});
/** A machine client signs in as itself. */
const tokenOf = (as: string): Json =>
  as === 'eb1.partner' ? { token: service.issuer.token(as, { clientId: as }) } : {};
const send = (body: Json, as = 'eb1.partner', key?: string): Promise<Answer> =>
  service.post('/api/v1/payments', as, body, { ...tokenOf(as), ...(key === undefined ? {} : { key }) });
const pay = async (
  account: Account | null,
  fen: number,
  rest: Json = {},
  as = 'eb1.cashier',
): Promise<Json> => {
  const answer = await send(notice(account, fen, rest), as);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};
const act = (payment: Json, action: string, body: Json, as = 'eb1.accountant'): Promise<Answer> =>
  service.post(`/api/v1/payments/${payment['id']}/${action}`, as, body, { match: payment['version'] });
const fresh = async (payment: Json): Promise<Json> =>
  (await service.get(`/api/v1/payments/${payment['id']}`, 'eb1.accountant')).body;
const idOf = (answer: Answer): string => String(answer.body['id']);
const facts = async (of: string | Json): Promise<Json[]> => {
  const id = typeof of === 'string' ? of : String(of['id']);
  const sql = 'select type, payload from outbox where aggregateid = $1 order by sequence';
  const rows = await service.rows<{ type: string; payload: Json }>(sql, [id]);
  return rows.map(({ type, payload }) => ({ type: type.split('.')[1], ...payload }));
};
/** What the books say of one account: account of the ledger → fen. */
const booksOf = async (account: Account): Promise<Json> => {
  const sql = `select ledger_account a, sum(amount_minor)::text s from posting where account_id = $1 group by 1`;
  const rows = await service.rows<{ a: string; s: string }>(sql, [account.id]);
  return Object.fromEntries(rows.filter(({ s }) => s !== '0').map(({ a, s }) => [a, Number(s)]));
};

describe('BIL-08 payments', () => {
  it('pay the oldest debt first, in part, and what is too much is credit', async () => {
    const account = await debts.account();
    const young = await debts.owe(account, 5000, { dueOn: '2026-04-30' });
    const old = await debts.owe(account, 3000);
    const first = await pay(account, 4000);
    expect(first).toMatchObject({ state: 'booked', left: cny(0), customerId: account.customerId });
    expect([await debts.open(old), await debts.open(young)]).toEqual([0, 4000]);
    const second = await pay(account, 4500);
    expect(second).toMatchObject({ left: cny(500), actions: ['reverse', 'refund'] });
    expect(await debts.open(young)).toBe(0);
    expect(await booksOf(account)).toEqual({
      'income:management': -8000,
      'money:wechat': 8500,
      prepaid: -500,
    });
    expect(await facts(young)).toMatchObject([
      { type: 'charge-raised' },
      { type: 'charge-allocated', amount: cny(1000), open: cny(4000), paymentId: first['id'] },
      { type: 'charge-allocated', amount: cny(4000), open: cny(0), paymentId: second['id'] },
    ]);
    expect(await facts(first)).toMatchObject([
      {
        type: 'payment-received',
        amount: cny(4000),
        number: first['receiptNumber'],
        receivedOn: '2026-03-05',
      },
    ]);
  });

  it('pay first what the payer names', async () => {
    const account = await debts.account();
    const [old, named] = [
      await debts.owe(account, 3000),
      await debts.owe(account, 5000, { dueOn: '2026-04-30' }),
    ];
    await pay(account, 4000, { charges: [{ chargeId: named, amount: cny(3500) }] });
    expect([await debts.open(old), await debts.open(named)]).toEqual([2500, 1500]);
    const wrong = await send(notice(account, 100, { charges: [{ chargeId: randomUUID() }] }), 'eb1.cashier');
    expect(wrong).toMatchObject({ status: 422, body: { code: 'billing.charge-not-open' } });
    const told = await pay(account, 100, { charges: [{ chargeId: randomUUID() }] }, 'eb1.partner');
    expect(told).toMatchObject({ state: 'booked', left: cny(0) });
  });

  it('are booked once, however often and at once the provider tells of them', async () => {
    const account = await debts.account();
    const charge = await debts.owe(account, 12050);
    const body = notice(account, 6000);
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(await debts.open(charge)).toBe(6050);
    const other = await send({ ...body, amount: cny(6001) });
    expect(other).toMatchObject({ status: 409, body: { code: 'payment.told-differently' } });
    expect(await debts.open(charge)).toBe(6050);
    const key = randomUUID();
    const desk = notice(account, 1000, { provider: null, providerId: null, method: 'transfer' });
    const twice = await Promise.all([send(desk, 'eb1.cashier', key), send(desk, 'eb1.cashier', key)]);
    expect(new Set(twice.map(idOf)).size).toBe(1);
    expect(await debts.open(charge)).toBe(5050);
  });

  it('never lose a fen when many arrive at once', async () => {
    const account = await debts.account();
    for (let at = 0; at < 5; at += 1) await debts.owe(account, 700);
    await Promise.all([
      ...Array.from({ length: 6 }, (_, at) => pay(account, 500 + at)),
      ...Array.from({ length: 2 }, () => debts.owe(account, 600)),
    ]);
    const paid = 6 * 500 + 15;
    const owed = 5 * 700 + 2 * 600;
    expect(await booksOf(account)).toEqual({
      'income:management': -owed,
      'money:wechat': paid,
      receivable: owed - paid,
    });
    const [row] = await service.rows('select sum(open_minor)::int open from charge where account_id = $1', [
      account.id,
    ]);
    expect(row).toEqual({ open: owed - paid });
  });

  it.each([
    ['nothing', { amount: { amount: '0.00', currency: 'CNY' } }, 400, 'request.invalid-body'],
    ['a third decimal', { amount: { amount: '1.001', currency: 'CNY' } }, 400, 'money.too-precise'],
    ['the future', { receivedAt: '2100-01-01T00:00:00Z' }, 422, 'payment.received-in-future'],
    ['a provider without an id', { providerId: null }, 422, 'payment.provider-id-missing'],
    ['cash from a machine', { method: 'cash' }, 422, 'payment.cash-without-cashier'],
  ])('are refused with %s', async (_title, wrong, status, code) => {
    expect(await send({ ...notice(null, 100), ...wrong })).toMatchObject({ status, body: { code } });
  });
});

describe('BIL-08 money of an unknown payer', () => {
  it('waits without a receipt until it is assigned, and pays then', async () => {
    const payment = await pay(null, 5000, { accountId: randomUUID(), reference: '180#1-1-1' }, 'eb1.partner');
    expect(payment).toMatchObject({ state: 'unmatched', accountId: null, receiptNumber: null });
    expect(await facts(payment)).toEqual([]);
    const waiting = await service.get('/api/v1/payments?receipt=false&state=unmatched', 'eb1.accountant');
    expect(waiting.body['items']).toEqual([{ ...payment, actions: ['assign', 'reverse', 'refund'] }]);
    const account = await debts.account();
    const charge = await debts.owe(account, 4000);
    for (const { id } of [{ id: randomUUID() }, await debts.account('EB2-S1')]) {
      const wrong = await act(payment, 'assignment', { accountId: id, reason: '附言' });
      expect(wrong).toMatchObject({ status: 422, body: { code: 'payment.account-unknown' } });
    }
    const assigned = await act(payment, 'assignment', { accountId: account.id, reason: '附言' });
    expect(assigned.body).toMatchObject({ state: 'booked', left: cny(1000), siteId: account.siteId });
    expect(await debts.open(charge)).toBe(0);
    expect((await service.books())['unmatched']).toBeUndefined();
    expect(await booksOf(account)).toEqual({ 'income:management': -4000, unmatched: 5000, prepaid: -1000 });
    expect(await facts(payment)).toMatchObject([{ type: 'payment-received', accountId: account.id }]);
    expect((await act(payment, 'assignment', { accountId: account.id, reason: '附言' })).status).toBe(412);
  });

  it('goes back whole or in part, and nobody is told that it came', async () => {
    const payment = await pay(null, 5000, {}, 'eb1.partner');
    const part = await act(payment, 'refund', { amount: cny(2000), reason: '误付' });
    expect(part.body).toMatchObject({ state: 'unmatched', left: cny(3000), returned: cny(2000) });
    const rest = await act(part.body, 'refund', { amount: cny(3000), reason: '误付' });
    expect(rest.body).toMatchObject({ state: 'reversed', left: cny(0), actions: [] });
    const other = await pay(null, 700, {}, 'eb1.partner');
    expect((await act(other, 'reversal', { why: 'bounced', reason: '退票' })).body['state']).toBe('reversed');
    expect([...(await facts(payment)), ...(await facts(other))]).toEqual([]);
    expect((await service.books())['unmatched']).toBeUndefined();
  });
});

describe('BIL-03 BIL-08 payments taken back', () => {
  it('a bounced payment: what it paid for is owed again, its receipt is void', async () => {
    const account = await debts.account();
    const charge = await debts.owe(account, 12050);
    const payment = await pay(account, 13000);
    const answer = await act(payment, 'reversal', { why: 'bounced', reason: '银行退票' });
    expect(answer.body).toMatchObject({ state: 'reversed', left: cny(0), returned: cny(13000), actions: [] });
    expect(await debts.open(charge)).toBe(12050);
    expect(await booksOf(account)).toEqual({ 'income:management': -12050, receivable: 12050 });
    expect((await facts(payment)).at(-1)).toMatchObject({ type: 'payment-reversed', why: 'bounced' });
    expect((await facts(charge)).at(-1)).toMatchObject({ amount: cny(-12050), open: cny(12050) });
    const receipt = await service.get(`/api/v1/payments/${payment['id']}/receipt`, 'eb1.cashier');
    expect(receipt.body['voidedAt']).not.toBeNull();
    const again = await act(answer.body, 'reversal', { why: 'bounced', reason: '银行退票' });
    expect(again).toMatchObject({ status: 409, body: { code: 'payment.state' } });
    const trail = await service.rows('select action, reason from audit where entity_id = $1 order by at', [
      payment['id'],
    ]);
    expect(trail).toEqual([
      { action: 'receive', reason: null },
      { action: 'reverse', reason: '银行退票' },
    ]);
  });

  it('another payment that has something left pays what is owed again', async () => {
    const account = await debts.account();
    const charge = await debts.owe(account, 1000);
    const bounced = await pay(account, 1000);
    const later = await pay(account, 400);
    await act(bounced, 'reversal', { why: 'mistake', reason: '记错户' });
    expect(await debts.open(charge)).toBe(600);
    expect(await fresh(later)).toMatchObject({ left: cny(0) });
  });

  it('what is left of a payment is refunded, never more, and then it is not reversed', async () => {
    const account = await debts.account();
    await debts.owe(account, 300);
    const payment = await pay(account, 1000);
    const much = await act(payment, 'refund', { amount: cny(701), reason: '退款' });
    expect(much).toMatchObject({ status: 422, body: { code: 'billing.refund-too-much' } });
    const part = await act(payment, 'refund', { amount: cny(200), reason: '退款' });
    expect(part.body).toMatchObject({ left: cny(500), returned: cny(200), state: 'booked' });
    const back = await act(part.body, 'reversal', { why: 'mistake', reason: '记错' });
    expect(back).toMatchObject({ status: 422, body: { code: 'billing.payment-refunded' } });
    expect(await booksOf(account)).toEqual({ 'income:management': -300, 'money:wechat': 800, prepaid: -500 });
    expect((await facts(payment)).at(-1)).toMatchObject({ why: 'refunded', amount: cny(200) });
  });
});

describe('BIL-08 prepayments', () => {
  it('pay for what becomes owed, at once and in the same books', async () => {
    const account = await debts.account();
    const [first, second] = [await pay(account, 1000), await pay(account, 500)];
    const charge = await debts.owe(account, 1200, { bookedOn: '2026-04-01' });
    expect(await debts.open(charge)).toBe(0);
    expect([(await fresh(first))['left'], (await fresh(second))['left']]).toEqual([cny(0), cny(300)]);
    expect(await booksOf(account)).toEqual({
      'income:management': -1200,
      'money:wechat': 1500,
      prepaid: -300,
    });
    const { body } = await service.get(`/api/v1/payments/${first['id']}/allocations`, 'eb1.clerk');
    expect(body['items']).toMatchObject([
      { chargeId: charge, amount: cny(1000), settledOn: '2026-04-01', why: 'credit-used' },
    ]);
  });

  it('of another currency pay for nothing', async () => {
    const account = await debts.account();
    const payment = await pay(account, 1000, { amount: { amount: '10.00', currency: 'USD' } });
    expect(await debts.open(await debts.owe(account, 500))).toBe(500);
    expect(await fresh(payment)).toMatchObject({ left: { amount: '10.00', currency: 'USD' } });
  });
});

describe('BIL-09 ORG-05 receipts', () => {
  it('each booked payment has one, numbered without gaps, also when intakes fail', async () => {
    const account = await debts.account();
    await debts.owe(account, 800);
    const payment = await pay(account, 1000);
    await send(notice(account, 5, { charges: [{ chargeId: randomUUID() }] }), 'eb1.cashier');
    await pay(account, 7);
    const receipt = await service.get(`/api/v1/payments/${payment['id']}/receipt`, 'eb1.clerk');
    expect(receipt.body).toMatchObject({
      number: payment['receiptNumber'],
      amount: cny(1000),
      prepaid: cny(200),
      lines: [{ feeItemCode: 'management', charges: 1, amount: cny(800) }],
      voidedAt: null,
    });
    const { body } = await service.get('/api/v1/receipts?limit=200', 'eb1.accountant');
    const numbers = (body['items'] as Json[]).map(({ number }) => String(number)).sort();
    expect(numbers[0]).toMatch(/^EB1-R-20\d\d-000001$/);
    const series = numbers[0]!.slice(0, -6);
    expect(numbers).toEqual(numbers.map((_, at) => `${series}${String(at + 1).padStart(6, '0')}`));
    const typed = `/api/v1/receipts?number=${numbers[0]!.toLowerCase()}`;
    const found = (await service.get(typed, 'eb1.accountant')).body['items'] as Json[];
    expect(found.map(({ number }) => number)).toEqual([numbers[0]]);
  });
});

describe('ORG-01 another branch', () => {
  it('sees, assigns and takes back nothing, and its account stays unknown here', async () => {
    const payment = await pay(await debts.account(), 100);
    for (const path of ['', '/allocations', '/receipt'])
      expect((await service.get(`/api/v1/payments/${payment['id']}${path}`, 'eb2.accountant')).status).toBe(
        404,
      );
    for (const [action, body] of [
      ['assignment', { accountId: randomUUID(), reason: 'x' }],
      ['reversal', { why: 'mistake', reason: 'x' }],
      ['refund', { amount: cny(1), reason: 'x' }],
    ] as const)
      expect((await act(payment, action, body, 'eb2.accountant')).status).toBe(404);
    expect((await send(notice(null, 100), 'eb2.cashier')).status).toBe(404);
    const foreign = await pay(await debts.account('EB2-S1'), 100, {}, 'eb1.partner');
    expect(foreign).toMatchObject({ state: 'unmatched', accountId: null });
    for (const account of [await debts.account('EB2-S1'), { id: randomUUID() }])
      expect(await send(notice(account as Account, 100), 'eb1.cashier')).toMatchObject({
        status: 422,
        body: { code: 'payment.account-unknown' },
      });
    expect((await act(payment, 'refund', { amount: cny(1), reason: 'x' }, 'eb1.clerk')).status).toBe(403);
  });
});
