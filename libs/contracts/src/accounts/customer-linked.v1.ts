import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug } from '../fields.js';

export const CustomerLinked = defineEvent({
  context: 'accounts',
  name: 'customer-linked',
  version: 1,
  aggregate: 'customer',
  scope: 'branch',
  title: 'Customer linked to a branch',
  description:
    'The branch sees the customer from now on: registered there, or found among the customers of the group and confirmed.',
  schema: z.object({
    customerId: id(),
    kind: z.enum(['person', 'company']),
    linkedAt: instant(),
    how: slug(),
  }),
  sample: {
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    kind: 'person',
    linkedAt: '2026-03-02T01:00:00.000Z',
    how: 'registered',
  },
});
export type CustomerLinked = DataOf<typeof CustomerLinked>;
