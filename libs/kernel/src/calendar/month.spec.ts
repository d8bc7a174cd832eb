import { describe, expect, it } from '@jest/globals';
import { nextMonth, startOfMonth } from './month.js';

describe('months', () => {
  it.each([
    ['2026-01', '2026-02'],
    ['2026-09', '2026-10'],
    ['2026-12', '2027-01'],
    ['0009-12', '0010-01'],
    ['9999-12', '9999-12'],
  ])('after %s comes %s', (month, next) => {
    expect(nextMonth(month)).toBe(next);
  });

  it('begin at midnight of their zone', () => {
    expect(startOfMonth('2026-03', 'Asia/Shanghai').toISOString()).toBe('2026-02-28T16:00:00.000Z');
    expect(startOfMonth('2026-03', 'America/New_York').toISOString()).toBe('2026-03-01T05:00:00.000Z');
    expect(() => startOfMonth('2026-13', 'UTC')).toThrow();
  });
});
