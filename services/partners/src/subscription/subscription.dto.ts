import { entries, flag, instant, listQuery, pageSchema, reason, text } from '@steward/platform';
import { z } from 'zod';
import { branchIds, eventType, eventTypes } from '../grant/grant.dto.js';
import { DELIVERIES, ENDPOINT_STATES } from './subscription.js';
import { SUBSCRIPTION_ACTIONS, SUBSCRIPTION_STATES } from './subscription.rules.js';

const fieldValue = z.union([z.string().max(200), z.number(), z.boolean()]);

export const filter = z
  .strictObject({
    aggregateIds: z.array(z.uuid()).min(1).max(1000).optional().describe('Only facts of these records.'),
    fields: entries(z.string().regex(/^[a-zA-Z]{1,60}$/), z.array(fieldValue).min(1).max(100), 20)
      .optional()
      .describe('Fields of `data`, each with the values that are taken.'),
    imported: z.boolean().default(false).describe('Also facts of imported histories.'),
  })
  .meta({ id: 'EventFilter', examples: [{ fields: { kind: ['repair'] }, imported: false }] });

const address = () =>
  z.string().min(1).max(2000).describe('https, on the public internet; redirects are not followed.');

const wish = {
  name: text(200),
  eventTypes: eventTypes(),
  branchIds: branchIds().describe('Null: all that are granted, also later ones.'),
  filter,
};

const WISH = {
  name: '工单完成 Completed tickets',
  eventTypes: ['tickets.ticket-completed.v1'],
  branchIds: null,
  filter: { imported: false },
};

export const makeSubscriptionBody = z
  .strictObject({
    ...wish,
    branchIds: wish.branchIds.default(null),
    filter: filter.default({ imported: false }),
    address: address(),
  })
  .meta({ id: 'MakeSubscription', examples: [{ ...WISH, address: 'https://partner.example/steward' }] });
export type MakeSubscriptionBody = z.output<typeof makeSubscriptionBody>;

export const changeSubscriptionBody = z
  .strictObject({ ...wish, address: address() })
  .partial()
  .meta({ id: 'ChangeSubscription', examples: [{ branchIds: ['0197a2c4-5d00-7000-8000-000000000002'] }] });
export type ChangeSubscriptionBody = z.output<typeof changeSubscriptionBody>;

export const emptyBody = z.strictObject({}).meta({ id: 'NoDetails', examples: [{}] });

export const rotateBody = z
  .strictObject({
    overlapHours: z.number().min(0).max(168).default(24).describe('How long the old secrets go on signing.'),
  })
  .meta({ id: 'RotateSecret', examples: [{ overlapHours: 24 }] });
export type RotateBody = z.output<typeof rotateBody>;

export const replayBody = z
  .strictObject({
    from: instant().optional().describe('Everything that was recorded since.'),
    afterEventId: z.uuid().optional().describe('Everything behind this event.'),
  })
  .refine(({ from, afterEventId }) => (from === undefined) !== (afterEventId === undefined), {
    message: 'takes either `from` or `afterEventId`',
  })
  .meta({ id: 'Replay', examples: [{ from: '2026-03-02T00:00:00.000Z' }] });
export type ReplayBody = z.output<typeof replayBody>;

export const testBody = z
  .strictObject({ eventType: eventType().optional().describe('Whose sample is sent; the first by default.') })
  .meta({ id: 'TestSubscription', examples: [{}] });
export type TestBody = z.output<typeof testBody>;

export const skipBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'SkipParked', examples: [{ reason: '已人工处理' }] });
export type SkipBody = z.output<typeof skipBody>;

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000022',
  partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
  client: 'demo-partner',
  ...WISH,
  delivery: 'webhook' as const,
  address: 'https://partner.example/steward',
  state: 'active' as const,
  stateReason: null,
  madeAt: '2026-03-02T01:00:00.000Z',
  endpoint: { state: 'open' as const, failures: 0, nextTryAt: null, lastError: null },
  delivered: 1284,
  lastDeliveredAt: '2026-03-04T08:30:01.000Z',
  parked: 0,
  actions: ['change', 'pause', 'test', 'replay', 'rotate-secret', 'end'] as const,
  version: 1,
};

