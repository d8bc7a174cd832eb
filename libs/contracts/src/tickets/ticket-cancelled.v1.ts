import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketCancelled = defineEvent({
  context: 'tickets',
  name: 'ticket-cancelled',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket cancelled',
  description: 'The ticket is void; its number stays on record (ORG-05).',
  schema: z.object({
    ticketId: id(),
    cancelledAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    cancelledAt: '2026-03-02T01:10:00.000Z',
  },
});
export type TicketCancelled = DataOf<typeof TicketCancelled>;
