import { invalid } from '../domain-error.js';
import { DEFAULT_CLOCK_PROFILE } from './calendar.js';
import type { BusinessCalendar, ClockProfile, Interval, Measured } from './calendar.js';
import { explainCalendar, explainWorking } from './explain.js';
import { openingHoursOf } from './opening-hours.js';
import { mergePauses } from './pauses.js';
import { WorkingClock } from './working-clock.js';
import { instantOf } from './zone.js';

/**
 * Time that passed between two instants, in milliseconds: elapsed (`calendar-hours`) or inside opening spans
 * (`working-hours`), without what lies in pauses; overlapping pauses count once. It is the inverse of `addDuration`.
 * @param profile only `observeHolidays` is looked at.
 * @throws DomainError `calendar.reversed-interval` when `to` is before `from`.
 */
export function between(
  from: Date,
  to: Date,
  calendar: BusinessCalendar,
  unit: 'working-hours' | 'calendar-hours',
  pauses: readonly Interval[] = [],
  profile: Pick<ClockProfile, 'observeHolidays'> = DEFAULT_CLOCK_PROFILE,
): Measured {
  const start = instantOf(from);
  const end = instantOf(to);
  if (end < start) throw invalid('calendar.reversed-interval', 'An interval ends before it starts.');
  const merged = mergePauses(pauses);
  const spans =
    unit === 'calendar-hours'
      ? explainCalendar(start, end, merged)
      : explainWorking(
          start,
          start,
          end,
          new WorkingClock(openingHoursOf(calendar), profile.observeHolidays),
          merged,
        );
  return { ms: spans.reduce((sum, span) => sum + (span.amount ?? 0), 0), spans };
}
