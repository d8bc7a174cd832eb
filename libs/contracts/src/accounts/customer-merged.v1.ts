import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const CustomerMerged = defineEvent({
  context: 'accounts',
  name: 'customer-merged',
  version: 1,
  aggregate: 'customer',
  scope: 'group',
  title: 'Customer merged',
  description:
    'The customer was a duplicate: what was its own now counts for the other one, and both histories stay (ACC-02).',
  schema: z.object({
    customerId: id(),
    intoCustomerId: id(),
    mergeId: id(),
    mergedAt: instant(),
  }),
  sample: {
    customerId: '0197a2c4-5d00-7000-8000-00000000000b',
    intoCustomerId: '0197a2c4-5d00-7000-8000-00000000000a',
    mergeId: '0197a2c4-5d00-7000-8000-00000000000c',
    mergedAt: '2026-03-03T02:30:00.000Z',
  },
});
export type CustomerMerged = DataOf<typeof CustomerMerged>;
