import { describe, expect, it } from '@jest/globals';
import { aCalendar, clockOf, mustCover, newYork } from '../../test/calendar.builder.js';
import type { Duration } from '../duration.js';
import { addDuration } from './add-duration.js';
import { between } from './between.js';
import { DEFAULT_CLOCK_PROFILE } from './calendar.js';

const shanghai = { calendar: aCalendar(), ...clockOf() };
const always = [{ from: '00:00', to: '24:00' }];
const york = { calendar: newYork(always), ...clockOf('America/New_York') };
const utc = (text: string): Date => new Date(`${text}Z`);

describe('calendar time, TKT-28', () => {
  it.each([
    [{ amount: 90, unit: 'minutes' }, '2026-11-13 16:00', '2026-11-13 17:30'],
    [{ amount: 24, unit: 'calendar-hours' }, '2026-11-13 16:00', '2026-11-14 16:00'],
    [{ amount: 72, unit: 'calendar-hours' }, '2026-09-30 15:00', '2026-10-03 15:00'],
    [{ amount: 3, unit: 'calendar-days' }, '2026-11-13 16:00', '2026-11-16 16:00'],
    [{ amount: 1.5, unit: 'calendar-days' }, '2026-11-13 16:00', '2026-11-15 04:00'],
    [{ amount: 2, unit: 'calendar-days' }, '2026-12-31 23:59', '2027-01-02 23:59'],
    [{ amount: 366, unit: 'calendar-days' }, '2027-12-31 08:00', '2028-12-31 08:00'],
    [{ amount: 1, unit: 'calendar-days' }, '2028-02-28 08:00', '2028-02-29 08:00'],
    [{ amount: 0, unit: 'calendar-days' }, '2026-11-14 16:00', '2026-11-14 16:00'],
  ] as [Duration, string, string][])(
    '%o from %s ends at %s, starting at once',
    (duration, start, expected) => {
      const deadline = addDuration(shanghai.at(start), duration, shanghai.calendar);
      mustCover(deadline.spans, shanghai.at(start), deadline.due);
      expect(shanghai.show(deadline.due)).toBe(expected);
      expect(deadline.startsAt).toEqual(shanghai.at(start));
      expect(deadline.spans.every((span) => span.reason === 'calendar')).toBe(true);
    },
  );

  it('multiplies by the grade of the customer', () => {
    const profile = { ...DEFAULT_CLOCK_PROFILE, multiplier: '0.5' };
    const due = (duration: Duration) =>
      shanghai.show(addDuration(shanghai.at('2026-11-13 16:00'), duration, shanghai.calendar, profile).due);
    expect(due({ amount: 3, unit: 'calendar-days' })).toBe('2026-11-15 04:00');
    expect(due({ amount: 1, unit: 'calendar-hours' })).toBe('2026-11-13 16:30');
  });

  it('rounds half-up to the millisecond', () => {
    const start = shanghai.at('2026-11-13 16:00');
    const length = (multiplier: string) => {
      const profile = { ...DEFAULT_CLOCK_PROFILE, multiplier };
      return (
        addDuration(start, { amount: 1, unit: 'minutes' }, shanghai.calendar, profile).due.getTime() -
        start.getTime()
      );
    };
    // 60 000 ms × 0.000025 = 1.5; × 0.00002499 = 1.4994
    expect([length('0.000025'), length('0.00002499')]).toEqual([2, 1]);
  });

  it.each([
    { amount: 1e15, unit: 'minutes' },
    { amount: 1e9, unit: 'calendar-days' },
  ] as Duration[])('refuses %o: there is no such year', (duration) => {
    expect(() => addDuration(york.at('2026-11-13 16:00'), duration, york.calendar)).toThrow(
      'calendar.out-of-reach',
    );
  });
});

