import { unprocessable } from '../domain-error.js';
import type { Duration } from '../duration.js';
import { allowanceOf, type Allowance } from './allowance.js';
import { DEFAULT_CLOCK_PROFILE } from './calendar.js';
import type { BusinessCalendar, ClockProfile, Deadline, Interval } from './calendar.js';
import { startOfClock } from './clock-start.js';
import { calendarDayMark, workingDayMark, type DayMark } from './day-marks.js';
import { explainCalendar, explainWorking } from './explain.js';
import { openingHoursOf } from './opening-hours.js';
import { mergePauses, NO_PAUSES, passUnpaused, type Stretch } from './pauses.js';
import { WorkingClock } from './working-clock.js';
import { DAY_MS, instantOf, LATEST_MS } from './zone.js';

/**
 * The deadline of an allowance that starts at an instant.
 *
 * - `minutes`, `calendar-hours`: elapsed time. `calendar-days`: the same clock time so many dates later in the
 *   calendar's zone, also across a change of clock. They start at once; a pause moves the end by its length.
 * - `working-hours`: opening spans are used up from the start of the clock on; the end is the earliest instant, so an
 *   allowance used up at closing ends at closing. A pause moves the end by its overlap with opening spans only.
 * - `working-days`: counted after the day on which the clock starts; they end at the same clock time of the
 *   last day (`keepTimeOfDay`) or at its closing. The working time that pauses overlap is added behind that end.
 *
 * The start of a working-time clock is rolled by the profile (`startsAt`). The profile's multiplier multiplies
 * the allowance: time units to the millisecond; of days, the whole ones are counted as above and the fraction becomes
 * that part of the following day — of the time until the next day's end for calendar days, of the
 * working time until the next working day's end for working days.
 * Pauses that overlap each other count once; a pause before the clock starts changes nothing.
 *
 * @param start when the clock is set off.
 * @param profile the default one when left out; only working units look at its rolling options.
 * @returns the end, the start of the clock, and spans that cover start to end without gaps, each with its reason.
 * @throws DomainError of kind invalid for bad input; `calendar.out-of-reach` when the calendar never has that much time.
 */
export function addDuration(
  start: Date,
  duration: Duration,
  calendar: BusinessCalendar,
  profile: ClockProfile = DEFAULT_CLOCK_PROFILE,
  pauses: readonly Interval[] = [],
): Deadline {
  const allowance = allowanceOf(duration, profile.multiplier);
  const from = instantOf(start);
  const merged = mergePauses(pauses);
  const clock = new WorkingClock(openingHoursOf(calendar), profile.observeHolidays);
  if (duration.unit === 'working-hours' || duration.unit === 'working-days') {
    const startsAt = startOfClock(from, clock, profile);
    const due =
      duration.unit === 'working-hours'
        ? clock.advance(startsAt, allowance.ms, merged)
        : endOfWorkingDays(startsAt, allowance, clock, workingDayMark(startsAt, clock, profile), merged);
    const spans = explainWorking(from, startsAt, due, clock, merged);
    return { due: new Date(due), startsAt: new Date(startsAt), spans };
  }
  mustBeInReach(from + allowance.ms + (allowance.days + 1) * DAY_MS);
  const mark = calendarDayMark(from, clock.hours.zone);
  const end = duration.unit === 'calendar-days' ? endOfDays(allowance, mark) : from + allowance.ms;
  const due = passUnpaused(from, end - from, merged);
  return { due: new Date(due), startsAt: new Date(from), spans: explainCalendar(from, due, merged) };
}

function endOfDays({ days, fraction }: Allowance, mark: DayMark): number {
  const whole = mark(days);
  return fraction === 0 ? whole : whole + Math.round(fraction * (mark(days + 1) - whole));
}

function endOfWorkingDays(
  startsAt: number,
  { days, fraction }: Allowance,
  clock: WorkingClock,
  mark: DayMark,
  pauses: readonly Stretch[],
): number {
  let end = mark(days);
  if (fraction > 0) {
    const part = Math.round(fraction * clock.measure(end, mark(days + 1), NO_PAUSES));
    end = clock.advance(end, part, NO_PAUSES);
  }
  if (pauses.length === 0) return end;
  const lost = clock.measure(startsAt, end, NO_PAUSES) - clock.measure(startsAt, end, pauses);
  return clock.advance(end, lost, pauses);
}

function mustBeInReach(end: number): void {
  if (end < LATEST_MS) return;
  throw unprocessable('calendar.out-of-reach', 'The allowance ends after the year 9999.');
}
