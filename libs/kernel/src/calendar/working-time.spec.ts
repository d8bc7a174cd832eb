import { describe, expect, it } from '@jest/globals';
import {
  aCalendar,
  CITY_PROFILE,
  clockOf,
  mustCover,
  newYork,
  OFFICE,
  weekOf,
} from '../../test/calendar.builder.js';
import { addDuration } from './add-duration.js';
import { DEFAULT_CLOCK_PROFILE, type BusinessCalendar, type ClockProfile } from './calendar.js';
import type { Duration } from '../duration.js';

const { at, show, lines } = clockOf();
const hours = (amount: number): Duration => ({ amount, unit: 'working-hours' });
const days = (amount: number): Duration => ({ amount, unit: 'working-days' });

const branch = aCalendar();
const splitShift = aCalendar({
  week: weekOf(
    [
      { from: '06:00', to: '10:00' },
      { from: '16:00', to: '20:00' },
    ],
    [1, 2, 3, 4, 5, 6, 7],
  ),
});
const nightDesk = aCalendar({
  week: weekOf(
    [
      { from: '22:00', to: '24:00' },
      { from: '00:00', to: '06:00' },
    ],
    [1, 2, 3, 4, 5, 6, 7],
  ),
  holidays: {},
  makeUpDays: {},
});
const roundTheClock = aCalendar({
  week: weekOf([{ from: '00:00', to: '24:00' }], [1, 2, 3, 4, 5, 6, 7]),
  holidays: {},
  makeUpDays: {},
});

function due(start: string, duration: Duration, calendar: BusinessCalendar, profile?: ClockProfile): string {
  const from = at(start);
  const deadline = addDuration(from, duration, calendar, profile);
  mustCover(deadline.spans, from, deadline.due);
  return show(deadline.due);
}

describe('lesson 1, TKT-28: working hours equal the hand-computed table', () => {
  // Office hours 08:30–12:00 (3.5 h) and 13:30–17:30 (4 h), 7.5 h a day, Monday to Friday. 13 November 2026 is a Friday.
  it.each([
    // 16:00–17:30 = 1.5; left 2.5; Monday 08:30 + 2.5 = 11:00
    ['a weekend', '2026-11-13 16:00', 4, branch, '2026-11-16 11:00'],
    // 15:00–17:30 = 2.5; left 7.5; 1 to 7 October closed; the 8th 3.5 + 4 = 7.5 → closing
    ['a long holiday', '2026-09-30 15:00', 10, branch, '2026-10-08 17:30'],
    // 11:00–12:00 = 1; left 1; 13:30 + 1 = 14:30
    ['a lunch gap', '2026-11-10 11:00', 2, branch, '2026-11-10 14:30'],
    // nothing before 13:30; 13:30 + 2 = 15:30
    ['a start in the lunch gap', '2026-11-10 12:30', 2, branch, '2026-11-10 15:30'],
    // 11:00–12:00 = 1 is all: the earliest instant is the closing at noon, not 13:30
    ['an end at the lunch gap', '2026-11-10 11:00', 1, branch, '2026-11-10 12:00'],
    // 3.5 + 4 = 7.5 → closing of the same day, not the next opening
    ['a whole day', '2026-11-09 08:30', 7.5, branch, '2026-11-09 17:30'],
    // 09:00–10:00 = 1; left 2; 16:00 + 2 = 18:00
    ['a split shift', '2026-11-10 09:00', 3, splitShift, '2026-11-10 18:00'],
    // 19:00–20:00 = 1; left 3; next day 06:00 + 3 = 09:00
    ['a split shift over night', '2026-11-10 19:00', 4, splitShift, '2026-11-11 09:00'],
    // Friday the 9th 16:30–17:30 = 1; left 4; Saturday the 10th is worked: 3.5 → left 0.5; 13:30 + 0.5 = 14:00
    ['a make-up Saturday like Monday', '2026-10-09 16:30', 5, branch, '2026-10-10 14:00'],
    // Friday the 18th 17:00–17:30 = 0.5; left 3.5; Saturday closed; Sunday the 20th 09:00–12:00 = 3; left 0.5; Monday 09:00
    ['a make-up Sunday with its own spans', '2026-09-18 17:00', 4, branch, '2026-09-21 09:00'],
    // 13 February is a Friday: 17:00–17:30 = 0.5; left 0.5; Saturday the 14th is worked: 08:30 + 0.5 = 09:00
    ['the make-up day before Spring Festival', '2026-02-13 17:00', 1, branch, '2026-02-14 09:00'],
    // 17:00–17:30 = 0.5; left 7.5; 15 to 23 February closed; Tuesday the 24th 7.5 → closing
    ['nine days of Spring Festival', '2026-02-14 17:00', 8, branch, '2026-02-24 17:30'],
    // Thursday 17:00–17:30 = 0.5; left 0.5; 1 to 3 January closed; Monday the 4th 08:30 + 0.5 = 09:00
    ['the end of the year', '2026-12-31 17:00', 1, branch, '2027-01-04 09:00'],
    // 23:00–24:00 = 1; left 2; 00:00 + 2 = 02:00
    ['spans to and from midnight', '2026-11-10 23:00', 3, nightDesk, '2026-11-11 02:00'],
    // 05:00–06:00 = 1; left 2; 22:00 + 2 = 24:00
    ['an end at 24:00', '2026-11-10 05:00', 3, nightDesk, '2026-11-11 00:00'],
    // 30 hours of a day that never closes
    ['a desk that never closes', '2026-11-13 16:00', 30, roundTheClock, '2026-11-14 22:00'],
    // 1 h 20 min is 4 800 s: 08:30 + 1:20 = 09:50
    ['a fraction of an hour', '2026-11-10 08:30', 4 / 3, branch, '2026-11-10 09:50'],
    // nothing to count: the start of the clock is the end
    ['no time at all, in hours', '2026-11-10 10:00', 0, branch, '2026-11-10 10:00'],
    ['no time at all, at night', '2026-11-10 20:00', 0, branch, '2026-11-11 08:30'],
  ])('across %s', (_title, start, amount, calendar, expected) => {
    expect(due(start, hours(amount), calendar)).toBe(expected);
  });
});

