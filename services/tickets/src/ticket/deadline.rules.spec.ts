import { describe, expect, it } from '@jest/globals';
import { CLOCK_PROFILE, KIND_RESOLVE } from '@steward/contracts';
import {
  DEFAULT_CLOCK_PROFILE,
  findPolicy,
  resolvePolicy,
  type BusinessCalendar,
  type Duration,
  type PolicyValue,
} from '@steward/kernel';
import { basisOf, dueBy, isOnTime, type DeadlineBasis } from './deadline.rules.js';
import type { Pause } from './ticket.rules.js';

const OFFICE = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
];

/** Shanghai, 7.5 h from Monday to Friday; National Day 2025 with its make-up Sunday. */
const CALENDAR: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE, 6: [], 7: [] },
  holidays: Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((day) => [`2025-10-0${day}`, '国庆节'])),
  makeUpDays: { '2025-09-28': { name: '国庆调休' } },
};

const basis = (amount: number, unit: Duration['unit'], multiplier?: string): DeadlineBasis => ({
  key: 'tickets.sla.repair.resolve',
  policyVersion: 3,
  policyFrom: 'branch',
  allowance: { amount, unit },
  profile: { ...DEFAULT_CLOCK_PROFILE, ...(multiplier === undefined ? {} : { multiplier }) },
  profileVersion: 0,
  calendarId: 'c',
  calendarVersion: 1,
});

/** A local time of Shanghai. */
const at = (text: string): Date => new Date(`${text}+08:00`);
const pause = (from: string, until: string): Pause => ({
  from: at(from).toISOString(),
  until: at(until).toISOString(),
  reason: 'waiting-for-customer',
});
const due = (of: DeadlineBasis, start: string, pauses: readonly Pause[] = []): Date =>
  dueBy(of, CALENDAR, at(start), pauses).due;

describe('TKT-28 deadlines by the branch calendar', () => {
  it.each<[string, number, Duration['unit'], string, string]>([
    [
      'TKT-20 three days are the same clock time three dates on',
      3,
      'calendar-days',
      '2025-09-26T16:30',
      '2025-09-29T16:30',
    ],
    [
      'hours of the calendar run through night and holiday',
      24,
      'calendar-hours',
      '2025-09-30T16:30',
      '2025-10-01T16:30',
    ],
    ['working hours stop at lunch', 4, 'working-hours', '2025-09-25T10:00', '2025-09-25T15:30'],
    ['and at closing', 4, 'working-hours', '2025-09-25T16:30', '2025-09-26T11:30'],
    ['a make-up Sunday is worked', 10, 'working-hours', '2025-09-26T16:30', '2025-09-29T10:00'],
    ['a holiday is not', 10, 'working-hours', '2025-09-30T16:30', '2025-10-10T10:00'],
    ['a start at night waits for the opening', 1, 'working-hours', '2025-09-25T22:00', '2025-09-26T09:30'],
    ['used up at closing ends at closing', 1, 'working-hours', '2025-09-25T16:30', '2025-09-25T17:30'],
    ['working days end at closing', 2, 'working-days', '2025-09-25T10:00', '2025-09-28T17:30'],
  ])('%s', (_name, amount, unit, start, expected) => {
    expect(due(basis(amount, unit), start)).toEqual(at(expected));
  });

  it("stretches by the grade's multiplier", () => {
    expect(due(basis(8, 'working-hours', '0.5'), '2025-09-25T10:00')).toEqual(at('2025-09-25T15:30'));
  });

  it('explains itself: the counted spans sum up to the allowance and leave no gap', () => {
    const {
      spans,
      startsAt,
      due: end,
    } = dueBy(basis(10, 'working-hours'), CALENDAR, at('2025-09-26T16:30'), []);
    expect(spans.reduce((sum, span) => sum + (span.amount ?? 0), 0)).toBe(10 * 3_600_000);
    expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
    expect([startsAt, spans.at(-1)!.to]).toEqual([at('2025-09-26T16:30'), end]);
    expect(spans.map(({ reason }) => reason)).toContain('make-up-day');
  });
});

