import { ROLES } from '@steward/kernel';
import { flag, instant, listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { stateOf } from './grant.rules.js';
import type { RoleGrant } from './role-grant.entity.js';

export const grantRoleBody = z
  .strictObject({
    role: z.enum(ROLES),
    unitId: z.uuid(),
    validFrom: instant().optional().describe('From now on when left out.'),
    validTo: instant().nullish().describe('Until revoked when left out.'),
    reason: z.string().trim().min(1).max(1000).optional(),
  })
  .meta({
    id: 'GrantRole',
    examples: [{ role: 'cs-agent', unitId: '0197a2c4-5d00-7000-8000-000000000002' }],
  });
export type GrantRoleBody = z.output<typeof grantRoleBody>;

export const grantDto = z
  .object({
    id: z.uuid(),
    employeeId: z.uuid(),
    subject: z.string(),
    role: z.enum(ROLES),
    unitId: z.uuid(),
    branchId: z.uuid().nullable(),
    state: z.enum(['planned', 'active', 'ended', 'revoked']),
    validFrom: instant(),
    validTo: instant().nullable(),
    grantedBy: z.string(),
    grantedAt: instant(),
    revokedAt: instant().nullable(),
    revokedBy: z.string().nullable(),
    revocationReason: z.string().nullable(),
  })
  .meta({ id: 'Grant' });
export type GrantDto = z.output<typeof grantDto>;

export const grantsQuery = listQuery({
  filters: {
    employeeId: z.uuid().optional(),
    subject: z.string().max(200).optional(),
    unitId: z.uuid().optional(),
    branchId: z.uuid().optional(),
    role: z.enum(ROLES).optional(),
    revoked: flag().optional(),
  },
  sorts: ['grantedAt'],
  defaultSort: 'grantedAt',
});
export type GrantsQuery = z.output<typeof grantsQuery>;
export const grantPage = pageSchema(grantDto).meta({ id: 'GrantPage' });

/** A grant with what it is worth now. */
export function toGrantDto(grant: RoleGrant, now: Date): GrantDto {
  return {
    id: grant.id,
    employeeId: grant.employeeId,
    subject: grant.subject,
    role: grant.role,
    unitId: grant.unitId,
    branchId: grant.branchId,
    state: stateOf(grant, now),
    validFrom: grant.validFrom.toISOString(),
    validTo: grant.validTo?.toISOString() ?? null,
    grantedBy: grant.grantedBy,
    grantedAt: grant.grantedAt.toISOString(),
    revokedAt: grant.revokedAt?.toISOString() ?? null,
    revokedBy: grant.revokedBy,
    revocationReason: grant.revocationReason,
  };
}
