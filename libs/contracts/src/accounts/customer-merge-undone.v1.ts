import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const CustomerMergeUndone = defineEvent({
  context: 'accounts',
  name: 'customer-merge-undone',
  version: 1,
  aggregate: 'customer',
  scope: 'group',
  title: 'Merge undone',
  description: 'The customer is one of its own again (ACC-02).',
  schema: z.object({
    customerId: id(),
    fromCustomerId: id(),
    mergeId: id(),
    undoneAt: instant(),
  }),
  sample: {
    customerId: '0197a2c4-5d00-7000-8000-00000000000b',
    fromCustomerId: '0197a2c4-5d00-7000-8000-00000000000a',
    mergeId: '0197a2c4-5d00-7000-8000-00000000000c',
    undoneAt: '2026-03-04T08:30:00.000Z',
  },
});
export type CustomerMergeUndone = DataOf<typeof CustomerMergeUndone>;
