import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, subject } from '../fields.js';

export const EmployeeRegistered = defineEvent({
  context: 'organisation',
  name: 'employee-registered',
  version: 1,
  aggregate: 'employee',
  scope: 'group',
  title: 'Employee registered',
  description:
    'An employee was registered. subject is the opaque identifier that the token issuer gave; name and phone travel on organisation.persons.v1 only.',
  schema: z.object({ employeeId: id(), subject: subject(), homeUnitId: id() }),
  sample: {
    employeeId: '0197a2c4-5d00-7000-8000-000000000005',
    subject: 'eb1.clerk',
    homeUnitId: '0197a2c4-5d00-7000-8000-000000000002',
  },
});
export type EmployeeRegistered = DataOf<typeof EmployeeRegistered>;
