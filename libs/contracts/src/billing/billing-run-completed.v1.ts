import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, moneyField } from '../fields.js';

export const BillingRunCompleted = defineEvent({
  context: 'billing',
  name: 'billing-run-completed',
  version: 1,
  aggregate: 'billing-run',
  scope: 'branch',
  title: 'Billing run completed',
  description:
    'A run charged its branch and period; what could not be charged is on its list of exceptions (BIL-04).',
  schema: z.object({
    billingRunId: id(),
    period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    charges: z.int().min(0),
    exceptions: z.int().min(0),
    total: moneyField(),
    completedAt: instant(),
  }),
  sample: {
    billingRunId: '0197a2c4-5d00-7000-8000-000000000017',
    period: '2026-03',
    charges: 812,
    exceptions: 3,
    total: { amount: '96412.30', currency: 'CNY' },
    completedAt: '2026-03-04T08:30:00.000Z',
  },
});
export type BillingRunCompleted = DataOf<typeof BillingRunCompleted>;
