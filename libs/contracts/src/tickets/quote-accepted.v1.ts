import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const QuoteAccepted = defineEvent({
  context: 'tickets',
  name: 'quote-accepted',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Quote accepted',
  description: 'The customer agreed to the price; work may start (TKT-43).',
  schema: z.object({
    ticketId: id(),
    quoteId: id(),
    acceptedAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    quoteId: '0197a2c4-5d00-7000-8000-000000000011',
    acceptedAt: '2026-03-02T02:00:00.000Z',
  },
});
export type QuoteAccepted = DataOf<typeof QuoteAccepted>;