describe('lesson 1, TKT-28: working days equal the hand-computed table', () => {
  // The day of the start is not counted; the n-th working day ends at its closing, 17:30.
  it.each([
    // Tuesday the 10th is 1, Wednesday the 11th is 2
    ['inside a week', '2026-11-09 10:00', 2, '2026-11-11 17:30'],
    // Monday the 16th is 1
    ['a weekend', '2026-11-13 10:00', 1, '2026-11-16 17:30'],
    // the clock starts on Monday the 16th at 08:30; Tuesday the 17th is 1
    ['a start on Saturday', '2026-11-14 10:00', 1, '2026-11-17 17:30'],
    ['a start after closing on Friday', '2026-11-13 18:00', 1, '2026-11-17 17:30'],
    ['a start at closing on Friday', '2026-11-13 17:30', 1, '2026-11-17 17:30'],
    // Thursday the 8th is 1, Friday the 9th 2, Saturday the 10th (made up) 3
    ['a long holiday and a make-up day', '2026-09-30 10:00', 3, '2026-10-10 17:30'],
    // Sunday 20 September has 09:00–12:00 only
    ['an end on a short make-up day', '2026-09-18 10:00', 1, '2026-09-20 12:00'],
    // Monday 4 January is 1, Tuesday the 5th 2
    ['the end of the year', '2026-12-31 10:00', 2, '2027-01-05 17:30'],
    // settled the same day
    ['no day: closing of the same day', '2026-11-10 10:00', 0, '2026-11-10 17:30'],
    // Tuesday closing is 1; half of Wednesday's 7.5 h is 3.75: 08:30–12:00 = 3.5, left 0.25, 13:30 + 0:15 = 13:45
    ['a day and a half', '2026-11-09 10:00', 1.5, '2026-11-11 13:45'],
  ])('ends at closing across %s', (_title, start, amount, expected) => {
    expect(due(start, days(amount), branch)).toBe(expected);
  });

  const keep = { ...DEFAULT_CLOCK_PROFILE, keepTimeOfDay: true };
  it.each([
    ['inside a week', '2026-11-09 10:00', 2, '2026-11-11 10:00'],
    ['a weekend', '2026-11-13 10:00', 1, '2026-11-16 10:00'],
    // rolled to Monday 08:30, one more day is Tuesday 08:30
    ['a start on Saturday', '2026-11-14 10:00', 1, '2026-11-17 08:30'],
    ['a long holiday and a make-up day', '2026-09-30 10:00', 3, '2026-10-10 10:00'],
    ['no day', '2026-11-09 10:00', 0, '2026-11-09 10:00'],
    // from Monday 10:00 to Tuesday 10:00 there are 7.5 h; half is 3.75: 10:00–12:00 = 2, left 1.75, 13:30 + 1:45 = 15:15
    ['half a day', '2026-11-09 10:00', 0.5, '2026-11-09 15:15'],
    // Friday the 18th 10:00 to Sunday the 20th 10:00: 6 h + 1 h = 7; half is 3.5: 2 until noon, left 1.5 → 15:00
    ['half a day before a short make-up day', '2026-09-18 10:00', 0.5, '2026-09-18 15:00'],
  ])('keeps the time of day across %s', (_title, start, amount, expected) => {
    expect(due(start, days(amount), branch, keep)).toBe(expected);
  });
});

