import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PropertyUnitRegistered } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import { newId, toLocalDate } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { BillingUnderTest } from './billing.harness.js';

let service: BillingUnderTest;
beforeAll(async () => void (service = await BillingUnderTest.start()), 60_000);
afterAll(() => service?.stop());

const cny = (amount: string) => ({ amount, currency: 'CNY' });
const YEAR = toLocalDate(new Date(), 'Asia/Shanghai').slice(0, 4);

const account = async (customerId?: string): Promise<Json> =>
  service.make('/api/v1/billing-accounts', 'eb1.accountant', {
    branchId: service.group.id('EB1'),
    customerId: customerId ?? (await service.customer()),
  });
const charge = (accountId: string, amount = '120.50', change: Json = {}): Promise<Json> =>
  service.make('/api/v1/charges', 'eb1.accountant', {
    accountId,
    feeItemCode: 'keys',
    amount: cny(amount),
    serviceFrom: '2026-03-04',
    serviceTo: '2026-03-04',
    reference: newId(),
    reason: '补办门禁卡',
    ...change,
  });
const invoice = (accountId: string): Promise<Json> =>
  service.make('/api/v1/invoices', 'eb1.accountant', { accountId });
const pay = (accountId: string, amount: string): Promise<Json> =>
  service.make('/api/v1/payments', 'eb1.cashier', {
    branchId: service.group.id('EB1'),
    accountId,
    provider: 'wechat-pay',
    providerId: newId(),
    method: 'wechat',
    amount: cny(amount),
  });
const balances = async (accountId: string) =>
  (await service.get(`/api/v1/billing-accounts/${accountId}`, 'eb1.cashier')).body['balances'];
const problem = async (path: string, body: unknown, as = 'eb1.accountant', match?: number) => {
  const answer = await service.post(path, as, body, match === undefined ? {} : { match });
  return [answer.status, answer.body['code']];
};

describe('a billing account', () => {
  it('is one per customer and unit, however often it is opened', async () => {
    const [unitId, customerId] = [newId(), await service.customer()];
    const siteId = service.group.id('EB1-S1');
    const unit = { buildingId: newId(), siteId, code: '180#1-1-1', use: 'residential', area: '86.50' };
    await service.tell(PropertyUnitRegistered, unitId, 'EB1', {
      ...unit,
      propertyUnitId: unitId,
      active: true,
    });
    const body = { branchId: service.group.id('EB1'), customerId, propertyUnitId: unitId };
    const first = await eventually(async () => {
      const answer = await service.post('/api/v1/billing-accounts', 'eb1.cashier', body);
      return answer.status === 200 ? answer.body : undefined;
    });
    expect(first).toMatchObject({ siteId, payerId: customerId, balances: [], version: 1 });
    const both = await Promise.all([account(customerId), account(customerId)]);
    expect(new Set(both.map((one) => one['id'])).size).toBe(1);
    expect(both[0]['id']).not.toBe(first['id']);
    const list = await service.get(`/api/v1/billing-accounts?customerId=${customerId}`, 'eb1.clerk');
    expect(list.body['items']).toHaveLength(2);
    const other = await service.get(`/api/v1/billing-accounts?customerId=${customerId}`, 'eb2.cashier');
    expect(other.body['items']).toEqual([]);
  });

  it('says who pays, for the version that was seen', async () => {
    const { id } = await account();
    const path = `/api/v1/billing-accounts/${id}`;
    const body = { payerId: await service.customer(), reason: '由单位代付' };
    expect((await service.patch(path, 'eb1.clerk', body, 1)).status).toBe(403);
    expect((await service.patch(path, 'eb2.accountant', body, 1)).status).toBe(404);
    expect((await service.patch(path, 'eb1.accountant', body, 1)).body).toMatchObject({
      payerId: body.payerId,
      version: 2,
    });
    expect((await service.patch(path, 'eb1.accountant', body, 1)).status).toBe(412);
  });

  it('ORG-01 belongs to a customer of the branch and is paid by one; others are unknown like nobody', async () => {
    const [foreign, own] = [await service.customer(['EB2']), await account()];
    for (const customerId of [foreign, newId()]) {
      const body = { branchId: service.group.id('EB1'), customerId };
      expect(await problem('/api/v1/billing-accounts', body)).toEqual([422, 'billing.customer-unknown']);
      const payer = { payerId: customerId, reason: '由单位代付' };
      const answer = await service.patch(`/api/v1/billing-accounts/${own['id']}`, 'eb1.accountant', payer, 1);
      expect([answer.status, answer.body['code']]).toEqual([422, 'billing.customer-unknown']);
      expect(
        await service.rows('select 1 from billing_account where $1 in (customer_id, payer_id)', [customerId]),
      ).toEqual([]);
    }
  });
});

