import { addQuantity, parseQuantity, toLocalTime, type Quantity } from '@steward/kernel';

/** Energy or volume of one interval of an interval meter; `start` is an instant. */
export type IntervalReading = Readonly<{ start: Date; quantity: string }>;

/** A band of the day: local times from–to (`24:00` ends the day) on weekdays (1 = Monday; all when left out). */
export type BandSpan = Readonly<{ band: string; from: string; to: string; weekdays?: readonly number[] }>;

/** What a series holds: use by local day and band, and what is wrong with it. */
export type Series = Readonly<{
  bands: readonly Readonly<{ day: string; band: string; quantity: string }>[];
  total: string;
  /** Stretches without a reading, ends excluded. */
  missing: readonly Readonly<{ from: Date; to: Date; intervals: number }>[];
  /** Starts that came more than once with the same quantity (counted once), and with different ones (the first counts). */
  repeated: readonly Date[];
  contradicting: readonly Date[];
}>;

export type SeriesPlace = Readonly<{
  from: Date;
  to: Date;
  minutes: number;
  timeZone: string;
  spans: readonly BandSpan[];
}>;

/** The band of a time that no span covers. */
export const OTHER_BAND = 'other';

/**
 * BIL-02, BIL-06: sorts the readings of an interval meter into bands of the branch's local day. Because intervals are instants,
 * the day on which clocks go forward has fewer of them and the day on which they go back has more, and neither shows as
 * missing or repeated.
 */
export function readSeries(readings: readonly IntervalReading[], place: SeriesPlace): Series {
  const within = readings.filter(({ start }) => start >= place.from && start < place.to);
  const { kept, repeated, contradicting } = once(within);
  const sums = new Map<string, Quantity>();
  let total = parseQuantity(0);
  for (const { start, quantity } of kept) {
    const local = toLocalTime(start, place.timeZone);
    const key = `${local.slice(0, 10)} ${bandAt(local, place.spans)}`;
    sums.set(key, addQuantity(sums.get(key) ?? 0, quantity));
    total = addQuantity(total, quantity);
  }
  return {
    bands: [...sums].map(([key, quantity]) => ({
      day: key.slice(0, 10),
      band: key.slice(11),
      quantity: String(quantity),
    })),
    total: String(total),
    missing: gaps(kept, place),
    repeated,
    contradicting,
  };
}

function once(readings: readonly IntervalReading[]) {
  const kept = new Map<number, IntervalReading>();
  const repeated: Date[] = [];
  const contradicting: Date[] = [];
  for (const reading of readings) {
    const known = kept.get(reading.start.getTime());
    if (!known) kept.set(reading.start.getTime(), reading);
    else if (same(known.quantity, reading.quantity)) repeated.push(reading.start);
    else contradicting.push(reading.start);
  }
  const sorted = [...kept.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
  return { kept: sorted, repeated, contradicting };
}

const same = (a: string, b: string): boolean => String(parseQuantity(a)) === String(parseQuantity(b));

function gaps(kept: readonly IntervalReading[], { from, to, minutes }: SeriesPlace): Series['missing'] {
  const step = minutes * 60_000;
  const starts = [...kept.map(({ start }) => start.getTime()), to.getTime()];
  const found: { from: Date; to: Date; intervals: number }[] = [];
  let next = from.getTime();
  for (const start of starts) {
    if (start > next)
      found.push({ from: new Date(next), to: new Date(start), intervals: Math.ceil((start - next) / step) });
    next = Math.max(next, start + step);
  }
  return found;
}

function bandAt(local: string, spans: readonly BandSpan[]): string {
  const time = local.slice(11, 16);
  const weekday = new Date(`${local.slice(0, 10)}T00:00:00Z`).getUTCDay() || 7;
  const span = spans.find(
    ({ from, to, weekdays }) =>
      time >= from && time < to && (weekdays === undefined || weekdays.includes(weekday)),
  );
  return span?.band ?? OTHER_BAND;
}
