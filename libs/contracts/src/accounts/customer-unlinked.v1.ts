import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const CustomerUnlinked = defineEvent({
  context: 'accounts',
  name: 'customer-unlinked',
  version: 1,
  aggregate: 'customer',
  scope: 'branch',
  title: 'Customer unlinked from a branch',
  description: 'The branch no longer sees the customer, because the merge that had linked it was undone.',
  schema: z.object({
    customerId: id(),
    unlinkedAt: instant(),
  }),
  sample: { customerId: '0197a2c4-5d00-7000-8000-00000000000a', unlinkedAt: '2026-03-03T02:30:00.000Z' },
});
export type CustomerUnlinked = DataOf<typeof CustomerUnlinked>;
