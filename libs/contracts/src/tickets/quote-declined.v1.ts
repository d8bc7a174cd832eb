import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const QuoteDeclined = defineEvent({
  context: 'tickets',
  name: 'quote-declined',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Quote declined',
  description: 'The customer did not agree to the price.',
  schema: z.object({
    ticketId: id(),
    quoteId: id(),
    declinedAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    quoteId: '0197a2c4-5d00-7000-8000-000000000011',
    declinedAt: '2026-03-02T02:00:00.000Z',
  },
});
export type QuoteDeclined = DataOf<typeof QuoteDeclined>;
