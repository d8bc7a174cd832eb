import { conflict, unprocessable } from '@steward/kernel';

export const OCCUPANCY_ROLES = ['developer', 'owner', 'tenant'] as const;
export type OccupancyRole = (typeof OCCUPANCY_ROLES)[number];

/** Who owns or occupies a unit, in local days of the branch, both included; `to` null: until further notice. */
export type Occupancy = Readonly<{
  occupancyId: string;
  customerId: string;
  role: OccupancyRole;
  from: string;
  to: string | null;
}>;

const FAR = '9999-12-31';
const endOf = ({ to }: Readonly<{ to: string | null }>): string => to ?? FAR;

/**
 * A unit has one owner (the developer until it is sold) and one tenant at a time: two of the same standing must not
 * overlap. @throws DomainError `premises.occupancy-empty`, `premises.occupancy-overlap` naming the days.
 */
export function checkOccupancy(wanted: Omit<Occupancy, 'occupancyId'>, existing: readonly Occupancy[]): void {
  if (endOf(wanted) < wanted.from)
    throw unprocessable('premises.occupancy-empty', 'An occupancy ends on the day it begins, or later.');
  const other = existing.find(
    (each) =>
      standing(each.role) === standing(wanted.role) &&
      each.from <= endOf(wanted) &&
      endOf(each) >= wanted.from,
  );
  if (!other) return;
  const { from, to, role } = other;
  throw conflict(
    'premises.occupancy-overlap',
    `The unit has ${role === 'owner' ? 'an' : 'a'} ${role} from ${from} ${to ? `to ${to}` : 'on'}.`,
    { from, to, role },
  );
}

const standing = (role: OccupancyRole): 'title' | 'use' => (role === 'tenant' ? 'use' : 'title');
