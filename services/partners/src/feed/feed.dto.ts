import { flag, instant } from '@steward/platform';
import { z } from 'zod';
import { eventType } from '../grant/grant.dto.js';

export const feedQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(100).optional().describe('Place: `next` of the answer before.'),
  from: instant()
    .optional()
    .describe('Without `after`: what was recorded since; else from the beginning of the log.'),
  eventType: eventType().optional(),
  imported: flag().optional().describe('Also facts of imported histories.'),
});
export type FeedQuery = z.output<typeof feedQuery>;

const EVENT = {
  id: '0197a2c4-5d00-7000-8000-0000000000e1',
  type: 'tickets.ticket-completed.v1',
  timestamp: '2026-03-04T08:30:00.000Z',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  aggregateId: '0197a2c4-5d00-7000-8000-000000000008',
  sequence: 3,
  recordedAt: '2026-03-04T08:30:00.120Z',
  origin: 'live',
  late: false,
  data: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    completedAt: '2026-03-04T08:30:00.000Z',
    dueAt: '2026-03-05T03:00:00.000Z',
    onTime: true,
  },
};

export const partnerEventDto = z
  .object({
    id: z.uuid().describe('The same in every repeat, and the `webhook-id` of the webhook.'),
    type: z.string(),
    timestamp: z.iso.datetime().describe('When it happened.'),
    branchId: z.uuid().nullable().describe('Null: a fact of the group.'),
    aggregateId: z.uuid().describe('Facts of one record come in order.'),
    sequence: z.int().describe('Grows per record; facts that you are not granted leave gaps.'),
    recordedAt: z.iso.datetime(),
    origin: z.string().describe('`live`, `import` for imported histories, `test` for samples.'),
    late: z.boolean().describe('Belongs to a month that was closed already.'),
    actor: z.string().optional(),
    data: z.unknown().describe('As the event catalogue says for the type, without what is not granted.'),
  })
  .meta({ id: 'PartnerEvent', examples: [EVENT] });

export const feedDto = z
  .object({
    items: z.array(partnerEventDto),
    next: z.string().describe('`after` of the next request, also when nothing came.'),
    more: z.boolean().describe('Whether there is more to read at once.'),
  })
  .meta({ id: 'PartnerFeed', examples: [{ items: [EVENT], next: 'mF3Zq0pL7xw2c1sVb8nJ4A', more: false }] });
export type FeedDto = z.output<typeof feedDto>;
