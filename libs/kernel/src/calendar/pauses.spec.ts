import { describe, expect, it } from '@jest/globals';
import { aCalendar, clockOf, mustCover } from '../../test/calendar.builder.js';
import type { Duration } from '../duration.js';
import { addDuration } from './add-duration.js';
import { between } from './between.js';
import { DEFAULT_CLOCK_PROFILE, type Interval } from './calendar.js';

const { at, show, pause, lines } = clockOf();
const branch = aCalendar();
const hours = (amount: number): Duration => ({ amount, unit: 'working-hours' });
const days = (amount: number): Duration => ({ amount, unit: 'working-days' });
const keep = { ...DEFAULT_CLOCK_PROFILE, keepTimeOfDay: true };

function due(start: string, duration: Duration, pauses: Interval[], profile = DEFAULT_CLOCK_PROFILE): string {
  const deadline = addDuration(at(start), duration, branch, profile, pauses);
  mustCover(deadline.spans, at(start), deadline.due);
  return show(deadline.due);
}

describe('lesson 2, TKT-27: a pause moves a deadline in working hours by its overlap with opening spans', () => {
  // Tuesday 10 November 2026 09:00 + 6 h: 09:00–12:00 = 3, 13:30–16:30 = 3 → 16:30 without a pause
  it.each<[string, Interval[], string]>([
    ['none', [], '2026-11-10 16:30'],
    ['before the start', [pause('2026-11-10 07:00', '2026-11-10 09:00')], '2026-11-10 16:30'],
    ['in the lunch gap only', [pause('2026-11-10 12:00', '2026-11-10 13:30')], '2026-11-10 16:30'],
    ['after the end only', [pause('2026-11-10 16:30', '2026-11-12 09:00')], '2026-11-10 16:30'],
    // the overlap is 11:30–12:00 = 0.5 h
    ['into the lunch gap', [pause('2026-11-10 11:30', '2026-11-10 13:00')], '2026-11-10 17:00'],
    // 11:30–12:00 and 13:30–14:00 = 1 h
    ['over the lunch gap', [pause('2026-11-10 11:30', '2026-11-10 14:00')], '2026-11-10 17:30'],
    // 16:00 until Wednesday 09:30: left 0.5 h → 10:00
    ['over the night', [pause('2026-11-10 16:00', '2026-11-11 09:30')], '2026-11-11 10:00'],
    // 10:00–11:00 twice and touching 11:00–11:30: 1.5 h once; 16:30–17:30 = 1, left 0.5 → Wednesday 09:00
    [
      'three that overlap count once',
      [
        pause('2026-11-10 10:00', '2026-11-10 11:00'),
        pause('2026-11-10 11:00', '2026-11-10 11:30'),
        pause('2026-11-10 10:15', '2026-11-10 10:45'),
      ],
      '2026-11-11 09:00',
    ],
    ['an empty one', [pause('2026-11-10 10:00', '2026-11-10 10:00')], '2026-11-10 16:30'],
    // the whole Tuesday and the weekend behind Friday: everything from Wednesday 08:30: 3.5, left 2.5 → 16:00
    ['from before the start', [pause('2026-11-09 08:00', '2026-11-10 20:00')], '2026-11-11 16:00'],
  ])('pause %s', (_title, pauses, expected) => {
    expect(due('2026-11-10 09:00', hours(6), pauses)).toBe(expected);
  });

  it('a pause over a weekend, a night, a holiday does not move it at all', () => {
    // Friday 13 November 17:00 + 1 h → Monday 09:00
    expect(due('2026-11-13 17:00', hours(1), [pause('2026-11-13 17:30', '2026-11-16 08:30')])).toBe(
      '2026-11-16 09:00',
    );
    // Wednesday 30 September 17:00 + 1 h → Thursday 8 October 09:00
    expect(due('2026-09-30 17:00', hours(1), [pause('2026-10-01 00:00', '2026-10-08 00:00')])).toBe(
      '2026-10-08 09:00',
    );
  });

  it('shows only the paused opening time as pause', () => {
    const { spans } = addDuration(at('2026-11-10 11:00'), hours(1), branch, undefined, [
      pause('2026-11-10 11:30', '2026-11-10 14:00'),
    ]);
    expect(lines(spans)).toEqual([
      '2026-11-10 11:00 – 2026-11-10 11:30 + working',
      '2026-11-10 11:30 – 2026-11-10 12:00 · pause',
      '2026-11-10 12:00 – 2026-11-10 13:30 · outside-hours',
      '2026-11-10 13:30 – 2026-11-10 14:00 · pause',
      '2026-11-10 14:00 – 2026-11-10 14:30 + working',
    ]);
  });
});

