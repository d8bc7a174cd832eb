import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, instant, moneyField, slug } from '../fields.js';

export const PaymentReceived = defineEvent({
  context: 'billing',
  name: 'payment-received',
  version: 1,
  aggregate: 'payment',
  scope: 'branch',
  title: 'Payment received',
  description: 'Money came in and was booked once (BIL-08).',
  schema: z.object({
    paymentId: id(),
    number: code(),
    accountId: id(),
    customerId: id().nullable(),
    amount: moneyField(),
    method: slug(),
    receivedOn: day(),
    receivedAt: instant(),
  }),
  sample: {
    paymentId: '0197a2c4-5d00-7000-8000-000000000016',
    number: 'EB1-R-2026-000001',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    amount: { amount: '60.00', currency: 'CNY' },
    method: 'wechat',
    receivedOn: '2026-03-05',
    receivedAt: '2026-03-05T03:00:00.000Z',
  },
});
export type PaymentReceived = DataOf<typeof PaymentReceived>;
