import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id, instant, policyKeyField } from '../fields.js';
import { ticketKind } from './ticket-kind.js';

export const TicketClassified = defineEvent({
  context: 'tickets',
  name: 'ticket-classified',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket classified',
  description:
    'Customer service gave the ticket its kind and category (TKT-04); the deadline follows from them and keeps what was consumed and paused.',
  schema: z.object({
    ticketId: id(),
    kind: ticketKind(),
    categoryCode: code().nullable(),
    dueAt: instant().nullable(),
    dueMissing: policyKeyField().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    kind: 'repair',
    categoryCode: 'lift-trapped',
    dueAt: null,
    dueMissing: 'tickets.sla.category.lift-trapped.resolve',
  },
});
export type TicketClassified = DataOf<typeof TicketClassified>;
