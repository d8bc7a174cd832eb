import type { Payer } from '../fee-item/fee-item.rules.js';
import { intersect, without } from '../tariff/applicable.rules.js';
import type { Interval } from '../tariff/tariff.rules.js';

/** Who had a unit from a day to a day (both included; null: open). */
export type Occupancy = Readonly<{
  customerId: string;
  role: 'developer' | 'owner' | 'tenant';
  from: string;
  to: string | null;
}>;

/** Days for which one customer pays; nobody: an exception of the run. */
export type Paid = Interval & Readonly<{ customerId: string | null }>;

const ORDER: Readonly<Record<Payer, readonly Occupancy['role'][]>> = {
  owner: ['owner', 'developer'],
  occupant: ['tenant', 'owner', 'developer'],
};

/**
 * BIL-05: who pays for which days. Each day goes to the first role of the item's order that anybody has on it: the
 * developer pays while a unit is unsold or vacant, and a change of owner splits by day. Neighbouring days of one payer
 * are one stretch.
 */
export function payersOf(interval: Interval, occupancies: readonly Occupancy[], payer: Payer): Paid[] {
  let free: Interval[] = [interval];
  const taken: Paid[] = [];
  for (const { customerId, ...occupancy } of inOrder(occupancies, ORDER[payer])) {
    const days = { from: occupancy.from, to: occupancy.to ?? '9999-12-31' };
    const common = free.flatMap((stretch) => intersect(stretch, days) ?? []);
    taken.push(...common.map((stretch) => ({ ...stretch, customerId })));
    free = free.flatMap((stretch) => without(stretch, days));
  }
  const all = [...taken, ...free.map((stretch) => ({ ...stretch, customerId: null }))];
  return joined(all.sort(byFirstDay));
}

const inOrder = (occupancies: readonly Occupancy[], roles: readonly Occupancy['role'][]): Occupancy[] =>
  roles.flatMap((role) => occupancies.filter((one) => one.role === role).sort(byFirstDay));

const byFirstDay = (a: { from: string }, b: { from: string }): number => (a.from < b.from ? -1 : 1);

function joined(stretches: readonly Paid[]): Paid[] {
  const result: Paid[] = [];
  for (const next of stretches) {
    const last = result.at(-1);
    if (last?.customerId === next.customerId) result[result.length - 1] = { ...last, to: next.to };
    else result.push(next);
  }
  return result;
}
