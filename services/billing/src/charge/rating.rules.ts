import {
  addRatio,
  compareRatio,
  currencyDigits,
  formatRatio,
  moneyToJson,
  multiplyRatio,
  ratio,
  roundRatio,
  subtractRatio,
  unprocessable,
  ZERO_RATIO,
  type Money,
  type MoneyJson,
  type Ratio,
} from '@steward/kernel';
import {
  forPeriods,
  periodsOf,
  segmentsOf,
  type Interval,
  type Segment,
  type Tariff,
  type Tier,
} from '../tariff/tariff.rules.js';
import { shareUsage, type SegmentUsage, type Usage } from './usage.rules.js';

/** One step of the arithmetic, as the invoice shows it: quantity × price = amount (exact, at most eight decimals). */
export type Step = Readonly<{ label: string; quantity: string; price: string; amount: string }>;

/** What one stretch under one price came to. */
export type RatedPart = Readonly<{
  from: string;
  to: string;
  days: number;
  tariffs: readonly string[];
  /** How the quantity of this stretch is known: measured, by a reading on the day of change, by days, or not needed. */
  how: SegmentUsage['how'];
  multiplier: string | null;
  steps: readonly Step[];
  amount: string;
}>;

/** BIL-07: an amount that explains itself: its parts, what minimum or cap did, and the visible rounding. */
export type Rated = Readonly<{
  amount: Money;
  exact: string;
  /** amount − exact. */
  rounding: string;
  limited: 'minimum' | 'cap' | null;
  limit: MoneyJson | null;
  parts: readonly RatedPart[];
}>;

/** What is priced: nothing but time, an area in m², or a measured usage. */
export type Basis = Readonly<{ area?: string | null; usage?: Usage }>;

const SHOWN_DIGITS = 8;
const shown = (value: Ratio): string => formatRatio(value, SHOWN_DIGITS);

type Sum = Readonly<{ steps: Step[]; amount: Ratio }>;
type Computed = Readonly<{ part: RatedPart; amount: Ratio; floor: Ratio; ceiling: Ratio }>;

/**
 * BIL-02: the amount of a fee item for an interval. A change of price inside it splits by a reading on that day where
 * one exists, else by days. Everything is exact until one rounding, half-up to the minor unit, of the whole line.
 * @throws DomainError `billing.tariff-missing`, `billing.area-missing`, `billing.usage-missing`, `billing.band-unpriced`.
 */
export function rate(interval: Interval, tariffs: readonly Tariff[], basis: Basis): Rated {
  const segments = segmentsOf(interval, tariffs);
  const usages = basis.usage ? shareUsage(segments, basis.usage) : segments.map(() => undefined);
  const computed = segments.map((segment, index) => compute(interval, segment, basis, usages[index]));
  const sum = (pick: (one: Computed) => Ratio): Ratio => computed.map(pick).reduce(addRatio, ZERO_RATIO);
  const plain = sum(({ amount }) => amount);
  const [floor, ceiling] = [sum((one) => one.floor), sum((one) => one.ceiling)];
  const limited =
    compareRatio(plain, floor) < 0 ? 'minimum' : compareRatio(plain, ceiling) > 0 ? 'cap' : null;
  const exact = limited === 'minimum' ? floor : limited === 'cap' ? ceiling : plain;
  const currency = segments[0]!.terms.currency;
  const amount = inMinor(exact, currency);
  const decimal = ratio(moneyToJson(amount).amount);
  return {
    amount,
    exact: shown(exact),
    rounding: shown(subtractRatio(decimal, exact)),
    limited,
    limit: limited ? moneyToJson(inMinor(exact, currency)) : null,
    parts: computed.map(({ part }) => part),
  };
}

const inMinor = (value: Ratio, currency: string): Money => ({
  minor: roundRatio(value, currencyDigits(currency)),
  currency,
});

function compute(whole: Interval, segment: Segment, basis: Basis, usage: SegmentUsage | undefined): Computed {
  const { terms } = segment;
  const periods = periodsOf(segment, terms.per);
  const { steps, amount } = stepsOf(whole, segment, basis, usage);
  const factor = ratio(terms.multiplier ?? '1');
  const total = multiplyRatio(amount, factor);
  const limit = (perPeriod: string | undefined): Ratio =>
    perPeriod === undefined ? total : multiplyRatio(forPeriods(perPeriod, periods), factor);
  const part: RatedPart = {
    from: segment.from,
    to: segment.to,
    days: segment.days,
    tariffs: segment.tariffs,
    how: usage?.how ?? 'time',
    multiplier: terms.multiplier ?? null,
    steps,
    amount: shown(total),
  };
  return { part, amount: total, floor: limit(terms.minimum), ceiling: limit(terms.cap) };
}

function stepsOf(whole: Interval, segment: Segment, basis: Basis, usage: SegmentUsage | undefined): Sum {
  const { terms } = segment;
  const periods = periodsOf(segment, terms.per);
  switch (terms.method) {
    case 'fixed':
      return sumOf([step(terms.per, periods, terms.price)]);
    case 'per-area': {
      if (!basis.area)
        throw unprocessable('billing.area-missing', 'The price is per m², and the unit has no area.');
      return sumOf([step(`m² × ${terms.per}`, multiplyRatio(ratio(basis.area), periods), terms.price)]);
    }
    case 'per-meter-unit':
      return sumOf([step('used', measured(usage).quantity, terms.price)]);
    case 'tiered':
      return sumOf(tierSteps(terms.tiers, measured(usage).quantity, allowance(whole, segment)));
    case 'time-of-use':
      return sumOf(
        [...measured(usage).bands].map(([band, quantity]) => {
          const price = terms.bands.find((one) => one.band === band)?.price;
          if (price === undefined)
            throw unprocessable('billing.band-unpriced', `The tariff has no price for the band ${band}.`);
          return step(band, quantity, price);
        }),
      );
  }
}

function measured(usage: SegmentUsage | undefined): SegmentUsage {
  if (!usage)
    throw unprocessable('billing.usage-missing', 'The price is per measured unit, and there is no usage.');
  return usage;
}

/** Periods whose tiers a segment may fill: the interval's, by days, so that a cut changes nothing in sum. */
const allowance = (whole: Interval, segment: Segment): Ratio =>
  multiplyRatio(periodsOf(whole, segment.terms.per), ratio(segment.days, wholeDays(whole)));

const wholeDays = (whole: Interval): string => formatRatio(periodsOf(whole, 'day'), 0);

type StepOf = Readonly<{ shown: Step; amount: Ratio }>;

function tierSteps(tiers: readonly Tier[], quantity: Ratio, periods: Ratio): StepOf[] {
  const steps: StepOf[] = [];
  let from = ZERO_RATIO;
  for (const [index, { upTo, price }] of tiers.entries()) {
    const end = upTo === null ? quantity : forPeriods(upTo, periods);
    const reached = compareRatio(quantity, end) < 0 ? quantity : end;
    const within = subtractRatio(reached, from);
    if (compareRatio(within, ZERO_RATIO) > 0) steps.push(step(`tier ${index + 1}`, within, price));
    from = end;
  }
  return steps;
}

function step(label: string, quantity: Ratio, price: string): StepOf {
  const amount = multiplyRatio(quantity, ratio(price));
  return { shown: { label, quantity: shown(quantity), price, amount: shown(amount) }, amount };
}

const sumOf = (steps: readonly StepOf[]): Sum => ({
  steps: steps.map((one) => one.shown),
  amount: steps.map(({ amount }) => amount).reduce(addRatio, ZERO_RATIO),
});
