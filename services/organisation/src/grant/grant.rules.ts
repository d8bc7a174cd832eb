import { ROLES, type Role, type UnitKind } from '@steward/kernel';

export const GRANTERS: readonly [Role, ...Role[]] = ['hq-admin', 'general-manager', 'branch-manager'];

const EVERYWHERE: readonly UnitKind[] = ['group', 'region', 'branch', 'site'];

/** Where each role can be bound; a role that is missing here fits everywhere. */
const LEVELS: Readonly<Partial<Record<Role, readonly UnitKind[]>>> = {
  'hq-admin': ['group'],
  'hq-auditor': ['group'],
  'general-manager': ['group', 'region'],
  'branch-manager': ['branch'],
  // A customer's own records are his by the customer archive, not by a grant.
  customer: [],
};

/** The levels on which a role can be granted. */
export const levelsOf = (role: Role): readonly UnitKind[] => LEVELS[role] ?? EVERYWHERE;

/** The roles of the work in a branch: those below its manager. */
const BELOW_MANAGER: readonly Role[] = ROLES.slice(0, ROLES.indexOf('branch-manager'));

/** Whether someone with these roles over the unit may give this role there, and take it away again. */
export function mayGrant(role: Role, roles: readonly Role[]): boolean {
  if (roles.includes('hq-admin')) return true;
  const manages = roles.includes('branch-manager') || roles.includes('general-manager');
  return manages && BELOW_MANAGER.includes(role);
}

/** Nobody but headquarters' administrators decides about himself. */
export function isOwn(grantee: string, actor: string, roles: readonly Role[]): boolean {
  return grantee === actor && !roles.includes('hq-admin');
}

export type Period = Readonly<{ validFrom: Date; validTo: Date | null }>;

/** Whether two periods share time; the end does not belong to them. */
export function overlaps(one: Period, other: Period): boolean {
  const begins = (a: Period, b: Period): boolean => b.validTo === null || a.validFrom < b.validTo;
  return begins(one, other) && begins(other, one);
}

/** Whether a period can be granted now: it ends after it begins, and has not ended. */
export function isGrantable({ validFrom, validTo }: Period, now: Date): boolean {
  return validTo === null || (validTo > validFrom && validTo > now);
}

export type GrantState = 'planned' | 'active' | 'ended' | 'revoked';

/** What a grant is worth at an instant. */
export function stateOf(grant: Period & Readonly<{ revokedAt: Date | null }>, at: Date): GrantState {
  if (grant.revokedAt && grant.revokedAt <= at) return 'revoked';
  if (at < grant.validFrom) return 'planned';
  return grant.validTo && grant.validTo <= at ? 'ended' : 'active';
}
