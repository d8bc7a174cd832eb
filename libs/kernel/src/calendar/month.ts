import { fromLocalTime } from './local-time.js';

const LATEST_MONTH = '9999-12';

/** The first instant of a month `YYYY-MM` in a zone. @throws DomainError `calendar.invalid-date`. */
export const startOfMonth = (month: string, timeZone: string): Date =>
  fromLocalTime(`${month}-01T00:00:00`, timeZone);

/** The month after a month `YYYY-MM`; the last month that can be written follows itself. */
export function nextMonth(month: string): string {
  if (month === LATEST_MONTH) return month;
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}