describe('TKT-28: every weekday has hours of its own', () => {
  const one = (to: string) => [{ from: '08:00', to }];
  const uneven = aCalendar({
    week: {
      1: one('09:00'),
      2: one('10:00'),
      3: one('11:00'),
      4: one('12:00'),
      5: one('13:00'),
      6: one('14:00'),
      7: one('15:00'),
    },
    holidays: {},
    makeUpDays: { '2026-11-16': { name: '像星期五', like: 5 }, '2026-11-17': { name: '像星期一' } },
  });

  // From Monday 9 November 2026 the days have 1, 2, … 7 hours; the next Monday works like a Friday, Tuesday like a Monday.
  it.each([
    [1, '2026-11-09 09:00'],
    [3, '2026-11-10 10:00'],
    [6, '2026-11-11 11:00'],
    [10, '2026-11-12 12:00'],
    [15, '2026-11-13 13:00'],
    [21, '2026-11-14 14:00'],
    [28, '2026-11-15 15:00'],
    [33, '2026-11-16 13:00'],
    [34, '2026-11-17 09:00'],
    [37, '2026-11-18 11:00'],
  ])('%i hours', (amount, expected) => {
    expect(due('2026-11-09 08:00', hours(amount), uneven)).toBe(expected);
  });

  it('a day with one opening is closed "outside-hours", not "weekend"', () => {
    expect(lines(addDuration(at('2026-11-09 08:30'), hours(1), uneven).spans)).toEqual([
      '2026-11-09 08:30 – 2026-11-09 09:00 + working',
      '2026-11-09 09:00 – 2026-11-10 08:00 · outside-hours',
      '2026-11-10 08:00 – 2026-11-10 08:30 + working',
    ]);
  });
});

describe('TKT-28: the profile says how a start outside hours rolls', () => {
  const started = (start: string, profile: Partial<ClockProfile>) =>
    show(addDuration(at(start), hours(1), branch, { ...DEFAULT_CLOCK_PROFILE, ...profile }).startsAt);

  it.each([
    ['2026-11-10 07:00', {}, '2026-11-10 08:30'],
    ['2026-11-10 07:00', { beforeOpening: 'keep' }, '2026-11-10 07:00'],
    ['2026-11-10 18:00', {}, '2026-11-11 08:30'],
    ['2026-11-10 18:00', { afterClosing: 'keep' }, '2026-11-10 18:00'],
    ['2026-11-14 10:00', {}, '2026-11-16 08:30'],
    ['2026-11-14 10:00', { nonWorkingDay: 'same-time-next-working-day' }, '2026-11-16 10:00'],
    // moved to Monday first, then the evening is looked at
    ['2026-11-14 18:00', { nonWorkingDay: 'same-time-next-working-day' }, '2026-11-17 08:30'],
    ['2026-11-14 07:00', { nonWorkingDay: 'same-time-next-working-day' }, '2026-11-16 08:30'],
    ['2026-10-03 10:00', {}, '2026-10-08 08:30'],
    ['2026-10-03 10:00', { observeHolidays: false }, '2026-10-05 08:30'],
    ['2026-10-10 10:00', { observeHolidays: false }, '2026-10-12 08:30'],
    ['2026-11-10 12:30', {}, '2026-11-10 12:30'],
  ] as const)('%s with %o starts at %s', (start, profile, expected) => {
    expect(started(start, profile)).toBe(expected);
  });

  it('counts the same hours whether a start before opening is kept or rolled', () => {
    expect(
      due('2026-11-10 07:00', hours(2), branch, { ...DEFAULT_CLOCK_PROFILE, beforeOpening: 'keep' }),
    ).toBe('2026-11-10 10:30');
  });

  it('ends the same day at the start when an evening start is kept and no day is given', () => {
    const profile: ClockProfile = { ...DEFAULT_CLOCK_PROFILE, afterClosing: 'keep' };
    expect(due('2026-11-10 20:00', days(0), branch, profile)).toBe('2026-11-10 20:00');
    expect(due('2026-11-10 20:00', days(1), branch, profile)).toBe('2026-11-11 17:30');
  });
});

