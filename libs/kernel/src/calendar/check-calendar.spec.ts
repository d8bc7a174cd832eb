import { describe, expect, it } from '@jest/globals';
import { aCalendar, clockOf, weekOf, OFFICE } from '../../test/calendar.builder.js';
import { isDomainError } from '../domain-error.js';
import { addDuration } from './add-duration.js';
import type { BusinessCalendar } from './calendar.js';
import { checkCalendar } from './check-calendar.js';
import { formatLocalDate, fromLocalTime, parseLocalDate, toLocalDate, toLocalTime } from './local-time.js';

function problems(changes: Partial<BusinessCalendar>): string[] {
  try {
    checkCalendar(aCalendar(changes));
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'calendar.invalid') throw error;
    expect(error.fields).not.toEqual([]);
    return error.fields!.map((field) => `${field.path} ${field.code}`);
  }
  return [];
}

describe('a calendar is checked before it is stored', () => {
  const span = (from: string, to: string) => ({ ...weekOf(OFFICE), 1: [{ from, to }], 5: OFFICE });

  it.each<[string, Partial<BusinessCalendar>, string[]]>([
    ['a good one', {}, []],
    ['spans from and to midnight', { week: span('00:00', '24:00'), makeUpDays: {} }, []],
    [
      'spans that touch',
      {
        week: {
          ...weekOf(OFFICE),
          1: [
            { from: '08:00', to: '12:00' },
            { from: '12:00', to: '13:00' },
          ],
        },
      },
      [],
    ],
    ['an unknown zone', { timeZone: 'Asia/Atlantis' }, ['timeZone calendar.unknown-time-zone']],
    ['a bare offset', { timeZone: '+08:00' }, ['timeZone calendar.unknown-time-zone']],
    ['a time past 24:00', { week: span('08:00', '24:30') }, ['week.1 calendar.invalid-span']],
    ['a time of another form', { week: span('8:00', '12:00') }, ['week.1 calendar.invalid-span']],
    ['minutes past 59', { week: span('08:60', '12:00') }, ['week.1 calendar.invalid-span']],
    ['a time after something', { week: span('x08:00', '12:00') }, ['week.1 calendar.invalid-span']],
    ['a time before something', { week: span('08:00', '12:00x') }, ['week.1 calendar.invalid-span']],
    ['a place that no zone knows', { timeZone: '1Asia/Shanghai' }, ['timeZone calendar.unknown-time-zone']],
    ['a reversed span', { week: span('12:00', '08:00') }, ['week.1 calendar.invalid-span']],
    ['an empty span', { week: span('12:00', '12:00') }, ['week.1 calendar.invalid-span']],
    ['no opening at all', { week: weekOf([]), makeUpDays: {} }, ['week calendar.never-open']],
    [
      'a date that does not exist',
      { holidays: { '2026-02-30': 'x' } },
      ['holidays.2026-02-30 calendar.invalid-date'],
    ],
    [
      'a date of another form',
      { holidays: { '1/2/2026': 'x' } },
      ['holidays.1/2/2026 calendar.invalid-date'],
    ],
    [
      'a make-up day on no date',
      { makeUpDays: { '2026-13-01': { name: 'x' } } },
      ['makeUpDays.2026-13-01 calendar.invalid-date'],
    ],
    [
      'a make-up day that is closed',
      { makeUpDays: { '2026-03-01': { name: 'x', like: 7 } } },
      ['makeUpDays.2026-03-01.spans calendar.never-open'],
    ],
    [
      'a make-up day with a mistake of its own',
      { makeUpDays: { '2026-03-01': { name: 'x', spans: [{ from: '9', to: '10:00' }] } } },
      ['makeUpDays.2026-03-01.spans calendar.invalid-span'],
    ],
    [
      'a day that is both',
      { makeUpDays: { '2026-10-01': { name: 'x' } } },
      ['makeUpDays.2026-10-01 calendar.day-twice'],
    ],
    [
      'spans that overlap or are out of order',
      {
        week: {
          ...weekOf(OFFICE),
          1: [
            { from: '08:00', to: '12:00' },
            { from: '11:00', to: '13:00' },
          ],
          2: [...OFFICE].reverse(),
        },
      },
      ['week.1 calendar.overlapping-spans', 'week.2 calendar.overlapping-spans'],
    ],
  ])('%s', (_title, changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it('says which spans overlap, and which day is twice', () => {
    const spans = [
      { from: '08:00', to: '12:00' },
      { from: '11:00', to: '13:00' },
    ];
    const wrong = aCalendar({
      week: { ...weekOf(OFFICE), 1: spans },
      makeUpDays: { '2026-10-01': { name: 'x', like: 2 } },
    });
    const details = [
      expect.objectContaining({ detail: '08:00–12:00 and 11:00–13:00 overlap.' }),
      expect.objectContaining({ detail: '2026-10-01 is also a holiday.' }),
    ];
    expect(() => checkCalendar(wrong)).toThrow(expect.objectContaining({ fields: details }));
  });

  it('does not hide mistakes of the program', () => {
    const broken = { ...aCalendar(), week: {} } as unknown as BusinessCalendar;
    expect(() => checkCalendar(broken)).toThrow(TypeError);
    expect(() =>
      checkCalendar({ ...aCalendar(), timeZone: undefined } as unknown as BusinessCalendar),
    ).toThrow(TypeError);
  });

  it('is checked again where it is used, as far as the calculation needs', () => {
    const start = new Date('2026-11-10T00:00:00Z');
    const use = (changes: Partial<BusinessCalendar>) => () =>
      addDuration(start, { amount: 1, unit: 'working-days' }, aCalendar(changes));
    expect(use({ timeZone: 'x' })).toThrow('calendar.unknown-time-zone');
    expect(use({ week: span('25:00', '26:00') })).toThrow('calendar.invalid-span');
    expect(use({ holidays: { x: 'x' } })).toThrow('calendar.invalid-date');
  });

  it('works a day that is both holiday and make-up day', () => {
    const both = aCalendar({ makeUpDays: { '2026-10-01': { name: '加班' } } });
    const { at, show } = clockOf();
    expect(show(addDuration(at('2026-09-30 17:00'), { amount: 1, unit: 'working-hours' }, both).due)).toBe(
      '2026-10-01 09:00',
    );
  });
});

describe('local times', () => {
  it.each([
    ['2011-07-01 07:16:44', 'America/New_York', '2011-07-01T11:16:44.000Z'],
    ['2011-12-01T07:16:44', 'America/New_York', '2011-12-01T12:16:44.000Z'],
    ['2026-11-22T08:00', 'Asia/Shanghai', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T08:00:01.5', 'Asia/Shanghai', '2026-11-22T00:00:01.500Z'],
    ['2026-11-22T08:00:01.25', 'UTC', '2026-11-22T08:00:01.250Z'],
    // Kathmandu is 5:45 ahead
    ['2026-11-22T08:00', 'Asia/Kathmandu', '2026-11-22T02:15:00.000Z'],
    // skipped: the moment of the change; repeated: the first
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['1950-06-01T12:00', 'America/New_York', '1950-06-01T16:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(fromLocalTime(text, zone).toISOString()).toBe(instant);
  });

  it.each([
    '2011-02-30T08:00',
    '2011-13-01T08:00',
    '2011-07-01T24:00',
    'x2011-07-01T08:00',
    '2011-07-01T08:00x',
    '2011-07-01T08:00:00.1234',
    '2011-07-01',
    'yesterday',
    '0099-02-30T08:00',
  ])('refuses %s', (text) => {
    expect(() => fromLocalTime(text, 'UTC')).toThrow('calendar.invalid-date');
  });

  it('shows the business date of a branch, which may differ from the date in UTC', () => {
    const at = new Date('2026-12-31T16:30:00Z');
    expect(toLocalTime(at, 'Asia/Shanghai')).toBe('2027-01-01T00:30:00.000');
    expect(toLocalDate(at, 'Asia/Shanghai')).toBe('2027-01-01');
    expect(toLocalDate(at, 'America/New_York')).toBe('2026-12-31');
  });

  it.each(['x2026-11-22', '2026-11-22x', '2026-11-22T08:00', '2026-1-2', '2026-02-30'])(
    'refuses the date %s, and shows it as far as it is short',
    (text) => {
      expect(() => parseLocalDate(text)).toThrow(`calendar.invalid-date: "${text}" is not a date`);
      expect(() => parseLocalDate('9'.repeat(31))).toThrow(`"${'9'.repeat(30)}" is not a date`);
    },
  );

  it('refuses a time of another form, and shows it as far as it is short', () => {
    expect(() => fromLocalTime('9'.repeat(31), 'UTC')).toThrow(`"${'9'.repeat(30)}" is not a time`);
  });

  it('knows the first and the last instant of four-digit years', () => {
    expect(toLocalTime(new Date('0001-01-01T00:00:00Z'), 'UTC')).toBe('0001-01-01T00:00:00.000');
    expect(toLocalTime(new Date('9999-12-31T23:59:59.999Z'), 'UTC')).toBe('9999-12-31T23:59:59.999');
    for (const beyond of ['0000-12-31T23:59:59.999Z', '+010000-01-01T00:00:00.000Z'])
      expect(() => toLocalTime(new Date(beyond), 'UTC')).toThrow('calendar.invalid-date');
  });

  it('counts days', () => {
    expect([parseLocalDate('1970-01-01'), parseLocalDate('2000-02-29')]).toEqual([0, 11_016]);
    expect(formatLocalDate(11_016)).toBe('2000-02-29');
  });

  it('refuses instants without a four-digit year', () => {
    for (const at of [new Date(NaN), new Date(8.64e15), new Date(-8.64e15)]) {
      expect(() => toLocalTime(at, 'UTC')).toThrow('calendar.invalid-date');
    }
  });
});
