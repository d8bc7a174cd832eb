import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, externalId, id, instant, policyKeyField, slug } from '../fields.js';
import { ticketKind } from './ticket-kind.js';

export const TicketRegistered = defineEvent({
  context: 'tickets',
  name: 'ticket-registered',
  version: 1,
  aggregate: 'ticket',
  scope: 'branch',
  title: 'Ticket registered',
  description:
    'A ticket was taken in and numbered at once (TKT-01, TKT-02). dueMissing names the policy that is not set when there is no deadline (POL-05); source and externalId name the origin of an imported one.',
  schema: z.object({
    ticketId: id(),
    number: code(),
    kind: ticketKind(),
    channel: slug(),
    categoryCode: code().nullable(),
    siteId: id().nullable(),
    priority: slug(),
    receivedAt: instant(),
    registeredAt: instant(),
    dueAt: instant().nullable(),
    dueMissing: policyKeyField().nullable(),
    source: code().nullable(),
    externalId: externalId().nullable(),
    customerId: id().nullable().optional(),
    propertyUnitId: id().nullable().optional(),
  }),
  sample: {
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    number: 'EB1-T-2026-000001',
    kind: 'complaint',
    channel: 'hotline',
    categoryCode: 'neighbour-noise',
    siteId: '0197a2c4-5d00-7000-8000-000000000003',
    priority: 'routine',
    receivedAt: '2026-03-02T00:58:00.000Z',
    registeredAt: '2026-03-02T01:00:00.000Z',
    dueAt: '2026-03-05T01:00:00.000Z',
    dueMissing: null,
    source: null,
    externalId: null,
  },
});
export type TicketRegistered = DataOf<typeof TicketRegistered>;
