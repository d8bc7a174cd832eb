import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id } from '../fields.js';

export const RecurrenceFound = defineEvent({
  context: 'tickets',
  name: 'recurrence-found',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Recurrence found',
  description:
    'The same unit had tickets of the same category too often; a root-cause task was registered (TKT-64).',
  schema: z.object({
    ticketId: id(),
    rootCauseTicketId: id(),
    propertyUnitId: id(),
    categoryCode: code(),
    count: z.int().min(2),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    rootCauseTicketId: '0197a2c4-5d00-7000-8000-00000000001d',
    propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
    categoryCode: 'water-leak',
    count: 3,
  },
});
export type RecurrenceFound = DataOf<typeof RecurrenceFound>;
