import { ROLES, type Role } from '@steward/kernel';
import { rolesAt, type CallContext, type Grant } from '@steward/platform';

type AtLeastOne = readonly [Role, ...Role[]];

const isOutsider = (role: Role): boolean => role === 'partner' || role === 'customer';

/** Everybody who works in the group. */
export const STAFF = ROLES.filter((role) => !isOutsider(role)) as unknown as AtLeastOne;

/** A machine client reads the structure and the parameters of the branches that its grant names, nothing of people (ORG-01). */
export const STAFF_AND_PARTNERS = [...STAFF, 'partner'] as unknown as AtLeastOne;

/** Where a role is exercised: a unit with its branch. */
export type Place = Readonly<{
  id: string;
  kind: 'group' | 'region' | 'branch' | 'site';
  branchId: string | null;
}>;

/** The roles that the caller holds over a branch, a site or the group. Regions: `rolesOverRegion`. */
export function rolesOver(ctx: CallContext, place: Place): Role[] {
  return rolesAt(ctx, { branchId: place.branchId, siteId: place.kind === 'site' ? place.id : null });
}

/** The roles that the caller holds over a whole region: bound to it, or to the group. */
export function rolesOverRegion(ctx: CallContext, branches: readonly string[]): Role[] {
  const covers = (grant: Grant): boolean =>
    grant.units === '*' ||
    (grant.level === 'region' && branches.length > 0 && branches.every((id) => grant.units.includes(id)));
  return [...new Set(ctx.grants.filter(covers).map((grant) => grant.role))];
}
