import { instant, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { PRIORITIES } from '../ticket/ticket.rules.js';
import { CALLBACK_STATES, PARTS_OF_DAY } from './callback.rules.js';

const id = () => z.uuid();
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

export const CALLBACK_ACTIONS = ['attempt', 'record'] as const;

export const scheduleCallbackBody = z
  .strictObject({
    ticketId: id(),
    dueAt: instant().describe('By when, such as the first rain after a leak was repaired (TKT-60).'),
  })
  .meta({
    id: 'ScheduleCallback',
    examples: [{ ticketId: '0197a2c4-5d00-7000-8000-000000000008', dueAt: '2026-03-06T08:30:00.000Z' }],
  });
export type ScheduleCallbackBody = z.output<typeof scheduleCallbackBody>;

export const attemptCallbackBody = z
  .strictObject({
    at: instant().optional().describe('When the call was made; now, if left out.'),
    note: optional(text(1000)),
  })
  .meta({ id: 'AttemptCallback', examples: [{ note: 'Nobody answers.' }] });
export type AttemptCallbackBody = z.output<typeof attemptCallbackBody>;

export const recordCallbackBody = z
  .strictObject({
    result: z.enum(['satisfied', 'dissatisfied', 'unreachable']),
    score: optional(z.int().min(1).max(5)).describe('How satisfied, 1 to 5.'),
    priceAgrees: optional(z.boolean()).describe('What was charged is what the slip says (TKT-61).'),
    conductGood: optional(z.boolean()).describe('The conduct of those who came was in order.'),
    words: optional(text(2000)).describe('What the customer said; needed when he is not satisfied.'),
    again: z
      .boolean()
      .default(true)
      .describe('Not satisfied: the work is done again. False when it is not the work that he means.'),
  })
  .refine(({ result, words }) => result !== 'dissatisfied' || words !== null, {
    path: ['words'],
    message: 'say what the customer is not satisfied with',
  })
  .meta({
    id: 'RecordCallback',
    examples: [{ result: 'satisfied', score: 5, priceAgrees: true, conductGood: true }],
  });
export type RecordCallbackBody = z.output<typeof recordCallbackBody>;

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000012',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  siteId: null,
  ticketId: '0197a2c4-5d00-7000-8000-000000000008',
  number: 'EB1-T-2026-000001',
  priority: 'routine' as const,
  state: 'due' as const,
  dueAt: '2026-03-06T08:30:00.000Z',
  scheduledAt: '2026-03-04T08:30:00.000Z',
  attempts: [
    {
      at: '2026-03-05T02:00:00.000Z',
      day: '2026-03-05',
      partOfDay: 'morning' as const,
      by: 'eb1.clerk',
      note: null,
    },
  ],
  missing: { days: 2, partsOfDay: ['afternoon' as const, 'evening' as const] },
  recordedAt: null,
  recordedBy: null,
  score: null,
  priceAgrees: null,
  conductGood: null,
  words: null,
  onTime: null,
  actions: ['attempt' as const, 'record' as const],
  version: 2,
};

export const callbackDto = z
  .object({
    id: id(),
    branchId: id(),
    siteId: id().nullable(),
    ticketId: id(),
    number: z.string().describe('Of the ticket.'),
    priority: z.enum(PRIORITIES),
    state: z.enum(CALLBACK_STATES),
    dueAt: instant(),
    scheduledAt: instant(),
    attempts: z.array(
      z.object({
        at: instant(),
        day: z.iso.date(),
        partOfDay: z.enum(PARTS_OF_DAY),
        by: z.string(),
        note: z.string().nullable(),
      }),
    ),
    missing: z
      .object({ days: z.int(), partsOfDay: z.array(z.enum(PARTS_OF_DAY)) })
      .describe('What is missing before the customer counts as unreachable (TKT-61).'),
    recordedAt: instant().nullable(),
    recordedBy: z.string().nullable(),
    score: z.int().nullable(),
    priceAgrees: z.boolean().nullable(),
    conductGood: z.boolean().nullable(),
    words: z.string().nullable(),
    onTime: z.boolean().nullable(),
    actions: z.array(z.enum(CALLBACK_ACTIONS)),
    version: z.int(),
  })
  .meta({ id: 'Callback', examples: [EXAMPLE] });
export type CallbackDto = z.output<typeof callbackDto>;

export const callbacksQuery = listQuery({
  filters: {
    branchId: id().optional(),
    siteId: id().optional(),
    state: z.enum(CALLBACK_STATES).optional(),
    ticketId: id().optional(),
    customerId: id().optional().describe('Of tickets of this customer, and of those merged into it.'),
    priority: z.enum(PRIORITIES).optional(),
    dueBefore: instant().optional(),
  },
  sorts: ['dueAt'],
  defaultSort: 'dueAt',
});
export type CallbacksQuery = z.output<typeof callbacksQuery>;
export const callbackPage = pageSchema(callbackDto).meta({
  id: 'CallbackPage',
  examples: [{ items: [EXAMPLE], next: null }],
});
