import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id } from '../fields.js';

export const TicketAmended = defineEvent({
  context: 'tickets',
  name: 'ticket-amended',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket amended',
  description:
    'What was recorded about a ticket was corrected, without a change of its state. Names the fields; what people said or are called stays in the service.',
  schema: z.object({ ticketId: id(), fields: z.array(z.string().regex(/^[a-zA-Z]{1,50}$/)).min(1) }),
  sample: { ticketId: '0197a2c4-5d00-7000-8000-000000000008', fields: ['outcome'] },
});
export type TicketAmended = DataOf<typeof TicketAmended>;
