import type { Role } from '@steward/kernel';

/** Who starts and stops billing runs and enters common costs (BIL-04). */
export const RUN_ROLES: readonly [Role, ...Role[]] = ['accountant', 'branch-manager', 'hq-admin'];

/** Who sees them. */
export const RUN_READERS: readonly [Role, ...Role[]] = [
  ...RUN_ROLES,
  'cashier',
  'cs-manager',
  'auditor',
  'hq-auditor',
];
