import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketAssigned = defineEvent({
  context: 'tickets',
  name: 'ticket-assigned',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket assigned',
  description: 'An employee is in charge of the ticket from now on.',
  schema: z.object({
    ticketId: id(),
    assigneeId: id(),
    assignedAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    assigneeId: '0197a2c4-5d00-7000-8000-000000000005',
    assignedAt: '2026-03-02T01:05:00.000Z',
  },
});
export type TicketAssigned = DataOf<typeof TicketAssigned>;
