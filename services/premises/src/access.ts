import { ROLES, type Role } from '@steward/kernel';

type AtLeastOne = readonly [Role, ...Role[]];

/** Who keeps the register (PRM-01). */
export const KEEPERS: AtLeastOne = [
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'branch-manager',
  'engineering-supervisor',
  'hq-admin',
];

/** Everybody who works in the branch finds a unit. */
export const READERS = ROLES.filter(
  (role) => role !== 'customer' && role !== 'partner',
) as unknown as AtLeastOne;

/** Who imports whole registers. */
export const IMPORTERS: AtLeastOne = ['cs-manager', 'branch-manager', 'hq-admin'];
