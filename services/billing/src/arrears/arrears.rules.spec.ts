import { describe, expect, it } from '@jest/globals';
import { ageOf, daysLate, monthsLate } from './arrears.rules.js';

describe('BIL-12 how late a debt is', () => {
  it.each([
    ['2026-03-31', '2026-03-31', 0, 0, undefined],
    ['2026-03-31', '2026-01-01', 0, 0, undefined],
    ['2026-03-31', '2026-04-01', 1, 1, 'days1To30'],
    ['2026-03-31', '2026-04-30', 30, 1, 'days1To30'],
    ['2026-03-31', '2026-05-01', 31, 2, 'days31To60'],
    ['2026-01-31', '2026-02-28', 28, 1, 'days1To30'],
    ['2026-01-31', '2026-03-01', 29, 2, 'days1To30'],
    ['2026-01-15', '2026-04-15', 90, 3, 'days61To90'],
    ['2026-01-15', '2026-04-16', 91, 4, 'days91To180'],
    ['2025-12-31', '2026-12-31', 365, 12, 'days181To365'],
    ['2025-12-31', '2027-01-01', 366, 13, 'older'],
  ])('due on %s, on %s: %i days, %i begun months', (dueOn, asOf, days, months, age) => {
    expect([daysLate(dueOn, asOf), monthsLate(dueOn, asOf), ageOf(dueOn, asOf)]).toEqual([days, months, age]);
  });
});
