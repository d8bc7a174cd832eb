import type { Role } from '@steward/kernel';

/** Who reads meters, and looks at readings that do not fit. */
export const READING_ROLES: readonly [Role, ...Role[]] = [
  'engineer',
  'engineering-supervisor',
  'cashier',
  'accountant',
  'branch-manager',
  'hq-admin',
];

/** Who sees them. */
export const READING_READERS: readonly [Role, ...Role[]] = [
  ...READING_ROLES,
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'auditor',
  'hq-auditor',
];

/** Who takes whole files of them in. */
export const READING_IMPORTERS: readonly [Role, ...Role[]] = ['accountant', 'branch-manager', 'hq-admin'];
