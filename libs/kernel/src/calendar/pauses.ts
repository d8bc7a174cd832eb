import { invalid } from '../domain-error.js';
import type { Interval } from './calendar.js';
import { instantOf } from './zone.js';

/** A stretch in milliseconds, from inclusive, to exclusive. */
export type Stretch = Readonly<{ from: number; to: number }>;

/** No pauses. */
export const NO_PAUSES: readonly Stretch[] = [];

/**
 * Pauses in order, overlapping or touching ones put together so that they count once; empty ones dropped.
 * @throws DomainError `calendar.reversed-interval` when one ends before it starts.
 */
export function mergePauses(pauses: readonly Interval[]): readonly Stretch[] {
  if (pauses.length === 0) return NO_PAUSES;
  const merged: { from: number; to: number }[] = [];
  for (const pause of pauses.map(toStretch).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && pause.from <= last.to) last.to = Math.max(last.to, pause.to);
    else if (pause.from < pause.to) merged.push({ ...pause });
  }
  return merged;
}

/** Milliseconds of a stretch that lie in pauses (merged ones). */
export function pausedWithin(from: number, to: number, pauses: readonly Stretch[]): number {
  let sum = 0;
  for (const pause of pauses) sum += Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
  return sum;
}

/**
 * The instant inside a stretch at which so many milliseconds outside the pauses have passed, the earliest one.
 * The stretch must hold that many.
 */
export function passUnpaused(from: number, amount: number, pauses: readonly Stretch[]): number {
  let at = from;
  let left = amount;
  for (const pause of pauses) {
    if (pause.to <= at) continue;
    if (pause.from - at >= left) break;
    left -= Math.max(0, pause.from - at);
    at = pause.to;
  }
  return at + left;
}

function toStretch(interval: Interval): Stretch {
  const stretch = { from: instantOf(interval.from), to: instantOf(interval.to) };
  if (stretch.from <= stretch.to) return stretch;
  throw invalid('calendar.reversed-interval', 'An interval ends before it starts.');
}
