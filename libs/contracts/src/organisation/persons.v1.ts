import { z } from 'zod';
import { type DataOf, definePersonal } from '../definition.js';
import { id } from '../fields.js';

export const Persons = definePersonal({
  context: 'organisation',
  name: 'persons',
  version: 1,
  key: 'employeeId',
  title: 'Names and phones of employees',
  description:
    'Latest state per employee, for services that show names. A tombstone means erased (ORG-04): the copy must go.',
  schema: z.object({
    employeeId: id(),
    name: z.string().min(1).max(200),
    phone: z.string().max(40).nullable(),
    branchId: id().nullable(),
  }),
  sample: {
    employeeId: '0197a2c4-5d00-7000-8000-000000000005',
    name: '王晓梅',
    phone: '+86 21 5555 0100',
    branchId: '0197a2c4-5d00-7000-8000-000000000002',
  },
});
export type Persons = DataOf<typeof Persons>;