describe('lesson 2, TKT-27: working days', () => {
  // Monday 9 November 10:00 + 2 days = Wednesday 17:30 (or 10:00)
  it.each<[string, Interval[], string, string]>([
    ['none', [], '2026-11-11 17:30', '2026-11-11 10:00'],
    ['at night', [pause('2026-11-09 18:00', '2026-11-10 08:00')], '2026-11-11 17:30', '2026-11-11 10:00'],
    // 09:00–11:00 of Tuesday = 2 h: Thursday 10:30; Wednesday 12:00
    ['two hours', [pause('2026-11-10 09:00', '2026-11-10 11:00')], '2026-11-12 10:30', '2026-11-11 12:00'],
    // a whole working day: one day later
    ['Tuesday', [pause('2026-11-10 00:00', '2026-11-11 00:00')], '2026-11-12 17:30', '2026-11-12 10:00'],
    // Tuesday 16:30 to the end of the week: 1 + 7.5 (Wed.) = 8.5 h from Saturday on → Monday 7.5, Tuesday 09:30;
    // with 10:00: 1 + 1.5 = 2.5 h lost until Wednesday 10:00, counted from Monday 08:30 → 11:00
    [
      'into the end and past it',
      [pause('2026-11-10 16:30', '2026-11-14 00:00')],
      '2026-11-17 09:30',
      '2026-11-16 11:00',
    ],
  ])('pause: %s', (_title, pauses, closing, kept) => {
    expect(due('2026-11-09 10:00', days(2), pauses)).toBe(closing);
    expect(due('2026-11-09 10:00', days(2), pauses, keep)).toBe(kept);
  });

  it('a pause before a rolled start does not count', () => {
    expect(due('2026-11-14 10:00', days(1), [pause('2026-11-14 09:00', '2026-11-15 12:00')])).toBe(
      '2026-11-17 17:30',
    );
  });
});

describe('TKT-27: in calendar time a pause moves the deadline by its length', () => {
  it.each<[string, Duration, Interval[], string]>([
    [
      'hours',
      { amount: 24, unit: 'calendar-hours' },
      [pause('2026-11-13 20:00', '2026-11-14 08:00')],
      '2026-11-15 04:00',
    ],
    [
      'days',
      { amount: 3, unit: 'calendar-days' },
      [pause('2026-11-14 00:00', '2026-11-15 12:00')],
      '2026-11-18 04:00',
    ],
    [
      'before the start and after the end',
      { amount: 60, unit: 'minutes' },
      [pause('2026-11-13 10:00', '2026-11-13 16:00'), pause('2026-11-13 17:00', '2026-11-13 18:00')],
      '2026-11-13 17:00',
    ],
    [
      'half before the start',
      { amount: 60, unit: 'minutes' },
      [pause('2026-11-13 10:00', '2026-11-13 16:30')],
      '2026-11-13 17:30',
    ],
    // the first pause moves the end into the second
    [
      'a second one that is reached only by the first',
      { amount: 60, unit: 'minutes' },
      [pause('2026-11-13 17:10', '2026-11-13 18:00'), pause('2026-11-13 16:10', '2026-11-13 16:40')],
      '2026-11-13 18:20',
    ],
  ])('%s', (_title, duration, pauses, expected) => {
    expect(due('2026-11-13 16:00', duration, pauses)).toBe(expected);
  });

  it('explains the pause', () => {
    const { spans } = addDuration(
      at('2026-11-13 16:00'),
      { amount: 1, unit: 'calendar-hours' },
      branch,
      undefined,
      [pause('2026-11-13 16:10', '2026-11-13 16:40')],
    );
    expect(lines(spans)).toEqual([
      '2026-11-13 16:00 – 2026-11-13 16:10 + calendar',
      '2026-11-13 16:10 – 2026-11-13 16:40 · pause',
      '2026-11-13 16:40 – 2026-11-13 17:30 + calendar',
    ]);
  });

  it('refuses a pause that ends before it starts', () => {
    const reversed = pause('2026-11-13 17:00', '2026-11-13 16:00');
    expect(() => due('2026-11-13 16:00', hours(1), [reversed])).toThrow('calendar.reversed-interval');
  });
});

