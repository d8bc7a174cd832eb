import { ROLES, type Role } from '@steward/kernel';

/** One resolved grant, as organisation's `GET /api/v1/me` lists it. */
export type CallerGrant = Readonly<{
  role: string;
  level: string;
  units: '*' | readonly string[];
  refs: '*' | readonly string[];
}>;

/** Whose events a stream may tell of. */
export type Audience = Readonly<{
  /** Holds a role of the staff anywhere; nobody else gets a stream. */
  staff: boolean;
  group: boolean;
  units: '*' | ReadonlySet<string>;
  refs: '*' | ReadonlySet<string>;
}>;

// Machine clients get webhooks and topics of their own; customers read their own records only.
const OUTSIDERS: ReadonlySet<string> = new Set<Role>(['partner', 'customer']);

/** The roles that give a stream. */
export const STREAM_ROLES: readonly Role[] = ROLES.filter((role) => !OUTSIDERS.has(role));

/** Data of the organisation that everybody who works with it has to know: no facts about customers or staff. */
const REFERENCE_DATA = /^(?:organisation\.(?:unit|policy|calendar)-|tickets\.category-)/;

const union = (lists: readonly ('*' | readonly string[])[]): '*' | ReadonlySet<string> =>
  lists.includes('*') ? '*' : new Set(lists.flatMap((list) => list as readonly string[]));

/** What a caller with these grants may be told (ORG-01): any role of the staff sees its branches, all contexts. */
export function audienceOf(grants: readonly CallerGrant[]): Audience {
  const staff = grants.filter((grant) => !OUTSIDERS.has(grant.role));
  return {
    staff: staff.length > 0,
    group: staff.some((grant) => grant.level === 'group'),
    units: union(staff.map((grant) => grant.units)),
    refs: union(staff.map((grant) => grant.refs)),
  };
}

const holds = (units: '*' | ReadonlySet<string>, id: string): boolean => units === '*' || units.has(id);

/**
 * Whether an event may be told. A branch's events go to those with scope over the whole branch, its reference data also
 * to those of its sites; the group's events to those with a role in the group, its reference data to all staff.
 */
export function maySee(
  audience: Audience,
  event: Readonly<{ type: string; branch: string | null }>,
): boolean {
  if (!audience.staff) return false;
  if (event.branch === null) return audience.group || REFERENCE_DATA.test(event.type);
  return (
    holds(audience.units, event.branch) ||
    (REFERENCE_DATA.test(event.type) && holds(audience.refs, event.branch))
  );
}
