import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketStarted = defineEvent({
  context: 'tickets',
  name: 'ticket-started',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Work started',
  description: 'The assignee began to work on the ticket.',
  schema: z.object({
    ticketId: id(),
    startedAt: instant(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    startedAt: '2026-03-02T02:00:00.000Z',
  },
});
export type TicketStarted = DataOf<typeof TicketStarted>;
