import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const TicketCompleted = defineEvent({
  context: 'tickets',
  name: 'ticket-completed',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket completed',
  description:
    'The work is done. onTime is the verdict against the deadline in force, null without one; no later change of policy or calendar moves it (TKT-28).',
  schema: z.object({
    ticketId: id(),
    completedAt: instant(),
    dueAt: instant().nullable(),
    onTime: z.boolean().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    completedAt: '2026-03-04T08:30:00.000Z',
    dueAt: '2026-03-05T03:00:00.000Z',
    onTime: true,
  },
});
export type TicketCompleted = DataOf<typeof TicketCompleted>;
