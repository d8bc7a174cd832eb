import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { BillingUnderTest } from './billing.harness.js';

let service: BillingUnderTest;
beforeAll(async () => void (service = await BillingUnderTest.start()), 60_000);
afterAll(() => service?.stop());

const cny = (amount: string) => ({ amount, currency: 'CNY' });
const today = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date());

describe('BIL-16 a statement', () => {
  it('tells what was charged and paid, with the balance after each line, also printed', async () => {
    const [branchId, customerId] = [service.group.id('EB1'), await service.customer()];
    const { id } = await service.make('/api/v1/billing-accounts', 'eb1.cashier', { branchId, customerId });
    const charge = (bookedOn: string, amount: string) =>
      service.make('/api/v1/charges', 'eb1.accountant', {
        accountId: id,
        feeItemCode: 'keys',
        amount: cny(amount),
        ...{ serviceFrom: bookedOn, serviceTo: bookedOn, bookedOn },
        ...{ reference: newId(), reason: '补办门禁卡' },
      });
    await charge('2026-01-15', '50.00');
    await charge('2026-03-04', '120.50');
    const bill = await service.make('/api/v1/invoices', 'eb1.accountant', { accountId: id });
    await service.make('/api/v1/payments', 'eb1.cashier', {
      ...{ branchId, accountId: id, provider: 'wechat-pay', providerId: newId(), method: 'wechat' },
      amount: cny('200.00'),
    });
    const path = `/api/v1/billing-accounts/${id}`;
    const { body } = await service.get(`${path}/statement?from=2026-02-01&to=${today}`, 'eb1.clerk');
    expect(body['parts']).toMatchObject([
      {
        opening: cny('50.00'),
        lines: [
          {
            on: '2026-03-04',
            kind: 'charge',
            feeItemCode: 'keys',
            number: bill['number'],
            amount: cny('120.50'),
            balance: cny('170.50'),
          },
          { on: today, kind: 'payment', feeItemCode: null, amount: cny('-200.00'), balance: cny('-29.50') },
        ],
        closing: cny('-29.50'),
      },
    ]);
    const pdf = await service.get(`${path}/statement.pdf?from=2026-02-01&to=${today}`, 'eb1.clerk');
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(pdf.text.startsWith('%PDF-')).toBe(true);
    for (const kind of ['statement', 'statement.pdf']) {
      const query = '?from=2026-02-01&to=2026-03-01';
      expect((await service.get(`${path}/${kind}${query}`, 'eb2.accountant')).status).toBe(404);
      expect((await service.get(`${path}/${kind}${query}`, 'eb1.security')).status).toBe(403);
      const long = await service.get(`${path}/${kind}?from=2020-01-01&to=${today}`, 'eb1.clerk');
      expect(long.body['code']).toBe('statement.too-long');
    }
  });

  it('ORG-04 a name that is erased goes from here as well', async () => {
    const customerId = newId();
    const names = () =>
      service.rows('select branch_id from customer_name where customer_id = $1', [customerId]);
    await service.stateCustomer(customerId, ['EB1', 'EB2']);
    await eventually(async () => (await names()).length === 2);
    await service.stateCustomer(customerId, ['EB2']);
    await eventually(async () => (await names()).length === 1);
    await service.stateCustomer(customerId, []);
    await eventually(async () => (await names()).length === 0);
  });
});
