import { invalid, isDomainError, type FieldProblem } from '../domain-error.js';
import type { BusinessCalendar, MakeUpDay, TimeSpan } from './calendar.js';
import { parseLocalDate } from './local-time.js';
import { toOpenings } from './opening-hours.js';
import { zoneOf } from './zone.js';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/**
 * Checks a calendar before it is stored: zone, spans (form, order, no overlap), dates, no day that is both holiday
 * and make-up day, and at least one opening in the week.
 * @throws DomainError `calendar.invalid` with every problem and its path (`week.1.0`, `holidays.2026-02-30`).
 */
export function checkCalendar(calendar: BusinessCalendar): void {
  const problems: FieldProblem[] = [];
  const attempt = (path: string, check: () => unknown): void => {
    try {
      check();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      problems.push({ path, code: error.code, detail: error.detail });
    }
  };
  attempt('timeZone', () => zoneOf(calendar.timeZone));
  for (const weekday of WEEKDAYS) attempt(`week.${weekday}`, () => checkSpans(calendar.week[weekday]));
  if (WEEKDAYS.every((weekday) => calendar.week[weekday].length === 0)) {
    attempt('week', () => fail('calendar.never-open', 'No day of the week has an opening.'));
  }
  for (const date of Object.keys(calendar.holidays)) attempt(`holidays.${date}`, () => parseLocalDate(date));
  for (const [date, day] of Object.entries(calendar.makeUpDays)) {
    attempt(`makeUpDays.${date}`, () => parseLocalDate(date));
    attempt(`makeUpDays.${date}.spans`, () => checkMakeUpDay(calendar, day));
    if (date in calendar.holidays) {
      attempt(`makeUpDays.${date}`, () => fail('calendar.day-twice', `${date} is also a holiday.`));
    }
  }
  if (problems.length > 0) {
    throw invalid('calendar.invalid', 'The calendar has mistakes; each is named.', problems);
  }
}

function checkMakeUpDay(calendar: BusinessCalendar, day: MakeUpDay): void {
  // Mistakes in the spans of a weekday are named there once, not again for each day that works like it.
  if (day.spans) checkSpans(day.spans);
  if ((day.spans ?? calendar.week[day.like ?? 1]).length === 0) {
    fail('calendar.never-open', 'A make-up day needs an opening.');
  }
}

function checkSpans(spans: readonly TimeSpan[]): void {
  toOpenings(spans);
  spans.forEach((span, index) => {
    const previous = spans[index - 1];
    if (previous && span.from < previous.to) {
      fail(
        'calendar.overlapping-spans',
        `${previous.from}–${previous.to} and ${span.from}–${span.to} overlap.`,
      );
    }
  });
}

function fail(code: string, detail: string): never {
  throw invalid(code, detail);
}