describe('TKT-28, FLW-07: the multiplier of a customer grade', () => {
  it.each([
    // 4 × 0.5 = 2 h
    [hours(4), '0.5', '2026-11-10 11:00'],
    // 3 × 0.5 = 1.5 days, see the table above
    [days(3), '0.5', '2026-11-12 13:45'],
    // 1 × 1.5 h
    [hours(1), '1.5', '2026-11-10 10:30'],
    // 0.1 × 3 is exactly 0.3 h = 18 min, not 0.30000000000000004
    [hours(0.1), '3', '2026-11-10 09:18'],
    [days(2), '0', '2026-11-10 17:30'],
  ])('%o × %s', (duration, multiplier, expected) => {
    expect(due('2026-11-10 09:00', duration, branch, { ...DEFAULT_CLOCK_PROFILE, multiplier })).toBe(
      expected,
    );
  });
});

describe('the deadline rule of the city of Boston', () => {
  const city = newYork([{ from: '08:30', to: '17:00' }], [1, 2, 3, 4, 5]);
  const local = clockOf('America/New_York');
  // 1 July 2011 is a Friday; the 4th is a holiday that the rule does not keep.
  it.each([
    ['2011-07-01 08:26', 5, 'working-days', '2011-07-08 08:26'],
    // before opening: kept
    ['2011-07-01 06:05', 1, 'working-days', '2011-07-04 06:05'],
    // Saturday → Monday, same time
    ['2011-07-02 13:15', 3, 'working-days', '2011-07-07 13:15'],
    // Sunday evening → Monday evening → Tuesday 08:30
    ['2011-07-03 19:00', 2, 'working-days', '2011-07-07 08:30'],
    // at 17:00 → next working day 08:30
    ['2011-07-01 17:00', 1, 'working-days', '2011-07-05 08:30'],
    ['2011-07-01 16:59', 1, 'working-days', '2011-07-04 16:59'],
    // calendar days never roll; 120 days from 8 July is 5 November, the day before winter time
    ['2011-07-08 23:00', 120, 'calendar-days', '2011-11-05 23:00'],
    ['2011-07-09 23:00', 120, 'calendar-days', '2011-11-06 23:00'],
    ['2011-07-10 23:00', 120, 'calendar-days', '2011-11-07 23:00'],
    // 45 working days are nine weeks
    ['2011-09-19 10:00', 45, 'working-days', '2011-11-21 10:00'],
  ] as const)('%s + %i %s = %s', (start, amount, unit, expected) => {
    const deadline = addDuration(local.at(start), { amount, unit }, city, CITY_PROFILE);
    mustCover(deadline.spans, local.at(start), deadline.due);
    expect(local.show(deadline.due)).toBe(expected);
  });
});

