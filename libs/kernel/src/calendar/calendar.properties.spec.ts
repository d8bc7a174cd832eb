import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { aCalendar, mustCover, OFFICE, weekOf } from '../../test/calendar.builder.js';
import type { Duration } from '../duration.js';
import { addDuration } from './add-duration.js';
import { between } from './between.js';
import { DEFAULT_CLOCK_PROFILE, type BusinessCalendar, type Interval, type TimeSpan } from './calendar.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Openings of a day: an even number of different times, taken in pairs. */
const spans = fc
  .uniqueArray(
    fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15),
    { minLength: 2, maxLength: 6 },
  )
  .map((times) => times.sort((a, b) => a - b))
  .map((times) =>
    Array.from({ length: Math.floor(times.length / 2) }, (_, i): TimeSpan => ({
      from: clockTime(times[2 * i]!),
      to: clockTime(times[2 * i + 1]!),
    })),
  );

const date = fc
  .integer({ min: 0, max: 400 })
  .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));

const calendars: fc.Arbitrary<BusinessCalendar> = fc.record({
  timeZone: fc.constantFrom(
    'Asia/Shanghai',
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'UTC',
  ),
  week: fc.record({
    1: spans,
    2: spans,
    3: spans,
    4: spans,
    5: fc.oneof(spans, fc.constant([])),
    6: fc.oneof(spans, fc.constant([])),
    7: fc.constant([]),
  }),
  holidays: fc.dictionary(date, fc.constant('holiday'), { maxKeys: 20 }),
  makeUpDays: fc.dictionary(date, fc.record({ name: fc.constant('make-up'), spans }), { maxKeys: 10 }),
});

const starts = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) })
  .map((ms) => new Date(ms));
const amounts = fc.integer({ min: 0, max: 200 * 60 }).map((minutes) => minutes / 60);
const pauseList = fc.array(
  fc
    .tuple(starts, fc.integer({ min: 0, max: 6 * 24 * 60 }))
    .map(([from, minutes]): Interval => ({ from, to: new Date(from.getTime() + minutes * MINUTE) })),
  { maxLength: 8 },
);
const durations = fc.record<Duration>({
  amount: fc.integer({ min: 0, max: 60 }).map((quarters) => quarters / 4),
  unit: fc.constantFrom('minutes', 'calendar-hours', 'calendar-days', 'working-hours', 'working-days'),
});
const units = fc.constantFrom('working-hours' as const, 'calendar-hours' as const);
const ms = (at: Date): number => at.getTime();

