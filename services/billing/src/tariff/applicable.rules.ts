import { compareQuantity } from '@steward/kernel';
import { dayBeside, type Interval, type Tariff } from './tariff.rules.js';

/** What a published tariff holds for: a site, a use, areas from so many m² to below so many; null: any. */
export type Reach = Readonly<{
  siteId: string | null;
  use: string | null;
  areaFrom: string | null;
  areaBelow: string | null;
}>;

export type ListedTariff = Tariff & Reach;

/** A unit as prices see it. */
export type Priced = Readonly<{ siteId: string | null; use: string | null; area: string | null }>;

/**
 * BIL-02: the tariffs that are in force for a unit within an interval, each for the days on which no more specific one is:
 * of its site before of the branch, of its use before of all, of its area last. Of equal ones the later day of beginning
 * goes first, so a new price ends the one before it without an edit of what was published.
 */
export function tariffsFor(unit: Priced, interval: Interval, listed: readonly ListedTariff[]): Tariff[] {
  let free: Interval[] = [interval];
  const taken: Tariff[] = [];
  for (const tariff of listed.filter((one) => holdsFor(one, unit)).sort(byPrecedence)) {
    const rest: Interval[] = [];
    for (const stretch of free) {
      const common = intersect(stretch, { from: tariff.validFrom, to: tariff.validTo ?? '9999-12-31' });
      if (!common) {
        rest.push(stretch);
        continue;
      }
      taken.push({ ...tariff, validFrom: common.from, validTo: common.to });
      rest.push(...without(stretch, common));
    }
    free = rest;
  }
  return taken.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
}

function holdsFor({ siteId, use, areaFrom, areaBelow }: Reach, unit: Priced): boolean {
  if (siteId !== null && siteId !== unit.siteId) return false;
  if (use !== null && use !== unit.use) return false;
  if (areaFrom === null && areaBelow === null) return true;
  if (unit.area === null) return false;
  return (
    (areaFrom === null || compareQuantity(unit.area, areaFrom) >= 0) &&
    (areaBelow === null || compareQuantity(unit.area, areaBelow) < 0)
  );
}

const rank = ({ siteId, use, areaFrom, areaBelow }: Reach): number =>
  (siteId === null ? 0 : 4) + (use === null ? 0 : 2) + (areaFrom === null && areaBelow === null ? 0 : 1);

function byPrecedence(a: ListedTariff, b: ListedTariff): number {
  if (rank(a) !== rank(b)) return rank(b) - rank(a);
  if (a.validFrom !== b.validFrom) return a.validFrom > b.validFrom ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}

/** The days that both have; null when there are none. */
export function intersect(a: Interval, b: Interval): Interval | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? { from, to } : null;
}

/** What is left of a stretch of days when a part of it is cut out. */
export function without(stretch: Interval, cut: Interval): Interval[] {
  const common = intersect(stretch, cut);
  if (!common) return [stretch];
  const rest: Interval[] = [];
  if (stretch.from < common.from) rest.push({ from: stretch.from, to: dayBeside(common.from, -1) });
  if (common.to < stretch.to) rest.push({ from: dayBeside(common.to, 1), to: stretch.to });
  return rest;
}