// In New York the clock is put forward on 8 March 2026 (02:00 → 03:00) and back on 1 November 2026 (02:00 → 01:00).
describe('changes of the clock: calendar days keep the clock time, hours do not', () => {
  it.each([
    // 23 hours pass
    [
      'spring, a day',
      '2026-03-07 12:00',
      { amount: 1, unit: 'calendar-days' },
      '2026-03-08 12:00',
      '2026-03-08T16:00',
    ],
    [
      'spring, 24 hours',
      '2026-03-07 12:00',
      { amount: 24, unit: 'calendar-hours' },
      '2026-03-08 13:00',
      '2026-03-08T17:00',
    ],
    // 25 hours pass
    [
      'autumn, a day',
      '2026-10-31 12:00',
      { amount: 1, unit: 'calendar-days' },
      '2026-11-01 12:00',
      '2026-11-01T17:00',
    ],
    [
      'autumn, 24 hours',
      '2026-10-31 12:00',
      { amount: 24, unit: 'calendar-hours' },
      '2026-11-01 11:00',
      '2026-11-01T16:00',
    ],
    // 02:30 does not exist on that day: the moment of the change, 03:00 EDT
    [
      'spring, into the skipped hour',
      '2026-03-07 02:30',
      { amount: 1, unit: 'calendar-days' },
      '2026-03-08 03:00',
      '2026-03-08T07:00',
    ],
    // 01:30 comes twice: the first, still summer time
    [
      'autumn, into the repeated hour',
      '2026-10-31 01:30',
      { amount: 1, unit: 'calendar-days' },
      '2026-11-01 01:30',
      '2026-11-01T05:30',
    ],
    [
      'both changes',
      '2026-03-07 12:00',
      { amount: 365, unit: 'calendar-days' },
      '2027-03-07 12:00',
      '2027-03-07T17:00',
    ],
    // half of a day of 25 hours: 12.5 h
    [
      'autumn, half a day',
      '2026-10-31 12:00',
      { amount: 0.5, unit: 'calendar-days' },
      '2026-11-01 00:30',
      '2026-11-01T04:30',
    ],
  ] as [string, string, Duration, string, string][])('%s', (_title, start, duration, local, instant) => {
    const { due } = addDuration(york.at(start), duration, york.calendar);
    expect(york.show(due)).toBe(local);
    expect(due).toEqual(utc(instant));
  });

  it('no day later than the second of two equal clock times is that very instant', () => {
    const second = utc('2026-11-01T06:30');
    expect(addDuration(second, { amount: 0, unit: 'calendar-days' }, york.calendar).due).toEqual(second);
    expect(york.show(addDuration(second, { amount: 1, unit: 'calendar-days' }, york.calendar).due)).toBe(
      '2026-11-02 01:30',
    );
  });

  it('a zone without changes has days of 24 hours all year', () => {
    for (const start of ['2026-03-07 12:00', '2026-10-31 12:00', '2026-06-30 23:30']) {
      const { due } = addDuration(
        shanghai.at(start),
        { amount: 1, unit: 'calendar-days' },
        shanghai.calendar,
      );
      expect(due.getTime() - shanghai.at(start).getTime()).toBe(86_400_000);
    }
  });
});

describe('changes of the clock: working time counts what really passes', () => {
  const night = newYork([{ from: '00:00', to: '06:00' }]);
  it.each([
    // the night of 8 March has 5 hours: 00:00–02:00, 03:00–06:00
    ['spring', '2026-03-08 00:00', 4, '2026-03-08 05:00'],
    ['spring, used up at closing', '2026-03-08 00:00', 5, '2026-03-08 06:00'],
    ['spring, into the next night', '2026-03-08 00:00', 6, '2026-03-09 01:00'],
    // the night of 1 November has 7 hours
    ['autumn', '2026-11-01 00:00', 4, '2026-11-01 03:00'],
    ['autumn, used up at closing', '2026-11-01 00:00', 7, '2026-11-01 06:00'],
  ])('%s: %s + %i hours', (_title, start, amount, expected) => {
    const { due, spans } = addDuration(york.at(start), { amount, unit: 'working-hours' }, night);
    mustCover(spans, york.at(start), due);
    expect(york.show(due)).toBe(expected);
    expect(between(york.at(start), due, night, 'working-hours').ms).toBe(amount * 3_600_000);
  });

  it('a span that begins or ends in the skipped hour begins or ends at the change', () => {
    const before = newYork([{ from: '01:00', to: '02:30' }]);
    const after = newYork([{ from: '02:30', to: '04:00' }]);
    const of = (calendar: typeof before) =>
      between(york.at('2026-03-08 00:00'), york.at('2026-03-09 00:00'), calendar, 'working-hours').ms /
      60_000;
    expect([of(before), of(after)]).toEqual([60, 60]);
  });

  it('working days keep the clock time over both changes', () => {
    const office = newYork([{ from: '08:30', to: '17:00' }], [1, 2, 3, 4, 5]);
    const profile = { ...DEFAULT_CLOCK_PROFILE, keepTimeOfDay: true };
    const due = (start: string) =>
      york.show(addDuration(york.at(start), { amount: 1, unit: 'working-days' }, office, profile).due);
    expect(due('2026-03-06 10:00')).toBe('2026-03-09 10:00');
    expect(due('2026-10-30 10:00')).toBe('2026-11-02 10:00');
  });

  it('holds where midnight itself is skipped or repeated', () => {
    // Santiago: on 6 September 2026 00:00 → 01:00; on 5 April 2026 24:00 of the 4th → 23:00
    const chile = { ...newYork(always), timeZone: 'America/Santiago' };
    const local = clockOf('America/Santiago');
    const spring = addDuration(local.at('2026-09-05 22:00'), { amount: 4, unit: 'working-hours' }, chile);
    expect(local.show(spring.due)).toBe('2026-09-06 03:00');
    const autumn = addDuration(local.at('2026-04-04 22:00'), { amount: 4, unit: 'working-hours' }, chile);
    expect(local.show(autumn.due)).toBe('2026-04-05 01:00');
    for (const deadline of [spring, autumn]) expect(deadline.spans).toHaveLength(1);
  });

  it('holds where a zone skips a whole day', () => {
    // Samoa went over the date line: there is no 30 December 2011, a Friday
    const samoa = { ...newYork([{ from: '08:00', to: '16:00' }], [1, 2, 3, 4, 5]), timeZone: 'Pacific/Apia' };
    const local = clockOf('Pacific/Apia');
    const { due, spans } = addDuration(
      local.at('2011-12-29 15:00'),
      { amount: 2, unit: 'working-hours' },
      samoa,
    );
    mustCover(spans, local.at('2011-12-29 15:00'), due);
    expect(local.show(due)).toBe('2012-01-02 09:00');
  });
});
