import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id } from '../fields.js';

export const EmployeeErased = defineEvent({
  context: 'organisation',
  name: 'employee-erased',
  version: 1,
  aggregate: 'employee',
  scope: 'group',
  title: 'Employee erased',
  description:
    'The personal values of an employee were erased on schedule or request (ORG-04); copies of them must go.',
  schema: z.object({ employeeId: id() }),
  sample: { employeeId: '0197a2c4-5d00-7000-8000-000000000005' },
});
export type EmployeeErased = DataOf<typeof EmployeeErased>;
