import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const SubscriptionMade = defineEvent({
  context: 'partners',
  name: 'subscription-made',
  version: 1,
  aggregate: 'subscription',
  scope: 'group',
  title: 'Subscription made',
  description: 'A partner subscribed to events (PTR-01).',
  schema: z.object({
    subscriptionId: id(),
    partnerId: id(),
    delivery: z.enum(['webhook', 'topic']),
    madeAt: instant(),
  }),
  sample: {
    subscriptionId: '0197a2c4-5d00-7000-8000-000000000022',
    partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
    delivery: 'webhook',
    madeAt: '2026-03-02T01:00:00.000Z',
  },
});
export type SubscriptionMade = DataOf<typeof SubscriptionMade>;
