import type { Role } from '@steward/kernel';

/** Who keeps the branch's price list (TKT-43). */
export const PRICE_ROLES: readonly [Role, ...Role[]] = [
  'engineering-supervisor',
  'cs-manager',
  'branch-manager',
  'hq-admin',
];

/** What a code of the price list may look like. */
export const PRICE_CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What the price is for: a piece, an hour, a metre … */
export const MEASURE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The day before a day `YYYY-MM-DD`. */
export function dayBefore(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - 1);
  return at.toISOString().slice(0, 10);
}
