import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const TicketPaused = defineEvent({
  context: 'tickets',
  name: 'ticket-paused',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Clock paused',
  description:
    'The clock of the ticket stands from one instant until another, for a reason from the list of the branch; it goes on by itself (TKT-27).',
  schema: z.object({
    ticketId: id(),
    reason: slug(),
    from: instant(),
    until: instant(),
    dueAt: instant().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    reason: 'waiting-for-customer',
    from: '2026-03-02T03:00:00.000Z',
    until: '2026-03-03T03:00:00.000Z',
    dueAt: '2026-03-06T01:00:00.000Z',
  },
});
export type TicketPaused = DataOf<typeof TicketPaused>;
