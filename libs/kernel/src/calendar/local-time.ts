import { invalid } from '../domain-error.js';
import { DAY_MS, instantOf, zoneOf } from './zone.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/;

/** Days since 1970-01-01 of a date `YYYY-MM-DD`. @throws DomainError `calendar.invalid-date` (also for 30 February). */
export function parseLocalDate(text: string): number {
  const match = DATE.exec(text);
  const [year, month, day] = match ? [Number(match[1]), Number(match[2]), Number(match[3])] : [0, 0, 0];
  const date = new Date(Date.UTC(year, month - 1, day));
  // a day that does not exist becomes one of the next month, and a year below 100 one of the last century
  if (day === 0 || date.getUTCDate() !== day || date.getUTCFullYear() !== year) {
    throw invalid('calendar.invalid-date', `"${text.slice(0, 30)}" is not a date of the form YYYY-MM-DD.`);
  }
  return date.getTime() / DAY_MS;
}

/** Date `YYYY-MM-DD` of a day number. */
export function formatLocalDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Wall-clock time `YYYY-MM-DDTHH:MM:SS.mmm` of an instant in a zone. @throws DomainError for an unknown zone. */
export function toLocalTime(at: Date, timeZone: string): string {
  return new Date(zoneOf(timeZone).toLocal(instantOf(at))).toISOString().slice(0, -1);
}

/** Business date `YYYY-MM-DD` of an instant in a branch's zone; its first four characters are the business year. */
export function toLocalDate(at: Date, timeZone: string): string {
  return toLocalTime(at, timeZone).slice(0, 10);
}

/**
 * Instant of a wall-clock time (`2011-07-01T07:16:44`, a space instead of T, seconds or minutes only) in a zone.
 * A time that occurs twice is the first of both, a skipped one is the moment of the change of clock.
 * @throws DomainError `calendar.invalid-date` when the text is not such a time or the date does not exist.
 */
export function fromLocalTime(text: string, timeZone: string): Date {
  const match = DATE_TIME.exec(text);
  if (!match) {
    throw invalid(
      'calendar.invalid-date',
      `"${text.slice(0, 30)}" is not a time of the form YYYY-MM-DDTHH:MM:SS.`,
    );
  }
  const [, date, hours, minutes, seconds = '0', fraction = '0'] = match;
  const time = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  const local = parseLocalDate(date!) * DAY_MS + time + Number(fraction.padEnd(3, '0'));
  return new Date(zoneOf(timeZone).toInstant(local));
}
