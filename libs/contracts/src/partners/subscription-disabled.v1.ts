import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const SubscriptionDisabled = defineEvent({
  context: 'partners',
  name: 'subscription-disabled',
  version: 1,
  aggregate: 'subscription',
  scope: 'group',
  title: 'Subscription disabled',
  description:
    'Deliveries failed for days, or the address said that it is gone: nothing is sent until the partner resumes (PTR-03).',
  schema: z.object({ subscriptionId: id(), partnerId: id(), reason: slug(), disabledAt: instant() }),
  sample: {
    subscriptionId: '0197a2c4-5d00-7000-8000-000000000022',
    partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
    reason: 'no-answer-for-days',
    disabledAt: '2026-03-07T03:00:00.000Z',
  },
});
export type SubscriptionDisabled = DataOf<typeof SubscriptionDisabled>;
