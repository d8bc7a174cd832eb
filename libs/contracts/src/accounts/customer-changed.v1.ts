import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id } from '../fields.js';

export const CustomerChanged = defineEvent({
  context: 'accounts',
  name: 'customer-changed',
  version: 1,
  aggregate: 'customer',
  scope: 'group',
  title: 'Customer changed',
  description:
    'Something in the master record changed. Names the fields; the values of personal ones travel on accounts.persons.v1.',
  schema: z.object({
    customerId: id(),
    kind: z.enum(['person', 'company']),
    active: z.boolean(),
    fields: z.array(z.string().regex(/^[a-zA-Z]{1,50}$/)).min(1),
  }),
  sample: {
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    kind: 'person',
    active: true,
    fields: ['phones'],
  },
});
export type CustomerChanged = DataOf<typeof CustomerChanged>;
