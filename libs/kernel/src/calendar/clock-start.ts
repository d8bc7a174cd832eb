import type { ClockProfile } from './calendar.js';
import type { WorkingClock } from './working-clock.js';
import { DAY_MS } from './zone.js';

/**
 * When a working-time clock that was set off at an instant really starts, by the profile: first a day that is not
 * worked is left, then the time of day is looked at. A start in a gap between openings (lunch) stays.
 * @throws DomainError `calendar.out-of-reach` when no working day follows.
 */
export function startOfClock(start: number, clock: WorkingClock, profile: ClockProfile): number {
  const { zone } = clock.hours;
  let at = start;
  let day = clock.hours.dayOf(start);
  if (!clock.works(day)) {
    const next = clock.workingDayAfter(day, 1);
    if (profile.nonWorkingDay === 'next-opening') return clock.opens(next);
    at = zone.toInstant(zone.toLocal(start) + (next - day) * DAY_MS);
    day = next;
  }
  if (profile.beforeOpening === 'opening') at = Math.max(at, clock.opens(day));
  if (profile.afterClosing === 'next-opening' && at >= clock.closes(day)) {
    return clock.opens(clock.workingDayAfter(day, 1));
  }
  return at;
}
