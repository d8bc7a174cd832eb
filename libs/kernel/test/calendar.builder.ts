import { fromLocalTime, toLocalTime } from '../src/index.js';
import type {
  BusinessCalendar,
  ClockProfile,
  ExplainedSpan,
  Interval,
  TimeSpan,
  Weekday,
} from '../src/index.js';

/** 3.5 h in the morning and 4 h in the afternoon: 7.5 h a day. */
export const OFFICE: readonly TimeSpan[] = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
];

/** The same spans on the named weekdays, none on the others. */
export function weekOf(spans: readonly TimeSpan[], days: readonly Weekday[] = [1, 2, 3, 4, 5]) {
  const on = (day: Weekday) => (days.includes(day) ? spans : []);
  return { 1: on(1), 2: on(2), 3: on(3), 4: on(4), 5: on(5), 6: on(6), 7: on(7) };
}

/** A branch in Shanghai in 2026: office hours from Monday to Friday, the year's long holidays with their 调休. */
export function aCalendar(changes: Partial<BusinessCalendar> = {}): BusinessCalendar {
  return {
    timeZone: 'Asia/Shanghai',
    week: weekOf(OFFICE),
    holidays: {
      ...days('2026-01-01', 3, '元旦'),
      ...days('2026-02-15', 9, '春节'),
      ...days('2026-10-01', 7, '国庆节'),
      ...days('2027-01-01', 3, '元旦'),
    },
    makeUpDays: {
      '2026-01-04': { name: '元旦调休' },
      '2026-02-14': { name: '春节调休' },
      '2026-02-28': { name: '春节调休', like: 5 },
      '2026-09-20': { name: '国庆调休', spans: [{ from: '09:00', to: '12:00' }] },
      '2026-10-10': { name: '国庆调休' },
    },
    ...changes,
  };
}

/** A desk in New York with the given spans on every day and no holidays. */
export function newYork(spans: readonly TimeSpan[], weekdays?: readonly Weekday[]): BusinessCalendar {
  return aCalendar({
    timeZone: 'America/New_York',
    week: weekOf(spans, weekdays ?? [1, 2, 3, 4, 5, 6, 7]),
    holidays: {},
    makeUpDays: {},
  });
}

/** The deadline rule of the city of Boston: times of day are kept, weekends and evenings roll, no holidays. */
export const CITY_PROFILE: ClockProfile = {
  nonWorkingDay: 'same-time-next-working-day',
  beforeOpening: 'keep',
  afterClosing: 'next-opening',
  keepTimeOfDay: true,
  observeHolidays: false,
};

/** Reading and showing of wall-clock times in one zone, and of intervals and explanations in them. */
export function clockOf(timeZone = 'Asia/Shanghai') {
  const at = (text: string): Date => fromLocalTime(text, timeZone);
  const show = (date: Date): string => toLocalTime(date, timeZone).slice(0, 16).replace('T', ' ');
  return {
    at,
    show,
    pause: (from: string, to: string): Interval => ({ from: at(from), to: at(to) }),
    lines: (spans: readonly ExplainedSpan[]): string[] =>
      spans.map(
        (span) =>
          `${show(span.from)} – ${show(span.to)} ${span.counted ? '+' : '·'} ${[span.reason, span.name].filter(Boolean).join(' ')}`,
      ),
  };
}

/** Throws unless the spans run without gap or overlap from `from` to `to`, none empty, like neighbours joined. */
export function mustCover(spans: readonly ExplainedSpan[], from: Date, to: Date): void {
  let at = from.getTime();
  for (const [index, span] of spans.entries()) {
    if (span.from.getTime() !== at || span.to <= span.from)
      throw new Error(`gap or overlap at span ${index}`);
    if (span.counted !== (span.amount === span.to.getTime() - at)) throw new Error(`amount of span ${index}`);
    const before = spans[index - 1];
    if (
      before &&
      before.reason === span.reason &&
      before.name === span.name &&
      before.counted === span.counted
    ) {
      throw new Error(`span ${index} is not joined with the one before`);
    }
    at = span.to.getTime();
  }
  if (at !== to.getTime()) throw new Error('the spans do not reach the end');
}

function days(first: string, count: number, name: string): Record<string, string> {
  const start = Date.parse(`${first}T00:00:00Z`);
  const date = (index: number) => new Date(start + index * 86_400_000).toISOString().slice(0, 10);
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [date(index), name]));
}
