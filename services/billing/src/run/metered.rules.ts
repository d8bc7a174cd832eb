import {
  addQuantity,
  addRatio,
  compareQuantity,
  formatRatio,
  multiplyQuantity,
  subtractQuantity,
  unprocessable,
  ZERO_RATIO,
  type Quantity,
} from '@steward/kernel';
import { shareUsage, type MeteredUsage } from '../charge/usage.rules.js';
import type { ReadingKind } from '../reading/reading.rules.js';
import { intersect, tariffsFor } from '../tariff/applicable.rules.js';
import { dayBeside, daysOf, type Interval } from '../tariff/tariff.rules.js';
import { Assessment, type Assessed, type Known, type Subject } from './assessment.js';
import { paidPieces, rated, type Payable } from './recurring.rules.js';

/** A reading as a run sees it; the day begins with it. */
export type Register = Readonly<{
  day: string;
  value: string;
  kind: ReadingKind;
  estimated: boolean;
  state: 'accepted' | 'held' | 'voided';
}>;

export type MeterOf = Readonly<{
  digits: number | null;
  multiplier: string;
  installedOn: string;
  removedOn: string | null;
}>;

/** Use between two readings that bill; `marks` are readings on days within, such as that of a change of price. */
export type Span = Readonly<{ from: Register; to: Register; marks: readonly Register[] }>;

const QUANTITY_DIGITS = 9;

/**
 * BIL-04, BIL-06: what a meter's readings of a period come to. The period only selects: it takes what a reading of its days
 * ends, and a span that was charged, in whole or in part, is not charged again.
 */
export function assessMetered(
  subject: Subject,
  meter: MeterOf,
  period: Interval,
  readings: readonly Register[],
  known: Known,
): Assessed {
  const found = new Assessment(subject);
  const spans = spansOf(readings).filter(({ to }) => endsIn(period, to.day));
  reportMissing(found, meter, period, readings, spans);
  for (const span of spans) {
    const interval = { from: span.from.day, to: dayBeside(span.to.day, -1) };
    if (known.charged.some((days) => intersect(days, interval))) continue;
    const pieces = paidPieces(found, interval, known);
    // a span is charged as a whole or not at all, so that no use is left behind
    if (pieces.reduce((days, piece) => days + daysOf(piece), 0) < daysOf(interval)) continue;
    found.attempt(interval, () => {
      const usage = usageOf(span, meter);
      const usages = pieces.length === 1 ? [usage] : pieceUsages(interval, pieces, usage);
      return pieces.map((piece, index) =>
        rated(
          subject,
          piece,
          tariffsFor(subject, piece, known.tariffs),
          { usage: usages[index]!, area: subject.area },
          { readings: shown(span, meter, usage) },
        ),
      );
    });
  }
  return found;
}

/** A reading of a day ends use up to the day before. */
const endsIn = ({ from, to }: Interval, day: string): boolean => day > from && day <= dayBeside(to, 1);

/** The spans between readings that bill; an opening reading begins anew, what lies before it is not used. */
export function spansOf(readings: readonly Register[]): Span[] {
  const spans: Span[] = [];
  let from: Register | undefined;
  let marks: Register[] = [];
  for (const reading of readings.filter(({ state }) => state === 'accepted')) {
    if (reading.kind === 'tariff-change') {
      marks.push(reading);
      continue;
    }
    if (reading.kind !== 'opening' && from) spans.push({ from, to: reading, marks });
    from = reading;
    marks = [];
  }
  return spans;
}

function reportMissing(
  found: Assessment,
  meter: MeterOf,
  period: Interval,
  readings: readonly Register[],
  spans: readonly Span[],
): void {
  if (readings.some(({ state, day }) => state === 'held' && endsIn(period, day)))
    found.problem(
      period,
      'billing.reading-held',
      'A reading does not fit those before and waits for a look.',
    );
  else if (spans.length === 0 && meter.installedOn < period.from && (meter.removedOn ?? '9999') > period.to)
    found.problem(period, 'billing.reading-missing', 'The meter has no reading for these days.');
}

/** @throws DomainError `billing.usage-negative` where an estimate was above what was read after it. */
export function usageOf({ from, to, marks }: Span, meter: MeterOf): MeteredUsage {
  let last = from;
  let used: Quantity | string = '0';
  const known: { day: string; before: string }[] = [];
  for (const next of [...marks, to]) {
    used = addQuantity(used, between(last, next, meter));
    if (next !== to) known.push({ day: next.day, before: String(used) });
    last = next;
  }
  if (compareQuantity(used, 0) < 0)
    throw unprocessable(
      'billing.usage-negative',
      'The reading is below the one before; what was charged too much is for a credit note.',
    );
  return { total: String(used), marks: known };
}

function between(a: Register, b: Register, { digits, multiplier }: MeterOf): Quantity {
  const plain = subtractQuantity(b.value, a.value);
  const rolls = compareQuantity(plain, 0) < 0 && digits !== null && !a.estimated;
  return multiplyQuantity(rolls ? addQuantity(plain, `1${'0'.repeat(digits)}`) : plain, multiplier);
}

/** The usage of each payer: by a reading on the day of change where there is one, else by days; marks stay marks. */
function pieceUsages(interval: Interval, pieces: readonly Payable[], usage: MeteredUsage): MeteredUsage[] {
  const marks = new Map((usage.marks ?? []).map(({ day, before }) => [day, before]));
  const starts = [...new Set([interval.from, ...pieces.flatMap(edges), ...marks.keys()])]
    .filter((day) => day <= interval.to)
    .sort();
  const stretches = starts.map((from, index) => {
    const to = starts[index + 1] === undefined ? interval.to : dayBeside(starts[index + 1]!, -1);
    return { from, to, days: daysOf({ from, to }) };
  });
  const shares = shareUsage(stretches, usage);
  return pieces.map((piece) => {
    let sum = ZERO_RATIO;
    const within: { day: string; before: string }[] = [];
    for (const [index, stretch] of stretches.entries()) {
      if (!intersect(stretch, piece)) continue;
      if (marks.has(stretch.from))
        within.push({ day: stretch.from, before: formatRatio(sum, QUANTITY_DIGITS) });
      sum = addRatio(sum, shares[index]!.quantity);
    }
    return { total: formatRatio(sum, QUANTITY_DIGITS), marks: within };
  });
}

const edges = ({ from, to }: Interval): string[] => [from, dayBeside(to, 1)];

const shown = ({ from, to, marks }: Span, { multiplier }: MeterOf, { total }: MeteredUsage) => {
  const plain = ({ day, value, estimated }: Register) => ({ day, value, estimated });
  return { from: plain(from), to: plain(to), marks: marks.map(plain), multiplier, used: total };
};
