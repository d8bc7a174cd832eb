import type { Role } from '@steward/kernel';

/** Who says what is charged and at which price (BIL-01). */
export const PRICING_ROLES: readonly [Role, ...Role[]] = ['accountant', 'branch-manager', 'hq-admin'];

/** Price lists are public within the branch (BIL-16). */
export const PRICE_READERS: readonly [Role, ...Role[]] = [
  'accountant',
  'cashier',
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'front-desk',
  'branch-manager',
  'hq-admin',
  'hq-auditor',
];

/**
 * How an item comes to a charge: `recurring` by the period for each unit, `metered` by readings of a meter's register,
 * `interval` by the series of an interval meter, `shared` as a share of a common cost; `single` never by a billing run.
 */
export const FEE_ITEM_KINDS = ['recurring', 'metered', 'interval', 'shared', 'single'] as const;
export type FeeItemKind = (typeof FEE_ITEM_KINDS)[number];

/** Who owes it: the owner (the developer while there is none), or the tenant before them (BIL-05). */
export const PAYERS = ['owner', 'occupant'] as const;
export type Payer = (typeof PAYERS)[number];

export const FEE_ITEM_CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Kinds that measure with a meter, and so name its medium. */
export const isMeasured = (kind: FeeItemKind): boolean => kind === 'metered' || kind === 'interval';
