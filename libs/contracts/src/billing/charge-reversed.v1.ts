import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, instant, moneyField } from '../fields.js';

export const ChargeReversed = defineEvent({
  context: 'billing',
  name: 'charge-reversed',
  version: 1,
  aggregate: 'charge',
  scope: 'branch',
  title: 'Charge reversed',
  description:
    'A charge that stands on no invoice and was not paid was taken back as a whole by a counter-entry (BIL-03).',
  schema: z.object({
    chargeId: id(),
    accountId: id(),
    ticketId: id().nullable(),
    feeItemCode: code(),
    amount: moneyField(),
    reversedOn: day(),
    reversedAt: instant(),
  }),
  sample: {
    chargeId: '0197a2c4-5d00-7000-8000-000000000013',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    ticketId: null,
    feeItemCode: 'management',
    amount: { amount: '216.25', currency: 'CNY' },
    reversedOn: '2026-03-05',
    reversedAt: '2026-03-05T03:00:00.000Z',
  },
});
export type ChargeReversed = DataOf<typeof ChargeReversed>;
