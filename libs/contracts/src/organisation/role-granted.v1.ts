import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug, subject } from '../fields.js';

export const RoleGranted = defineEvent({
  context: 'organisation',
  name: 'role-granted',
  version: 1,
  aggregate: 'employee',
  scope: 'group',
  title: 'Role granted',
  description:
    'An employee holds a role in a unit and below it, from validFrom until validTo (null: until revoked).',
  schema: z.object({
    grantId: id(),
    employeeId: id(),
    subject: subject(),
    role: slug(),
    unitId: id(),
    validFrom: instant(),
    validTo: instant().nullable(),
  }),
  sample: {
    grantId: '0197a2c4-5d00-7000-8000-000000000006',
    employeeId: '0197a2c4-5d00-7000-8000-000000000005',
    subject: 'eb1.clerk',
    role: 'cs-agent',
    unitId: '0197a2c4-5d00-7000-8000-000000000002',
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: null,
  },
});
export type RoleGranted = DataOf<typeof RoleGranted>;
