import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, counter, id, instant, moneyField, quantity } from '../fields.js';

export const QuoteGiven = defineEvent({
  context: 'tickets',
  name: 'quote-given',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Quote given',
  description:
    'Charged work was priced by the price list before it starts; materials stand in it by name and price (TKT-43).',
  schema: z.object({
    ticketId: id(),
    quoteId: id(),
    total: moneyField(),
    lines: z
      .array(
        z.object({
          line: counter(),
          kind: z.enum(['labour', 'material', 'other']),
          itemCode: code().nullable(),
          quantity: quantity(),
          unitPrice: moneyField(),
          amount: moneyField(),
        }),
      )
      .min(1)
      .max(200),
    givenAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    quoteId: '0197a2c4-5d00-7000-8000-000000000011',
    total: { amount: '120.50', currency: 'CNY' },
    lines: [
      {
        line: 1,
        kind: 'labour',
        itemCode: 'tap-replace',
        quantity: '1',
        unitPrice: { amount: '80.00', currency: 'CNY' },
        amount: { amount: '80.00', currency: 'CNY' },
      },
      {
        line: 2,
        kind: 'material',
        itemCode: 'tap-dn15',
        quantity: '1',
        unitPrice: { amount: '40.50', currency: 'CNY' },
        amount: { amount: '40.50', currency: 'CNY' },
      },
    ],
    givenAt: '2026-03-02T01:00:00.000Z',
  },
});
export type QuoteGiven = DataOf<typeof QuoteGiven>;
