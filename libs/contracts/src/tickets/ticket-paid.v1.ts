import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketPaid = defineEvent({
  context: 'tickets',
  name: 'ticket-paid',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket paid',
  description: 'Billing reported that the charge of the ticket is settled (FLW-01).',
  schema: z.object({
    ticketId: id(),
    chargeId: id(),
    paidAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    chargeId: '0197a2c4-5d00-7000-8000-000000000013',
    paidAt: '2026-03-04T08:30:00.000Z',
  },
});
export type TicketPaid = DataOf<typeof TicketPaid>;
