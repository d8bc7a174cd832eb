import { addRatio, multiplyRatio, ratio, subtractRatio, ZERO_RATIO, type Ratio } from '@steward/kernel';
import type { Interval } from '../tariff/tariff.rules.js';

/** A part of an interval that gets its share of the usage. */
export type Stretch = Interval & Readonly<{ days: number }>;

/** Usage of an interval: its total, and what was used before the start of a day, where a reading of that day tells. */
export type MeteredUsage = Readonly<{
  total: string;
  marks?: readonly Readonly<{ day: string; before: string }>[];
}>;

/** Usage by local day and band of the day, as interval meters give it. */
export type BandedUsage = Readonly<{
  bands: readonly Readonly<{ day: string; band: string; quantity: string }>[];
}>;

export type Usage = MeteredUsage | BandedUsage;

/** A segment's share of the usage and how it is known. */
export type SegmentUsage = Readonly<{
  how: 'time' | 'measured' | 'reading' | 'days';
  quantity: Ratio;
  bands: ReadonlyMap<string, Ratio>;
}>;

const NO_BANDS: ReadonlyMap<string, Ratio> = new Map();

/**
 * BIL-02: shares a usage among the segments of its interval. Where a price changes on a day with a reading, what was
 * used before and after is known; between such days the usage counts as even, day by day. The shares add up exactly.
 */
export function shareUsage(segments: readonly Stretch[], usage: Usage): SegmentUsage[] {
  if ('bands' in usage) return segments.map((segment) => bandedShare(segment, usage));
  if (segments.length === 1) return [{ how: 'measured', quantity: ratio(usage.total), bands: NO_BANDS }];
  const marks = new Map((usage.marks ?? []).map(({ day, before }) => [day, ratio(before)]));
  const shares: SegmentUsage[] = [];
  let known = ZERO_RATIO;
  let stretch: Stretch[] = [];
  for (const [index, segment] of segments.entries()) {
    stretch.push(segment);
    const next = segments[index + 1];
    const end = next ? marks.get(next.from) : ratio(usage.total);
    if (end === undefined) continue;
    shares.push(...byDays(stretch, subtractRatio(end, known)));
    known = end;
    stretch = [];
  }
  return shares;
}

function byDays(stretch: readonly Stretch[], quantity: Ratio): SegmentUsage[] {
  if (stretch.length === 1) return [{ how: 'reading', quantity, bands: NO_BANDS }];
  const days = stretch.reduce((sum, segment) => sum + segment.days, 0);
  return stretch.map((segment) => ({
    how: 'days',
    quantity: multiplyRatio(quantity, ratio(segment.days, days)),
    bands: NO_BANDS,
  }));
}

function bandedShare(segment: Stretch, { bands }: BandedUsage): SegmentUsage {
  const sums = new Map<string, Ratio>();
  for (const { day, band, quantity } of bands)
    if (day >= segment.from && day <= segment.to)
      sums.set(band, addRatio(sums.get(band) ?? ZERO_RATIO, ratio(quantity)));
  const quantity = [...sums.values()].reduce(addRatio, ZERO_RATIO);
  return { how: 'measured', quantity, bands: sums };
}
