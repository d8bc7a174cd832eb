import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, slug, subject } from '../fields.js';

export const RoleRevoked = defineEvent({
  context: 'organisation',
  name: 'role-revoked',
  version: 1,
  aggregate: 'employee',
  scope: 'group',
  title: 'Role revoked',
  description: 'A grant ended; services stop honouring it within seconds.',
  schema: z.object({
    grantId: id(),
    employeeId: id(),
    subject: subject(),
    role: slug(),
    unitId: id(),
    revokedAt: instant(),
  }),
  sample: {
    grantId: '0197a2c4-5d00-7000-8000-000000000006',
    employeeId: '0197a2c4-5d00-7000-8000-000000000005',
    subject: 'eb1.clerk',
    role: 'cs-agent',
    unitId: '0197a2c4-5d00-7000-8000-000000000002',
    revokedAt: '2026-06-30T16:00:00.000Z',
  },
});
export type RoleRevoked = DataOf<typeof RoleRevoked>;
