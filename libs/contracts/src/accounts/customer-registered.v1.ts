import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, id } from '../fields.js';

export const CustomerRegistered = defineEvent({
  context: 'accounts',
  name: 'customer-registered',
  version: 1,
  aggregate: 'customer',
  scope: 'group',
  title: 'Customer registered',
  description:
    'A person or company joined the customer master of the group (ACC-01). Name and phones travel on accounts.persons.v1 only.',
  schema: z.object({
    customerId: id(),
    number: code(),
    kind: z.enum(['person', 'company']),
  }),
  sample: { customerId: '0197a2c4-5d00-7000-8000-00000000000a', number: 'EB1-C-2026-000001', kind: 'person' },
});
export type CustomerRegistered = DataOf<typeof CustomerRegistered>;
