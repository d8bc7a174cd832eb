import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketResumed = defineEvent({
  context: 'tickets',
  name: 'ticket-resumed',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Clock resumed',
  description: 'The clock of the ticket goes on, early or because the pause ran out (TKT-27).',
  schema: z.object({
    ticketId: id(),
    resumedAt: instant(),
    dueAt: instant().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    resumedAt: '2026-03-02T05:00:00.000Z',
    dueAt: '2026-03-05T03:00:00.000Z',
  },
});
export type TicketResumed = DataOf<typeof TicketResumed>;
