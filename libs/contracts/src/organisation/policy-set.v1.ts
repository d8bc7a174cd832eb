import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { counter, id, instant, policyKeyField } from '../fields.js';

// Typed by the policy's own definition; here any JSON value but null.
const policyValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
]);

export const PolicySet = defineEvent({
  context: 'organisation',
  name: 'policy-set',
  version: 1,
  aggregate: 'policy',
  scope: 'group',
  title: 'Policy set',
  description:
    'A value of a policy for a group, region or branch, valid from effectiveFrom (POL-02, POL-03). Services pick it up without restart (POL-04).',
  schema: z.object({
    key: policyKeyField(),
    unitId: id(),
    unitKind: z.enum(['group', 'region', 'branch']),
    value: policyValue,
    effectiveFrom: instant(),
    version: counter(),
    locked: z.boolean(),
    reason: z.string().max(1000).nullable(),
  }),
  sample: {
    key: 'tickets.sla.complaint.reply',
    unitId: '0197a2c4-5d00-7000-8000-000000000002',
    unitKind: 'branch',
    value: { amount: 2, unit: 'working-days' },
    effectiveFrom: '2026-03-01T00:00:00.000Z',
    version: 3,
    locked: false,
    reason: 'Stricter profile agreed for 2026',
  },
});
export type PolicySet = DataOf<typeof PolicySet>;
