import type { Occupancy } from '../src/occupancy/payer.rules.js';
import type { ListedTariff } from '../src/tariff/applicable.rules.js';
import type { Terms } from '../src/tariff/tariff.rules.js';

/** A tariff for all units of a branch, from a day on. */
export const listed = (validFrom: string, terms: object): ListedTariff => ({
  id: `from ${validFrom}`,
  validFrom,
  validTo: null,
  document: 'list',
  terms: { currency: 'CNY', per: 'month', ...terms } as Terms,
  siteId: null,
  use: null,
  areaFrom: null,
  areaBelow: null,
});

/** Who owns a unit from a day to a day. */
export const owner = (customerId: string, from: string, to: string | null = null): Occupancy => ({
  customerId,
  role: 'owner',
  from,
  to,
});