describe('the explanation of a deadline', () => {
  it('names weekend, nights, lunch gap and the hours that count', () => {
    const deadline = addDuration(at('2026-11-14 10:00'), hours(5), branch);
    expect(lines(deadline.spans)).toEqual([
      '2026-11-14 10:00 – 2026-11-16 00:00 · weekend',
      '2026-11-16 00:00 – 2026-11-16 08:30 · outside-hours',
      '2026-11-16 08:30 – 2026-11-16 12:00 + working',
      '2026-11-16 12:00 – 2026-11-16 13:30 · outside-hours',
      '2026-11-16 13:30 – 2026-11-16 15:00 + working',
    ]);
    expect(deadline.spans.filter((span) => span.counted).map((span) => span.amount)).toEqual([
      12_600_000, 5_400_000,
    ]);
  });

  it('names the holiday and the make-up day', () => {
    const deadline = addDuration(at('2026-09-30 17:00'), days(3), branch);
    expect(lines(deadline.spans)).toEqual([
      '2026-09-30 17:00 – 2026-09-30 17:30 + working',
      '2026-09-30 17:30 – 2026-10-01 00:00 · outside-hours',
      '2026-10-01 00:00 – 2026-10-08 00:00 · holiday 国庆节',
      '2026-10-08 00:00 – 2026-10-08 08:30 · outside-hours',
      '2026-10-08 08:30 – 2026-10-08 12:00 + working',
      '2026-10-08 12:00 – 2026-10-08 13:30 · outside-hours',
      '2026-10-08 13:30 – 2026-10-08 17:30 + working',
      '2026-10-08 17:30 – 2026-10-09 08:30 · outside-hours',
      '2026-10-09 08:30 – 2026-10-09 12:00 + working',
      '2026-10-09 12:00 – 2026-10-09 13:30 · outside-hours',
      '2026-10-09 13:30 – 2026-10-09 17:30 + working',
      '2026-10-09 17:30 – 2026-10-10 08:30 · outside-hours',
      '2026-10-10 08:30 – 2026-10-10 12:00 + make-up-day 国庆调休',
      '2026-10-10 12:00 – 2026-10-10 13:30 · outside-hours',
      '2026-10-10 13:30 – 2026-10-10 17:30 + make-up-day 国庆调休',
    ]);
  });

  it('calls open time before a rolled start "rolled"', () => {
    const profile: ClockProfile = { ...DEFAULT_CLOCK_PROFILE, nonWorkingDay: 'same-time-next-working-day' };
    expect(lines(addDuration(at('2026-11-14 10:00'), hours(1), branch, profile).spans)).toEqual([
      '2026-11-14 10:00 – 2026-11-16 00:00 · weekend',
      '2026-11-16 00:00 – 2026-11-16 08:30 · outside-hours',
      '2026-11-16 08:30 – 2026-11-16 10:00 · rolled',
      '2026-11-16 10:00 – 2026-11-16 11:00 + working',
    ]);
  });

  it('is one span for a desk that never closes and empty where nothing passes', () => {
    expect(addDuration(at('2026-11-13 16:00'), hours(30), roundTheClock).spans).toHaveLength(1);
    expect(addDuration(at('2026-11-10 10:00'), hours(0), branch).spans).toEqual([]);
  });
});

describe('a calendar or allowance that cannot work', () => {
  const closed = aCalendar({ week: weekOf(OFFICE, []), holidays: {}, makeUpDays: {} });
  const onlyOnce = aCalendar({
    week: weekOf(OFFICE, []),
    makeUpDays: { '2026-11-10': { name: 'once', spans: OFFICE } },
  });

  it.each([
    ['never opens', closed, hours(1)],
    ['never opens, in days', closed, days(1)],
    ['opens for one day, for more hours than that', onlyOnce, hours(8)],
    ['has fewer days than the allowance', branch, days(1e9)],
  ])('is refused when it %s', (_title, calendar, duration) => {
    expect(() => addDuration(at('2026-11-10 09:00'), duration, calendar)).toThrow('calendar.out-of-reach');
  });

  it('is refused with a negative multiplier, a negative amount, an unknown unit or an invalid start', () => {
    const profile = { ...DEFAULT_CLOCK_PROFILE, multiplier: '-1' };
    expect(() => addDuration(at('2026-11-10 09:00'), hours(1), branch, profile)).toThrow(
      'calendar.negative-multiplier',
    );
    expect(() => addDuration(at('2026-11-10 09:00'), hours(-1), branch)).toThrow('duration.malformed');
    const unit = { amount: 1, unit: 'weeks' } as unknown as Duration;
    expect(() => addDuration(at('2026-11-10 09:00'), unit, branch)).toThrow('duration.malformed');
    expect(() => addDuration(new Date(NaN), hours(1), branch)).toThrow('calendar.invalid-date');
  });
});
