import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id, instant, moneyField, slug } from '../fields.js';

export const PaymentReversed = defineEvent({
  context: 'billing',
  name: 'payment-reversed',
  version: 1,
  aggregate: 'payment',
  scope: 'branch',
  title: 'Payment reversed',
  description:
    'A payment bounced, was refunded or booked by mistake; a counter-entry took it back (BIL-03, BIL-08).',
  schema: z.object({
    paymentId: id(),
    accountId: id(),
    amount: moneyField(),
    why: slug(),
    reversedOn: day(),
    reversedAt: instant(),
  }),
  sample: {
    paymentId: '0197a2c4-5d00-7000-8000-000000000016',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    amount: { amount: '60.00', currency: 'CNY' },
    why: 'bounced',
    reversedOn: '2026-03-06',
    reversedAt: '2026-03-06T03:00:00.000Z',
  },
});
export type PaymentReversed = DataOf<typeof PaymentReversed>;