describe('BIL-03 a charge by hand', () => {
  it('needs a document, once per branch, and can be taken back while it is on no invoice', async () => {
    const { id } = await account();
    const before = await service.books();
    const one = await charge(id, '45.00', { reference: 'KEY-1' });
    expect(one).toMatchObject({ open: cny('45.00'), actions: ['reverse'], version: 1 });
    expect(await balances(id)).toEqual([{ open: cny('45.00'), credit: cny('0.00'), balance: cny('45.00') }]);
    const again = { ...one, reference: 'KEY-1' };
    const { feeItemCode, amount, serviceFrom, serviceTo } = again as Json;
    const body = { feeItemCode, amount, serviceFrom, serviceTo, reason: 'x', reference: 'KEY-1' };
    expect(await problem('/api/v1/charges', { ...body, accountId: id })).toEqual([
      409,
      'charge.reference-taken',
    ]);
    const path = `/api/v1/charges/${one['id']}/reversal`;
    expect(await problem(path, { reason: '录入错误' }, 'eb2.accountant', 1)).toEqual([
      404,
      'charge.not-found',
    ]);
    const back = await service.post(path, 'eb1.accountant', { reason: '录入错误' }, { match: 1 });
    expect(back.body).toMatchObject({ open: cny('0.00'), version: 2, actions: [] });
    expect(await balances(id)).toEqual([]);
    expect(await service.books()).toEqual(before);
    await charge(id, '40.00', { reference: 'KEY-1' });
  });
});

