import { TICKET_KINDS } from '@steward/contracts';
import { instant, text } from '@steward/platform';
import { z } from 'zod';
import { CHANNELS, PAUSE_REASONS, PRIORITIES } from './ticket.rules.js';

const id = () => z.uuid();
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

export const registerTicketBody = z
  .strictObject({
    branchId: id(),
    siteId: optional(id()),
    kind: z.enum(TICKET_KINDS),
    channel: z.enum(CHANNELS),
    categoryCode: optional(text(100)),
    priority: z.enum(PRIORITIES).optional(),
    content: text(10_000),
    requesterName: optional(text(200)),
    requesterPhone: optional(text(40)),
    company: optional(text(200)),
    unitText: optional(text(200)),
    evidence: optional(text(5_000)),
    witnesses: optional(text(2_000)),
    preferredTime: optional(text(200)),
    customerId: optional(id()).describe('A customer of the branch, where we know him.'),
    propertyUnitId: optional(id()).describe('A property unit of the branch.'),
    receivedAt: optional(instant()).describe('When the customer turned to us; now, if left out.'),
  })
  .meta({
    id: 'RegisterTicket',
    examples: [
      {
        branchId: '0197a2c4-5d00-7000-8000-000000000002',
        kind: 'repair',
        channel: 'hotline',
        categoryCode: 'water-leak',
        content: 'Water drips from the kitchen ceiling.',
        requesterName: '王晓梅',
        requesterPhone: '+86 21 5555 0100',
        unitText: 'Tower 2, 1203',
      },
    ],
  });
export type RegisterTicketBody = z.output<typeof registerTicketBody>;

export const amendTicketBody = z
  .strictObject({
    customerId: id().nullable().optional(),
    propertyUnitId: id().nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'changes nothing')
  .meta({
    id: 'AmendTicket',
    examples: [
      {
        customerId: '0197a2c4-5d00-7000-8000-00000000000a',
        propertyUnitId: '0197a2c4-5d00-7000-8000-00000000000e',
      },
    ],
  });
export type AmendTicketBody = z.output<typeof amendTicketBody>;

export const classifyBody = z
  .strictObject({
    kind: z.enum(TICKET_KINDS),
    categoryCode: optional(text(100)),
    priority: z.enum(PRIORITIES).optional(),
  })
  .meta({ id: 'ClassifyTicket', examples: [{ kind: 'complaint', categoryCode: 'neighbour-noise' }] });
export const assignBody = z
  .strictObject({ assigneeId: id() })
  .meta({ id: 'AssignTicket', examples: [{ assigneeId: '0197a2c4-5d00-7000-8000-000000000005' }] });
export const startBody = z.strictObject({}).meta({ id: 'StartTicket', examples: [{}] });
export const pauseBody = z.strictObject({ reason: z.enum(PAUSE_REASONS), until: instant() }).meta({
  id: 'PauseTicket',
  examples: [{ reason: 'waiting-for-customer', until: '2026-03-03T03:00:00.000Z' }],
});
export const resumeBody = z.strictObject({}).meta({ id: 'ResumeTicket', examples: [{}] });
export const completeBody = z.strictObject({ outcome: text(5_000) }).meta({
  id: 'CompleteTicket',
  examples: [{ outcome: 'Seal replaced, tried together with the customer.' }],
});
export const reopenBody = z
  .strictObject({ reason: text(2_000) })
  .meta({ id: 'ReopenTicket', examples: [{ reason: 'It drips again.' }] });
export const cancelBody = z
  .strictObject({ reason: text(2_000) })
  .meta({ id: 'CancelTicket', examples: [{ reason: 'Registered twice, see EB1-T-2026-000012.' }] });

export type ClassifyBody = z.output<typeof classifyBody>;
export type AssignBody = z.output<typeof assignBody>;
export type PauseBody = z.output<typeof pauseBody>;
export type CompleteBody = z.output<typeof completeBody>;
export type ReasonBody = z.output<typeof reopenBody>;
