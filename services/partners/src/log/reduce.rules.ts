import type { Role } from '@steward/kernel';

/** Kinds of people whose ids a grant can let through. */
export type PersonalField = 'customer' | 'employee';

/** What a grant lets through; `branchIds` null means every branch. */
export type GrantTerms = Readonly<{
  eventTypes: readonly string[];
  branchIds: readonly string[] | null;
  groupFacts: boolean;
  personalFields: readonly PersonalField[];
}>;

/** Where the client holds the role `partner` now: headquarters' grant never reaches further than organisation's. */
export type Reach = '*' | readonly string[];

/** What a partner may have now. */
export type Granted = Readonly<{ grants: readonly GrantTerms[]; reach: Reach }>;

/** Where an event belongs: its type and branch, null for a fact of the group. */
export type Placed = Readonly<{ type: string; branchId: string | null }>;

export const PARTNER_ROLE: Role = 'partner';

const reaches = (reach: Reach, branchId: string | null): boolean =>
  reach === '*' || (branchId !== null && reach.includes(branchId));

const covers = (grant: GrantTerms, { type, branchId }: Placed): boolean =>
  grant.eventTypes.includes(type) &&
  (branchId === null ? grant.groupFacts : grant.branchIds === null || grant.branchIds.includes(branchId));

/**
 * The kinds of personal ids that the partner may see of an event; null when the event is not granted at all (PTR-02).
 * Facts of the group need a grant that names them and reach no further than the grant; the branches of others need both
 * the grant and the role.
 */
export function permitted(granted: Granted, event: Placed): ReadonlySet<PersonalField> | null {
  if (event.branchId !== null && !reaches(granted.reach, event.branchId)) return null;
  if (granted.reach !== '*' && granted.reach.length === 0) return null;
  const covering = granted.grants.filter((grant) => covers(grant, event));
  if (covering.length === 0) return null;
  return new Set(covering.flatMap(({ personalFields }) => personalFields));
}

/** Types that any of the grants names. */
export const grantedTypes = ({ grants }: Granted): string[] => [
  ...new Set(grants.flatMap(({ eventTypes }) => eventTypes)),
];

/** The branches that a partner can have events of: its grants' within its reach. */
export function grantedBranches({ grants, reach }: Granted): Reach {
  if (grants.some(({ branchIds }) => branchIds === null)) return reach;
  const named = [...new Set(grants.flatMap(({ branchIds }) => branchIds ?? []))];
  return reach === '*' ? named : named.filter((id) => reach.includes(id));
}