describe('TKT-27 pauses', () => {
  const eight = basis(8, 'working-hours');
  const start = '2025-09-25T09:00';

  it.each<[string, Pause[], string]>([
    ['none', [], '2025-09-26T09:30'],
    [
      'inside working hours moves by its length',
      [pause('2025-09-25T10:00', '2025-09-25T11:00')],
      '2025-09-26T10:30',
    ],
    [
      'over lunch moves by the overlap only',
      [pause('2025-09-25T11:30', '2025-09-25T14:00')],
      '2025-09-26T10:30',
    ],
    [
      'wholly outside working hours moves nothing',
      [pause('2025-09-25T18:00', '2025-09-26T08:00')],
      '2025-09-26T09:30',
    ],
    [
      'before the clock starts moves nothing',
      [pause('2025-09-25T08:00', '2025-09-25T08:59')],
      '2025-09-26T09:30',
    ],
    ['after the deadline moves nothing', [pause('2025-09-26T10:00', '2025-09-26T11:00')], '2025-09-26T09:30'],
    [
      'that overlap each other count once',
      [pause('2025-09-25T10:00', '2025-09-25T11:00'), pause('2025-09-25T10:30', '2025-09-25T11:30')],
      '2025-09-26T11:00',
    ],
    [
      'over a weekend moves by its working part',
      [pause('2025-09-26T09:00', '2025-09-29T09:00')],
      '2025-09-29T09:30',
    ],
  ])('%s', (_name, pauses, expected) => {
    expect(due(eight, start, pauses)).toEqual(at(expected));
  });

  it('of time by the calendar move by their length, day or night', () => {
    const stop = [pause('2025-09-25T20:00', '2025-09-26T02:00')];
    expect(due(basis(24, 'calendar-hours'), start, stop)).toEqual(at('2025-09-26T15:00'));
  });

  it('lesson 3: another allowance keeps what was consumed and paused', () => {
    const stop = [pause('2025-09-25T10:00', '2025-09-25T11:00')];
    expect(due(basis(10, 'working-hours'), start, stop)).toEqual(at('2025-09-26T14:00'));
    expect(due(basis(2, 'working-hours'), start, stop)).toEqual(at('2025-09-25T12:00'));
  });
});

describe('POL-03 the basis of a decision', () => {
  const value = (version: number, effectiveFrom: string, amount: number): PolicyValue => ({
    key: 'tickets.sla.repair.resolve',
    unitId: 'g',
    unitKind: 'group',
    value: { amount, unit: 'working-hours' },
    effectiveFrom: at(effectiveFrom),
    version,
    locked: false,
  });
  const values = [value(1, '2025-01-01T00:00', 8), value(2, '2025-09-01T00:00', 4)];
  const decided = (received: string): DeadlineBasis => {
    const path = { groupId: 'g', branchId: 'b' };
    const key = 'tickets.sla.repair.resolve';
    const policy = resolvePolicy(KIND_RESOLVE.repair, key, values, path, at(received));
    const profile = resolvePolicy(CLOCK_PROFILE, CLOCK_PROFILE.key, [], path, at(received));
    return basisOf({ key, policy }, profile, { calendarId: 'c', version: 7 });
  };

  it('is the policy that held at receipt, with version and level, and the calendar version', () => {
    expect(decided('2025-08-31T23:59')).toMatchObject({
      key: 'tickets.sla.repair.resolve',
      policyVersion: 1,
      policyFrom: 'group',
      allowance: { amount: 8, unit: 'working-hours' },
      calendarId: 'c',
      calendarVersion: 7,
    });
    expect(decided('2025-09-01T00:00')).toMatchObject({ policyVersion: 2, allowance: { amount: 4 } });
  });

  it('holds a copy of what it was made from, so that nothing later moves the deadline', () => {
    const early = decided('2025-08-29T09:00');
    const before = due(early, '2025-08-29T09:00');
    values.push(value(3, '2025-01-01T00:00', 1));
    expect(due(JSON.parse(JSON.stringify(early)) as DeadlineBasis, '2025-08-29T09:00')).toEqual(before);
    values.pop();
  });

  it('POL-05 a kind without an allowance has none, a complaint has three days', () => {
    const path = { groupId: 'g', branchId: 'b' };
    const now = at('2025-09-01T00:00');
    expect(findPolicy(KIND_RESOLVE.hazard, KIND_RESOLVE.hazard.key, [], path, now)).toBeUndefined();
    expect(findPolicy(KIND_RESOLVE.complaint, KIND_RESOLVE.complaint.key, [], path, now)).toMatchObject({
      value: { amount: 3, unit: 'calendar-days' },
      version: 0,
      from: 'default',
    });
  });
});

describe('the verdict', () => {
  const end = at('2025-09-26T09:30');

  it('TKT-28 is on time up to the deadline itself, late after it, none without one', () => {
    expect(isOnTime(end, end)).toBe(true);
    expect(isOnTime(new Date(end.getTime() + 1), end)).toBe(false);
    expect(isOnTime(end, null)).toBeNull();
  });
});
