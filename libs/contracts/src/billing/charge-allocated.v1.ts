import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id, instant, moneyField } from '../fields.js';

export const ChargeAllocated = defineEvent({
  context: 'billing',
  name: 'charge-allocated',
  version: 1,
  aggregate: 'charge',
  scope: 'branch',
  title: 'Charge allocated',
  description:
    'Part of a payment or credit settles part of a charge, or was taken back when negative; `open` is what remains.',
  schema: z.object({
    chargeId: id(),
    accountId: id(),
    ticketId: id().nullable(),
    amount: moneyField(),
    open: moneyField(),
    paymentId: id().nullable(),
    creditNoteId: id().nullable(),
    allocatedOn: day(),
    allocatedAt: instant(),
  }),
  sample: {
    chargeId: '0197a2c4-5d00-7000-8000-000000000013',
    accountId: '0197a2c4-5d00-7000-8000-000000000014',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    amount: { amount: '60.00', currency: 'CNY' },
    open: { amount: '60.50', currency: 'CNY' },
    paymentId: '0197a2c4-5d00-7000-8000-000000000016',
    creditNoteId: null,
    allocatedOn: '2026-03-05',
    allocatedAt: '2026-03-05T03:00:00.000Z',
  },
});
export type ChargeAllocated = DataOf<typeof ChargeAllocated>;
