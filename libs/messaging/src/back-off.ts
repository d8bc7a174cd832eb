/**
 * How long to wait before the next attempt, in milliseconds: doubling from `first` up to `most`, less up to a fifth at
 * random so that copies do not knock together. `failures` counts from 1.
 */
export function backOff(
  failures: number,
  first: number,
  most: number,
  random: () => number = Math.random,
): number {
  const full = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (1 - 0.2 * random()));
}

const MINUTE = 60_000;
const STEPS = [5_000, 15_000, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE];
const GIVE_UP_AFTER = 24 * 60 * MINUTE;

/**
 * When a parked event is tried again by itself: after 5 s at first, then ever more rarely, for a day after it was
 * parked; null when only a person can tell what to do. `attempts` counts the tries so far, from 1.
 */
export function nextRetry(attempts: number, parkedAt: Date, now: Date): Date | null {
  const at = new Date(now.getTime() + STEPS[Math.min(attempts, STEPS.length) - 1]!);
  return at.getTime() - parkedAt.getTime() > GIVE_UP_AFTER ? null : at;
}
