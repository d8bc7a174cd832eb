import { describe, expect, it } from '@jest/globals';
import {
  attemptAt,
  checkResult,
  isRecurrent,
  isUnreachable,
  missingAttempts,
  type Attempt,
} from './callback.rules.js';

const POLICY = { days: 3, partsOfDay: 3 };
const calls = (...texts: string[]): Attempt[] =>
  texts.map((text) => {
    const [day, partOfDay] = text.split(' ');
    return { day, partOfDay } as Attempt;
  });
const enough = calls('2026-03-05 morning', '2026-03-06 afternoon', '2026-03-07 evening');

describe('TKT-61 callbacks', () => {
  it.each([
    ['2026-03-05T03:59:00Z', { day: '2026-03-05', partOfDay: 'morning' }],
    ['2026-03-05T04:00:00Z', { day: '2026-03-05', partOfDay: 'afternoon' }],
    ['2026-03-05T10:00:00Z', { day: '2026-03-05', partOfDay: 'evening' }],
    ['2026-03-05T16:30:00Z', { day: '2026-03-06', partOfDay: 'morning' }],
  ])('%s in Shanghai', (at, expected) => {
    expect(attemptAt(new Date(at), 'Asia/Shanghai')).toEqual(expected);
  });

  it.each([
    ['three days, three parts of day', enough, true],
    [
      'three calls on one day',
      calls('2026-03-05 morning', '2026-03-05 afternoon', '2026-03-05 evening'),
      false,
    ],
    ['always in the morning', calls('2026-03-05 morning', '2026-03-06 morning', '2026-03-07 morning'), false],
    ['none', [], false],
  ])('%s', (_title, attempts, expected) => {
    expect(isUnreachable(attempts, POLICY)).toBe(expected);
  });

  it.each([
    [1, true],
    [2, false],
    [4, false],
  ])('a day has three parts, so wanting %i of them in two calls is met: %s', (partsOfDay, expected) => {
    const twice = calls('2026-03-05 morning', '2026-03-06 morning');
    expect(isUnreachable(twice, { days: 2, partsOfDay })).toBe(expected);
    expect(isUnreachable(enough, { days: 2, partsOfDay })).toBe(true);
  });

  it('says what is missing', () => {
    expect(missingAttempts(calls('2026-03-05 morning', '2026-03-05 evening'), POLICY)).toEqual({
      days: 2,
      partsOfDay: ['afternoon'],
    });
    expect(missingAttempts(enough, POLICY)).toEqual({ days: 0, partsOfDay: [] });
    expect(missingAttempts(calls('2026-03-05 morning'), { days: 1, partsOfDay: 1 })).toEqual({
      days: 0,
      partsOfDay: [],
    });
  });

  it('a result is recorded once, and unreachable only after enough attempts', () => {
    expect(() => checkResult({ state: 'due', attempts: [] }, 'satisfied', POLICY)).not.toThrow();
    expect(() => checkResult({ state: 'due', attempts: enough }, 'unreachable', POLICY)).not.toThrow();
    expect(() => checkResult({ state: 'due', attempts: [] }, 'unreachable', POLICY)).toThrow(
      expect.objectContaining({
        code: 'callback.not-tried-enough',
        detail: expect.stringContaining('on 3 more day(s)'),
        params: { days: 3, partsOfDay: ['morning', 'afternoon', 'evening'] },
      }),
    );
    expect(() => checkResult({ state: 'satisfied', attempts: [] }, 'dissatisfied', POLICY)).toThrow(
      'callback.done',
    );
  });
});

describe('TKT-64 recurrent problems', () => {
  it.each([
    [2, false],
    [3, true],
    [4, true],
  ])('%i tickets of one unit and category', (count, expected) => {
    expect(isRecurrent(count, 3)).toBe(expected);
  });
});
