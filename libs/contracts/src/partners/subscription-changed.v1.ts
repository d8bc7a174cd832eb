import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const SubscriptionChanged = defineEvent({
  context: 'partners',
  name: 'subscription-changed',
  version: 1,
  aggregate: 'subscription',
  scope: 'group',
  title: 'Subscription changed',
  description: 'A partner changed, paused, resumed or rewound a subscription.',
  schema: z.object({
    subscriptionId: id(),
    partnerId: id(),
    what: slug(),
    state: z.enum(['active', 'paused', 'disabled']),
    changedAt: instant(),
  }),
  sample: {
    subscriptionId: '0197a2c4-5d00-7000-8000-000000000022',
    partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
    what: 'pause',
    state: 'paused',
    changedAt: '2026-03-02T03:00:00.000Z',
  },
});
export type SubscriptionChanged = DataOf<typeof SubscriptionChanged>;
