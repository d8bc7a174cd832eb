import { z } from 'zod';
import { type DataOf, definePersonal } from '../definition.js';
import { id } from '../fields.js';

export const CustomerPersons = definePersonal({
  context: 'accounts',
  name: 'persons',
  version: 1,
  key: 'customerId',
  title: 'Names and phones of customers',
  description:
    'Latest state per customer, for services that show names (ACC-01), with the branches that may see it. A tombstone means erased (ORG-04): the copy must go.',
  schema: z.object({
    customerId: id(),
    kind: z.enum(['person', 'company']),
    name: z.string().min(1).max(200),
    phones: z.array(z.string().min(1).max(40)).max(20),
    branchIds: z.array(id()).max(10_000),
  }),
  sample: {
    customerId: '0197a2c4-5d00-7000-8000-00000000000a',
    kind: 'person',
    name: '李建国',
    phones: ['+86 139 0000 1234'],
    branchIds: ['0197a2c4-5d00-7000-8000-000000000002'],
  },
});
export type CustomerPersons = DataOf<typeof CustomerPersons>;
