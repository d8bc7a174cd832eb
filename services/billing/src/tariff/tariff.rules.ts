import {
  addRatio,
  formatLocalDate,
  multiplyRatio,
  parseLocalDate,
  ratio,
  unprocessable,
  ZERO_RATIO,
  type Ratio,
} from '@steward/kernel';

/** What prices, allowances, minimum and cap are counted by. */
export const TARIFF_PERIODS = ['day', 'month'] as const;
export type TariffPeriod = (typeof TARIFF_PERIODS)[number];

/** A step of a tiered price: up to so much per period, the last one without end. */
export type Tier = Readonly<{ upTo: string | null; price: string }>;

/** Price of a band of the day (peak, valley …) of a time-of-use tariff. */
export type Band = Readonly<{ band: string; price: string }>;

type Limits = Readonly<{
  /** ISO 4217; prices are decimals of its main unit and may be finer than its minor unit. */
  currency: string;
  per: TariffPeriod;
  /** At least, and at most, so much per period. */
  minimum?: string | undefined;
  cap?: string | undefined;
  /** Multiplies everything, minimum and cap included (sewerage as a share of water, a surcharge). */
  multiplier?: string | undefined;
}>;

/** BIL-02: how a fee item is priced. */
export type Terms = Limits &
  (
    | Readonly<{ method: 'fixed' | 'per-area' | 'per-meter-unit'; price: string }>
    | Readonly<{ method: 'tiered'; tiers: readonly Tier[] }>
    | Readonly<{ method: 'time-of-use'; bands: readonly Band[] }>
  );

/** A published tariff: its terms from a day until another (both included; null: open), by a document (BIL-01). */
export type Tariff = Readonly<{
  id: string;
  validFrom: string;
  validTo: string | null;
  document: string;
  terms: Terms;
}>;

/** Local days, both included. */
export type Interval = Readonly<{ from: string; to: string }>;

/** A stretch of an interval under the same terms. */
export type Segment = Interval & Readonly<{ days: number; tariffs: readonly string[]; terms: Terms }>;

/** Days of an interval, both ends included. @throws DomainError `billing.interval-empty`. */
export function daysOf({ from, to }: Interval): number {
  const days = parseLocalDate(to) - parseLocalDate(from) + 1;
  if (days < 1)
    throw unprocessable('billing.interval-empty', `An interval from ${from} to ${to} has no day.`);
  return days;
}

/** The day before, or after, a day. */
export const dayBeside = (day: string, step: 1 | -1): string => formatLocalDate(parseLocalDate(day) + step);

/** How many periods an interval is: days, or months with each day as its share of its own month. */
export function periodsOf(interval: Interval, per: TariffPeriod): Ratio {
  if (per === 'day') return ratio(daysOf(interval));
  let sum = ZERO_RATIO;
  let at = interval.from;
  while (at <= interval.to) {
    const monthEnd = lastOfMonth(at);
    const end = monthEnd < interval.to ? monthEnd : interval.to;
    sum = addRatio(sum, ratio(daysOf({ from: at, to: end }), Number(monthEnd.slice(8))));
    at = dayBeside(end, 1);
  }
  return sum;
}

function lastOfMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return `${day.slice(0, 8)}${new Date(Date.UTC(year, month, 0)).getUTCDate()}`;
}

/**
 * BIL-01, BIL-02: cuts an interval at the days on which the price changes. Neighbours under equal terms are one segment, so that
 * publishing the same price again changes nothing. @throws DomainError `billing.tariff-missing` naming the first day
 * without a tariff, `billing.tariff-overlap`, `billing.tariff-mixed` (currency or method changes inside).
 */
export function segmentsOf(interval: Interval, tariffs: readonly Tariff[]): Segment[] {
  const relevant = tariffs
    .filter((tariff) => tariff.validFrom <= interval.to && (tariff.validTo ?? '9999-12-31') >= interval.from)
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const segments: Segment[] = [];
  let next = interval.from;
  for (const tariff of relevant) {
    const from = tariff.validFrom > interval.from ? tariff.validFrom : interval.from;
    if (from > next) throw missing(next);
    if (from < next) throw overlap(from);
    const to = tariff.validTo !== null && tariff.validTo < interval.to ? tariff.validTo : interval.to;
    join(segments, { from, to, days: daysOf({ from, to }), tariffs: [tariff.id], terms: tariff.terms });
    next = dayBeside(to, 1);
  }
  if (next <= interval.to) throw missing(next);
  return segments;
}

function join(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  if (last && JSON.stringify(sorted(last.terms)) === JSON.stringify(sorted(next.terms))) {
    segments[segments.length - 1] = {
      ...last,
      to: next.to,
      days: last.days + next.days,
      tariffs: [...last.tariffs, ...next.tariffs],
    };
    return;
  }
  if (last && (last.terms.currency !== next.terms.currency || last.terms.method !== next.terms.method))
    throw unprocessable('billing.tariff-mixed', `Currency or method of the price changes on ${next.from}.`);
  segments.push(next);
}

const sorted = (terms: Terms): unknown =>
  Object.entries(terms)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

const missing = (day: string) =>
  unprocessable('billing.tariff-missing', `No published tariff is in force on ${day}.`, undefined, { day });

const overlap = (day: string) =>
  unprocessable('billing.tariff-overlap', `Two tariffs are in force on ${day}.`, undefined, { day });

/** A price, allowance or limit for so many periods. */
export const forPeriods = (perPeriod: string, periods: Ratio): Ratio =>
  multiplyRatio(ratio(perPeriod), periods);