describe('properties of the business calendar', () => {
  it('add and between are inverse, with any pauses', () => {
    fc.assert(
      fc.property(calendars, starts, amounts, pauseList, units, (calendar, start, amount, pauses, unit) => {
        const { due } = addDuration(start, { amount, unit }, calendar, undefined, pauses);
        fc.pre(due >= start);
        expect(between(start, due, calendar, unit, pauses).ms).toBe(Math.round(amount * HOUR));
      }),
    );
  });

  it('the end is the earliest instant: one millisecond less has passed just before it', () => {
    fc.assert(
      fc.property(calendars, starts, amounts, pauseList, units, (calendar, start, amount, pauses, unit) => {
        fc.pre(amount > 0);
        const { due } = addDuration(start, { amount, unit }, calendar, undefined, pauses);
        const before = new Date(ms(due) - 1);
        expect(between(start, before, calendar, unit, pauses).ms).toBe(Math.round(amount * HOUR) - 1);
      }),
    );
  });

  it('what passed can be added again', () => {
    fc.assert(
      fc.property(calendars, starts, starts, units, (calendar, a, b, unit) => {
        const [from, to] = a <= b ? [a, b] : [b, a];
        const passed = between(from, to, calendar, unit).ms;
        const { due } = addDuration(from, { amount: passed / HOUR, unit }, calendar);
        expect(between(from, due, calendar, unit).ms).toBe(passed);
        if (passed > 0) expect(due <= to).toBe(true);
      }),
    );
  });

  it('the spans cover start to end, and those that count add up', () => {
    fc.assert(
      fc.property(
        calendars,
        starts,
        durations,
        pauseList,
        fc.boolean(),
        (calendar, start, duration, pauses, keepTimeOfDay) => {
          const profile = { ...DEFAULT_CLOCK_PROFILE, keepTimeOfDay };
          const { due, startsAt, spans: list } = addDuration(start, duration, calendar, profile, pauses);
          mustCover(list, start, due);
          expect(list.filter((span) => span.counted && span.from < startsAt)).toEqual([]);
          const counted = list.reduce((sum, span) => sum + (span.amount ?? 0), 0);
          if (duration.unit.endsWith('hours')) expect(counted).toBe(duration.amount * HOUR);
        },
      ),
    );
  });

  it('is monotone in the start', () => {
    fc.assert(
      fc.property(calendars, starts, fc.nat(7 * 24 * 60), durations, (calendar, start, minutes, duration) => {
        // Clock times that repeat run backwards once a year, so days are compared in a zone without changes.
        const steady =
          duration.unit === 'calendar-days' ? { ...calendar, timeZone: 'Asia/Shanghai' } : calendar;
        const later = new Date(ms(start) + minutes * MINUTE);
        expect(ms(addDuration(later, duration, steady).due)).toBeGreaterThanOrEqual(
          ms(addDuration(start, duration, steady).due),
        );
      }),
    );
  });

  it('is monotone in the amount and in the multiplier', () => {
    fc.assert(
      fc.property(
        calendars,
        starts,
        durations,
        fc.nat(40),
        pauseList,
        fc.boolean(),
        (calendar, start, duration, more, pauses, keepTimeOfDay) => {
          const profile = { ...DEFAULT_CLOCK_PROFILE, keepTimeOfDay };
          const longer = { ...duration, amount: duration.amount + more / 8 };
          const due = (each: Duration, multiplier?: string) =>
            ms(addDuration(start, each, calendar, { ...profile, multiplier }, pauses).due);
          expect(due(longer)).toBeGreaterThanOrEqual(due(duration));
          expect(due(duration, '1.3')).toBeGreaterThanOrEqual(due(duration, '0.7'));
          expect(due(duration, '1')).toBe(due(duration));
        },
      ),
    );
  });

  it('splitting an opening span in two adjacent ones changes nothing', () => {
    const day = { from: '08:00', to: '18:00' };
    fc.assert(
      fc.property(
        fc.integer({ min: 481, max: 1079 }),
        starts,
        durations,
        pauseList,
        fc.constantFrom('Asia/Shanghai', 'America/New_York'),
        (at, start, duration, pauses, timeZone) => {
          const halves = [
            { from: day.from, to: clockTime(at) },
            { from: clockTime(at), to: day.to },
          ];
          const [whole, split] = [[day], halves].map((week) => aCalendar({ timeZone, week: weekOf(week) }));
          expect(addDuration(start, duration, split!, undefined, pauses)).toEqual(
            addDuration(start, duration, whole!, undefined, pauses),
          );
        },
      ),
    );
  });

  it('pauses are additive: each moves the end by the opening time that it takes out', () => {
    fc.assert(
      fc.property(calendars, starts, amounts, pauseList, (calendar, start, amount, pauses) => {
        const duration: Duration = { amount, unit: 'working-hours' };
        const free = addDuration(start, duration, calendar);
        const paused = addDuration(start, duration, calendar, undefined, pauses);
        const lost = paused.spans
          .filter((span) => span.reason === 'pause')
          .reduce((sum, span) => sum + ms(span.to) - ms(span.from), 0);
        expect(between(free.startsAt, paused.due, calendar, 'working-hours').ms).toBe(
          Math.round(amount * HOUR) + lost,
        );
        expect(paused.due >= free.due).toBe(true);
      }),
    );
  });

  it('pauses count once, in any order and however they are cut', () => {
    fc.assert(
      fc.property(calendars, starts, durations, pauseList, (calendar, start, duration, pauses) => {
        const cut = pauses.flatMap(({ from, to }) => {
          const middle = new Date(Math.floor((ms(from) + ms(to)) / 2));
          return [
            { from: middle, to },
            { from, to: middle },
            { from, to },
          ];
        });
        expect(addDuration(start, duration, calendar, undefined, cut)).toEqual(
          addDuration(start, duration, calendar, undefined, pauses),
        );
      }),
    );
  });

  it('a pause outside opening spans changes nothing in working time', () => {
    const office = aCalendar({ week: weekOf(OFFICE), holidays: {}, makeUpDays: {} });
    fc.assert(
      fc.property(
        starts,
        durations,
        fc.nat(360),
        fc.integer({ min: 0, max: 14 }),
        (start, duration, day, hour) => {
          fc.pre(duration.unit.startsWith('working'));
          // nights of Shanghai, 18:00 to 08:00, are 10:00 to 24:00 in UTC
          const from = new Date(Date.UTC(2026, 0, 1 + day, 10));
          const pause = { from, to: new Date(ms(from) + hour * HOUR) };
          expect(addDuration(start, duration, office, undefined, [pause])).toEqual(
            addDuration(start, duration, office),
          );
        },
      ),
    );
  });
});
