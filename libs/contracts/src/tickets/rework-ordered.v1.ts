import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { counter, id, instant } from '../fields.js';

export const ReworkOrdered = defineEvent({
  context: 'tickets',
  name: 'rework-ordered',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Rework ordered',
  description: 'The customer is not satisfied: the work is done again, free of charge (TKT-49).',
  schema: z.object({
    ticketId: id(),
    round: counter(),
    orderedAt: instant(),
    dueAt: instant().nullable(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    round: 1,
    orderedAt: '2026-03-04T08:30:00.000Z',
    dueAt: '2026-03-05T03:00:00.000Z',
  },
});
export type ReworkOrdered = DataOf<typeof ReworkOrdered>;
