import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkSigned } from '@steward/contracts';
import type { Json } from '@steward/directory/testing';
import { newId, toLocalDate } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { BillingUnderTest } from './billing.harness.js';

let service: BillingUnderTest;
beforeAll(async () => void (service = await BillingUnderTest.start()), 60_000);
afterAll(() => service?.stop());

const cny = (amount: string) => ({ amount, currency: 'CNY' });
const LINES = [
  {
    line: 1,
    kind: 'labour',
    itemCode: 'tap-replace',
    quantity: '1',
    unitPrice: cny('80.00'),
    amount: cny('80.00'),
  },
  {
    line: 2,
    kind: 'material',
    itemCode: 'tap-dn15',
    quantity: '1',
    unitPrice: cny('40.50'),
    amount: cny('40.50'),
  },
] as const;

const signed = (change: Partial<WorkSigned> = {}): WorkSigned => ({
  ticketId: newId(),
  number: 'EB1-T-2026-000001',
  siteId: service.group.id('EB1-S1'),
  customerId: newId(),
  propertyUnitId: newId(),
  signedAt: '2026-03-04T16:30:00.000Z',
  charge: { quoteId: newId(), total: cny('120.50'), lines: [...LINES] },
  ...change,
});
const tell = (work: WorkSigned) => service.tell(WorkSigned, work.ticketId, 'EB1', work);
const charged = async (work: WorkSigned): Promise<Json> =>
  eventually(async () => {
    const [row] = await service.rows('select * from charge where ticket_id = $1', [work.ticketId]);
    return row;
  });

describe('BIL-14 signed work', () => {
  it('is charged to the customer of the unit, booked and invoiced at once', async () => {
    const work = signed();
    await tell(work);
    const charge = await charged(work);
    expect(charge).toMatchObject({ fee_item_code: 'repair', amount_minor: '12050', open_minor: '12050' });
    const invoice = await service.get(`/api/v1/invoices/${charge['invoice_id']}`, 'eb1.cashier');
    const year = toLocalDate(new Date(), 'Asia/Shanghai').slice(0, 4);
    expect(invoice.body).toMatchObject({
      number: expect.stringMatching(new RegExp(`^EB1-I-${year}-\\d{6}$`)),
      customerId: work.customerId,
      total: cny('120.50'),
      open: cny('120.50'),
      lines: [
        {
          line: 1,
          feeItemCode: 'repair',
          serviceFrom: '2026-03-05',
          amount: cny('120.50'),
          rounding: '0',
          explanation: { ticketNumber: work.number, lines: LINES },
        },
      ],
    });
    const facts = await service.rows(
      `select type, payload from outbox where payload ->> 'accountId' = $1 order by type`,
      [charge['account_id']],
    );
    expect(facts).toMatchObject([
      { type: 'billing.charge-raised.v1', payload: { ticketId: work.ticketId, dueOn: '2026-03-20' } },
      { type: 'billing.invoice-issued.v1', payload: { chargeIds: [charge['id']], total: cny('120.50') } },
    ]);
  });

  it('is charged once however often it is told, and two quotes of a ticket are two charges', async () => {
    const work = signed();
    await tell(work);
    await tell(work);
    await tell({ ...work, charge: { ...work.charge!, quoteId: newId() } });
    await eventually(async () => {
      const rows = await service.rows('select 1 from charge where ticket_id = $1', [work.ticketId]);
      return rows.length > 1 && rows;
    });
    const rows = await service.rows('select quote_id from charge where ticket_id = $1', [work.ticketId]);
    expect(rows).toHaveLength(2);
    const accounts = await service.rows('select 1 from billing_account where customer_id = $1', [
      work.customerId,
    ]);
    expect(accounts).toHaveLength(1);
  });

  it('TKT-49 free work is not charged', async () => {
    const [free, paid] = [signed({ charge: null }), signed()];
    await tell(free);
    await tell(paid);
    await charged(paid);
    expect(await service.rows('select 1 from charge where ticket_id = $1', [free.ticketId])).toEqual([]);
  });

  it('that names no customer is parked, and what comes after it is charged', async () => {
    const [nobody, paid] = [signed({ customerId: null }), signed()];
    await tell(nobody);
    await tell(paid);
    await charged(paid);
    const parked = 'select code from parked_event where key = $1';
    expect(await service.rows(parked, [nobody.ticketId])).toEqual([
      { code: 'billing.work-without-customer' },
    ]);
  });

  it('ORG-05 numbers follow each other without a gap; ORG-01 another branch sees none of them', async () => {
    const list = await service.get('/api/v1/invoices?sort=number', 'eb1.manager');
    const numbers = list.body['items'].map((one: Json) => Number(one['number'].slice(-6)));
    expect(numbers).toEqual(numbers.map((_: number, at: number) => at + 1));
    const typed = `/api/v1/invoices?number=${list.body['items'][0]['number'].toLowerCase()}`;
    expect((await service.get(typed, 'eb1.manager')).body['items']).toEqual([list.body['items'][0]]);
    expect((await service.get('/api/v1/invoices', 'eb2.accountant')).body['items']).toEqual([]);
    expect((await service.get('/api/v1/invoices', 's2.cashier')).body['items']).toEqual([]);
    expect((await service.get('/api/v1/invoices', 'eb1.security')).status).toBe(403);
    const id = list.body['items'][0]['id'];
    expect((await service.get(`/api/v1/invoices/${id}`, 'eb2.accountant')).status).toBe(404);
  });
});