describe('between', () => {
  it('measures working and elapsed time and explains both', () => {
    const from = at('2026-11-13 16:00');
    const to = at('2026-11-16 11:00');
    const working = between(from, to, branch, 'working-hours');
    mustCover(working.spans, from, to);
    // 16:00–17:30 = 1.5 and 08:30–11:00 = 2.5
    expect(working.ms).toBe(4 * 3_600_000);
    const elapsed = between(from, to, branch, 'calendar-hours');
    mustCover(elapsed.spans, from, to);
    expect(elapsed.ms).toBe(67 * 3_600_000);
  });

  it('leaves pauses out', () => {
    const pauses = [pause('2026-11-13 17:00', '2026-11-16 09:30')];
    // 0.5 h of Friday and 1 h of Monday
    expect(between(at('2026-11-13 16:00'), at('2026-11-16 11:00'), branch, 'working-hours', pauses).ms).toBe(
      2.5 * 3_600_000,
    );
    expect(between(at('2026-11-13 16:00'), at('2026-11-16 11:00'), branch, 'calendar-hours', pauses).ms).toBe(
      2.5 * 3_600_000,
    );
  });

  it('counts holidays on request, and make-up days not then', () => {
    const measure = (observeHolidays: boolean) =>
      between(at('2026-10-01 00:00'), at('2026-10-11 00:00'), branch, 'working-hours', [], {
        observeHolidays,
      }).ms / 3_600_000;
    // 8, 9 and (made up) 10 October; or Thursday 1, Friday 2, Monday 5 to Friday 9
    expect([measure(true), measure(false)]).toEqual([22.5, 52.5]);
  });

  it('is nothing between equal instants and refused when reversed', () => {
    expect(between(at('2026-11-10 10:00'), at('2026-11-10 10:00'), branch, 'working-hours')).toEqual({
      ms: 0,
      spans: [],
    });
    expect(() => between(at('2026-11-10 10:00'), at('2026-11-10 09:00'), branch, 'working-hours')).toThrow(
      'calendar.reversed-interval',
    );
  });
});

describe('lesson 3: another target keeps consumed and paused time', () => {
  // Received Monday 9 November 09:00, paused Monday 14:00 to Tuesday 10:00 (3.5 h + 1.5 h = 5 h of opening time).
  const received = '2026-11-09 09:00';
  const pauses = [pause('2026-11-09 14:00', '2026-11-10 10:00')];

  it.each([
    // 8 h: 3 + 0.5, pause, 10:00–12:00 = 2, left 2.5 → 16:00
    ['normal priority', 8, '2026-11-10 16:00'],
    // 4 h: 3 + 0.5, pause, left 0.5 → 10:30
    ['raised: the deadline comes nearer by exactly the difference', 4, '2026-11-10 10:30'],
    // 3 h were used up before the pause
    ['raised so far that the time is already over', 3, '2026-11-09 12:00'],
    // 16 h: 5.5 + 4 (Tuesday) = 9.5, Wednesday 6.5 → 16:30
    ['lowered', 16, '2026-11-11 16:30'],
  ])('%s', (_title, amount, expected) => {
    expect(due(received, hours(amount), pauses)).toBe(expected);
  });

  it('the time consumed until the change is the same under every target', () => {
    const changedAt = at('2026-11-10 11:00');
    // 09:00–12:00, 13:30–14:00, 10:00–11:00 = 4.5 h
    expect(between(at(received), changedAt, branch, 'working-hours', pauses).ms).toBe(4.5 * 3_600_000);
    for (const amount of [8, 16]) {
      const { due: end } = addDuration(at(received), hours(amount), branch, undefined, pauses);
      expect(between(changedAt, end, branch, 'working-hours', pauses).ms).toBe((amount - 4.5) * 3_600_000);
    }
  });
});

describe('lesson 4: each target has a deadline of its own', () => {
  const received = '2026-11-10 09:00';
  const waiting = [pause('2026-11-10 10:00', '2026-11-10 15:00')];

  it('the first response is not moved by the solution target nor by its pauses', () => {
    const response = due(received, hours(2), []);
    const solution = due(received, days(2), waiting);
    expect(due(received, hours(2), [])).toBe(response);
    // 09:00 + 2 h; Thursday closing + 3.5 h of pause (10:00–12:00, 13:30–15:00) = Friday 12:00
    expect([response, solution]).toEqual(['2026-11-10 11:00', '2026-11-13 12:00']);
  });

  it('a ticket answered up to the deadline has not used more than the allowance, whatever comes later', () => {
    const used = (answered: string) =>
      between(at(received), at(answered), branch, 'working-hours').ms / 3_600_000;
    expect(used('2026-11-10 10:59')).toBeLessThan(2);
    expect(used('2026-11-10 11:00')).toBe(2);
    expect(used('2026-11-10 11:01')).toBeGreaterThan(2);
  });
});
