import type { ClockProfile } from './calendar.js';
import type { WorkingClock } from './working-clock.js';
import { DAY_MS, type Zone } from './zone.js';

/** Instant by which a whole number of days has passed. */
export type DayMark = (days: number) => number;

/** Calendar days: the same clock time so many dates later. */
export function calendarDayMark(start: number, zone: Zone): DayMark {
  const local = zone.toLocal(start);
  return (days) => (days === 0 ? start : zone.toInstant(local + days * DAY_MS));
}

/**
 * Working days after the day of the start, which itself is not counted (as in the Civil Code, art. 201 and 203):
 * the same clock time of the n-th working day, or its closing. With closings, zero days end on the day of the start.
 */
export function workingDayMark(start: number, clock: WorkingClock, profile: ClockProfile): DayMark {
  const day = clock.hours.dayOf(start);
  if (!profile.keepTimeOfDay) {
    return (days) => Math.max(start, clock.closes(clock.workingDayAfter(day, days)));
  }
  const time = clock.hours.zone.toLocal(start) - day * DAY_MS;
  return (days) => (days === 0 ? start : clock.hours.at(clock.workingDayAfter(day, days), time));
}
