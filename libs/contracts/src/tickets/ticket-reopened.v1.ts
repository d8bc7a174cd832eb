import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const TicketReopened = defineEvent({
  context: 'tickets',
  name: 'ticket-reopened',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket reopened',
  description: 'A completed ticket is open again, for a reason from the list of the branch.',
  schema: z.object({
    ticketId: id(),
    reopenedAt: instant(),
    reason: slug(),
    dueAt: instant().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    reopenedAt: '2026-03-04T09:00:00.000Z',
    reason: 'not-solved',
    dueAt: '2026-03-05T03:00:00.000Z',
  },
});
export type TicketReopened = DataOf<typeof TicketReopened>;
