import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const SubscriptionEnded = defineEvent({
  context: 'partners',
  name: 'subscription-ended',
  version: 1,
  aggregate: 'subscription',
  scope: 'group',
  title: 'Subscription ended',
  description: 'A partner gave a subscription up.',
  schema: z.object({ subscriptionId: id(), partnerId: id(), endedAt: instant() }),
  sample: {
    subscriptionId: '0197a2c4-5d00-7000-8000-000000000022',
    partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
    endedAt: '2026-03-08T03:00:00.000Z',
  },
});
export type SubscriptionEnded = DataOf<typeof SubscriptionEnded>;
