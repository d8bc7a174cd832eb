import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { counter, id, instant } from '../fields.js';

export const CallbackAttempted = defineEvent({
  context: 'tickets',
  name: 'callback-attempted',
  version: 1,
  aggregate: 'callback',
  scope: 'branch',
  title: 'Callback attempted',
  description: 'The customer was not reached; attempts are made on different days and parts of day (TKT-61).',
  schema: z.object({
    callbackId: id(),
    ticketId: id(),
    attempt: counter(),
    attemptedAt: instant(),
    partOfDay: z.enum(['morning', 'afternoon', 'evening']),
  }),
  sample: {
    callbackId: '0197a2c4-5d00-7000-8000-000000000012',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    attempt: 1,
    attemptedAt: '2026-03-05T02:00:00.000Z',
    partOfDay: 'morning',
  },
});
export type CallbackAttempted = DataOf<typeof CallbackAttempted>;
