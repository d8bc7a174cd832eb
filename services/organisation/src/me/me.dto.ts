import { ROLES, UNIT_KINDS } from '@steward/kernel';
import { z } from 'zod';

const scopeList = z.union([z.literal('*'), z.array(z.uuid())]);

export const meDto = z
  .object({
    subject: z.string(),
    kind: z.enum(['person', 'client', 'system']),
    employee: z.object({ id: z.uuid(), name: z.string().nullable(), homeUnitId: z.uuid() }).nullable(),
    grants: z.array(
      z.object({
        role: z.enum(ROLES),
        level: z.enum(UNIT_KINDS),
        units: scopeList.describe('Branches (or sites) in which the role holds; `*`: the whole group.'),
        refs: scopeList.describe('Branches whose reference data is readable.'),
      }),
    ),
    units: z
      .array(z.object({ id: z.uuid(), kind: z.enum(UNIT_KINDS), code: z.string(), name: z.string() }))
      .describe('Names of the units in `grants`; the group for `*`.'),
  })
  .meta({ id: 'Me' });
export type MeDto = z.output<typeof meDto>;
