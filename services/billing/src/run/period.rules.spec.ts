import { describe, expect, it } from '@jest/globals';
import { periodDays } from './period.rules.js';

describe('the days of a month', () => {
  it.each([
    ['2026-01', '2026-01-31'],
    ['2026-02', '2026-02-28'],
    ['2028-02', '2028-02-29'],
    ['2026-09', '2026-09-30'],
    ['2026-11', '2026-11-30'],
    ['2026-12', '2026-12-31'],
  ])('%s ends on %s', (month, to) => {
    expect(periodDays(month)).toEqual({ from: `${month}-01`, to });
  });
});
