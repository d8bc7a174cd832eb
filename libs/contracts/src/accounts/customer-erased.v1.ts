import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id } from '../fields.js';

export const CustomerErased = defineEvent({
  context: 'accounts',
  name: 'customer-erased',
  version: 1,
  aggregate: 'customer',
  scope: 'group',
  title: 'Customer erased',
  description:
    'The personal values of a customer were erased on schedule or request (ORG-04); copies of them must go.',
  schema: z.object({
    customerId: id(),
  }),
  sample: { customerId: '0197a2c4-5d00-7000-8000-00000000000a' },
});
export type CustomerErased = DataOf<typeof CustomerErased>;
