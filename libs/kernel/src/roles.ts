/** Every role that a person or client can hold; each holding is bound to a unit (its scope). */
export const ROLES = [
  'front-desk',
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'engineer',
  'engineering-supervisor',
  'security',
  'cashier',
  'accountant',
  'account-manager',
  'safety-inspector',
  'auditor',
  'driver',
  'fleet-lead',
  'team-lead',
  'branch-manager',
  'general-manager',
  'hr',
  'hq-auditor',
  'hq-admin',
  'partner',
  'customer',
] as const;

/** A role of the trade; what it allows is decided by each route. */
export type Role = (typeof ROLES)[number];

/** Levels of the organisation, from the widest to the narrowest. */
export const UNIT_KINDS = ['group', 'region', 'branch', 'site'] as const;

/** Level of a unit: group 集团 → region 大区 → branch 分公司 → site 项目. */
export type UnitKind = (typeof UNIT_KINDS)[number];