export const subscriptionDto = z
  .object({
    id: z.uuid(),
    partnerId: z.uuid(),
    client: z.string(),
    ...wish,
    delivery: z.enum(DELIVERIES),
    address: z.string(),
    state: z.enum(SUBSCRIPTION_STATES),
    stateReason: z.string().nullable(),
    madeAt: instant(),
    endpoint: z
      .object({
        state: z.enum(ENDPOINT_STATES),
        failures: z.int().describe('In a row.'),
        nextTryAt: instant().nullable(),
        lastError: z.string().nullable(),
      })
      .describe('The address, shared by all subscriptions that name it.'),
    delivered: z.int(),
    lastDeliveredAt: instant().nullable(),
    parked: z.int().describe('Events that wait for you to skip or resend one.'),
    actions: z.array(z.enum(SUBSCRIPTION_ACTIONS)).describe('What you may do with it now.'),
    version: z.int(),
  })
  .meta({ id: 'Subscription', examples: [EXAMPLE] });
export type SubscriptionDto = z.output<typeof subscriptionDto>;

export const subscriptionsQuery = listQuery({
  filters: { state: z.enum(SUBSCRIPTION_STATES).optional(), client: z.string().max(200).optional() },
  sorts: ['madeAt'],
  defaultSort: '-madeAt',
});
export type SubscriptionsQuery = z.output<typeof subscriptionsQuery>;

export const subscriptionPage = pageSchema(subscriptionDto).meta({
  id: 'SubscriptionPage',
  examples: [{ items: [EXAMPLE], next: null }],
});

const SECRET = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwZWE6ujTH7MQ=',
  madeAt: '2026-03-02T01:00:00.000Z',
  expiresAt: null,
};

export const secretsDto = z
  .object({
    items: z.array(z.object({ secret: z.string(), madeAt: instant(), expiresAt: instant().nullable() })),
  })
  .meta({ id: 'SubscriptionSecrets', examples: [{ items: [SECRET] }] });
export type SecretsDto = z.output<typeof secretsDto>;

const ATTEMPT = {
  id: '0197a2c4-5d00-7000-8000-000000000023',
  eventId: '0197a2c4-5d00-7000-8000-0000000000e1',
  type: 'tickets.ticket-completed.v1',
  kind: 'event' as const,
  at: '2026-03-04T08:30:01.000Z',
  tookMs: 31,
  ok: true,
  status: 204,
  error: null,
  answer: null,
};

export const attemptDto = z
  .object({
    id: z.uuid(),
    eventId: z.uuid(),
    type: z.string(),
    kind: z.enum(['event', 'probe', 'resend', 'test']),
    at: instant(),
    tookMs: z.int(),
    ok: z.boolean(),
    status: z.int().nullable(),
    error: z.string().nullable(),
    answer: z.string().nullable().describe('How the answer began.'),
  })
  .meta({ id: 'DeliveryAttempt', examples: [ATTEMPT] });
export type AttemptDto = z.output<typeof attemptDto>;

export const attemptsQuery = listQuery({
  filters: { eventId: z.uuid().optional(), ok: flag().optional() },
  sorts: ['at'],
  defaultSort: '-at',
});
export type AttemptsQuery = z.output<typeof attemptsQuery>;

export const attemptPage = pageSchema(attemptDto).meta({
  id: 'DeliveryAttemptPage',
  examples: [{ items: [ATTEMPT], next: null }],
});

const PARKED = {
  id: '0197a2c4-5d00-7000-8000-000000000024',
  eventId: '0197a2c4-5d00-7000-8000-0000000000e1',
  type: 'tickets.ticket-completed.v1',
  state: 'refused' as const,
  status: 422,
  attempts: 1,
  parkedAt: '2026-03-04T08:30:01.000Z',
};

export const parkedDto = z
  .object({
    id: z.uuid(),
    eventId: z.uuid(),
    type: z.string(),
    state: z
      .enum(['refused', 'behind', 'due'])
      .describe('refused: waits for you; behind: waits for an earlier one; due: is sent next'),
    status: z.int().nullable(),
    attempts: z.int(),
    parkedAt: instant(),
  })
  .meta({ id: 'ParkedDelivery', examples: [PARKED] });
export type ParkedDto = z.output<typeof parkedDto>;

export const parkedQuery = listQuery({
  filters: { state: z.enum(['refused', 'behind', 'due']).optional() },
  sorts: ['position'],
  defaultSort: 'position',
});
export type ParkedQuery = z.output<typeof parkedQuery>;

export const parkedPage = pageSchema(parkedDto).meta({
  id: 'ParkedDeliveryPage',
  examples: [{ items: [PARKED], next: null }],
});