describe('BIL-07 invoices and credit notes', () => {
  it('a note lowers the charge; what was paid too much becomes credit and pays for the next charge', async () => {
    const { id } = await account();
    const one = await charge(id);
    const bill = await invoice(id);
    expect(bill).toMatchObject({ total: cny('120.50'), open: cny('120.50'), actions: ['credit'] });
    await pay(id, '100.00');
    const note = await service.make('/api/v1/credit-notes', 'eb1.accountant', {
      invoiceId: bill['id'],
      lines: [{ chargeId: one['id'], amount: cny('40.50') }],
      reason: '材料未更换',
    });
    expect(note).toMatchObject({
      number: expect.stringMatching(new RegExp(`^EB1-N-${YEAR}-\\d{6}$`)),
      total: cny('40.50'),
      lines: [{ line: 1, chargeId: one['id'], feeItemCode: 'keys', amount: cny('40.50') }],
    });
    expect(await balances(id)).toEqual([{ open: cny('0.00'), credit: cny('20.00'), balance: cny('-20.00') }]);
    const after = await service.get(`/api/v1/invoices/${bill['id']}`, 'eb1.cashier');
    expect(after.body).toMatchObject({ total: cny('120.50'), credited: cny('40.50'), open: cny('0.00') });
    expect(await charge(id, '30.00')).toMatchObject({ open: cny('10.00') });
    expect(await balances(id)).toEqual([{ open: cny('10.00'), credit: cny('0.00'), balance: cny('10.00') }]);
  });

  it('what is open is found by the customer, and gone from the list when it is paid', async () => {
    const customerId = await service.customer();
    const { id } = await account(customerId);
    const owed = await charge(id, '80.00');
    const issued = await invoice(id);
    const open = async (list: string, as = 'eb1.clerk', flag = 'true') => {
      const { body } = await service.get(`/api/v1/${list}?customerId=${customerId}&open=${flag}`, as);
      return (body['items'] as Json[]).map((item) => item['id'] as string);
    };
    expect([await open('charges'), await open('invoices')]).toEqual([[owed['id']], [issued['id']]]);
    expect([await open('charges', 'eb2.cashier'), await open('invoices', 'eb2.cashier')]).toEqual([[], []]);
    await pay(id, '80.00');
    expect([await open('charges'), await open('invoices')]).toEqual([[], []]);
    expect(await open('invoices', 'eb1.clerk', 'false')).toEqual([issued['id']]);
  });

  it('takes no more off than was charged, and nothing that stands on another invoice', async () => {
    const [a, b] = [await account(), await account()];
    const [one, other] = [await charge(a['id'], '50.00'), await charge(b['id'], '50.00')];
    const bill = await invoice(a['id']);
    await invoice(b['id']);
    const credit = (chargeId: string, amount: string) =>
      problem('/api/v1/credit-notes', {
        invoiceId: bill['id'],
        lines: [{ chargeId, amount: cny(amount) }],
        reason: '更正',
      });
    expect(await credit(one['id'], '50.01')).toEqual([422, 'billing.credit-too-much']);
    expect(await credit(other['id'], '1.00')).toEqual([422, 'credit-note.charge-not-on-invoice']);
    expect(await credit(one['id'], '50.00')).toEqual([201, undefined]);
    expect(await credit(one['id'], '0.01')).toEqual([422, 'billing.credit-too-much']);
    expect(await problem('/api/v1/invoices', { accountId: a['id'] })).toEqual([
      422,
      'invoice.nothing-to-invoice',
    ]);
    expect(
      await problem(`/api/v1/charges/${one['id']}/reversal`, { reason: 'x' }, 'eb1.accountant', 2),
    ).toEqual([409, 'charge.not-reversible']);
  });

  it('ORG-05 a period is invoiced by two at once without a gap or a repeat', async () => {
    const accounts = await Promise.all([account(), account(), account()]);
    for (const { id } of accounts) await charge(id, '10.00', { serviceTo: '2026-03-31' });
    const body = { branchId: service.group.id('EB1'), period: '2026-03' };
    const issue = () => service.make('/api/v1/invoices/periods', 'eb1.accountant', body);
    const both = await Promise.all([issue(), issue()]);
    expect(both.map((one) => one['done'])).toEqual([true, true]);
    const counts = await service.rows(
      'select count(distinct c.invoice_id)::int n from charge c where account_id = any ($1)',
      [accounts.map((one) => one['id'])],
    );
    expect(counts).toEqual([{ n: 3 }]);
    const numbers = await service.rows('select right(number, 6)::int n from invoice order by number');
    expect(numbers.map(({ n }) => n)).toEqual(numbers.map((_, at) => at + 1));
    expect(await issue()).toEqual({ issued: 0, done: true });
  });
});

describe('BIL-03 the books', () => {
  it('sum to zero, agree with what is open and left, and are shown to no other branch', async () => {
    const branchId = service.group.id('EB1');
    const trial = await service.get(`/api/v1/ledger/trial-balance?branchId=${branchId}`, 'eb1.accountant');
    expect(trial.body['totals']).toEqual([cny('0.00')]);
    const line = (name: string) =>
      trial.body['lines'].find((one: Json) => one['account'] === name)?.['balance'] ?? cny('0.00');
    const [sums] = await service.rows<{ open: string; left: string }>(
      `select (select coalesce(sum(open_minor), 0) from charge)::text open,
         (select coalesce(sum(left_minor), 0) from payment)::text left`,
    );
    const minor = ({ amount }: { amount: string }) => String(BigInt(amount.replace('.', '')));
    expect([minor(line('receivable')), minor(line('prepaid'))]).toEqual([
      sums!.open,
      String(-BigInt(sums!.left)),
    ]);
    const journal = await service.get('/api/v1/ledger/entries?limit=2', 'eb1.accountant');
    expect(journal.body['items'][0]['postings'].length).toBeGreaterThan(1);
    expect(journal.body['next']).not.toBeNull();
    expect((await service.get('/api/v1/ledger/entries', 'eb2.accountant')).body['items']).toEqual([]);
    const path = `/api/v1/ledger/trial-balance?branchId=${branchId}`;
    expect((await service.get(path, 'eb2.accountant')).status).toBe(404);
    expect((await service.get(path, 'eb1.cashier')).status).toBe(403);
  });
});
