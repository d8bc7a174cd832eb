import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const CallbackScheduled = defineEvent({
  context: 'tickets',
  name: 'callback-scheduled',
  version: 1,
  aggregate: 'callback',
  scope: 'branch',
  title: 'Callback scheduled',
  description: 'The customer of a finished ticket is to be called back until dueAt (TKT-60).',
  schema: z.object({
    callbackId: id(),
    ticketId: id(),
    priority: slug(),
    dueAt: instant(),
  }),
  sample: {
    callbackId: '0197a2c4-5d00-7000-8000-000000000012',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    priority: 'routine',
    dueAt: '2026-03-06T08:30:00.000Z',
  },
});
export type CallbackScheduled = DataOf<typeof CallbackScheduled>;
