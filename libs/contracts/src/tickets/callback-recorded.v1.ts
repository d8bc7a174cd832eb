import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const CallbackRecorded = defineEvent({
  context: 'tickets',
  name: 'callback-recorded',
  version: 1,
  aggregate: 'callback',
  scope: 'branch',
  title: 'Callback recorded',
  description:
    'What the customer said of satisfaction, price and conduct, or that he could not be reached (TKT-61).',
  schema: z.object({
    callbackId: id(),
    ticketId: id(),
    recordedAt: instant(),
    result: z.enum(['satisfied', 'dissatisfied', 'unreachable']),
    score: z.int().min(1).max(5).nullable(),
    priceAgrees: z.boolean().nullable(),
    conductGood: z.boolean().nullable(),
    onTime: z.boolean(),
  }),
  sample: {
    callbackId: '0197a2c4-5d00-7000-8000-000000000012',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    recordedAt: '2026-03-05T06:00:00.000Z',
    result: 'satisfied',
    score: 5,
    priceAgrees: true,
    conductGood: true,
    onTime: true,
  },
});
export type CallbackRecorded = DataOf<typeof CallbackRecorded>;
