import { describe, expect, it } from '@jest/globals';
import { monthsLate } from './arrears.rules.js';

describe('BIL-12 how late a debt is', () => {
  it.each([
    ['2026-03-31', '2026-03-31', 0],
    ['2026-03-31', '2026-01-01', 0],
    ['2026-03-31', '2026-04-01', 1],
    ['2026-03-31', '2026-04-30', 1],
    ['2026-03-31', '2026-05-01', 2],
    ['2026-01-31', '2026-02-28', 1],
    ['2026-01-31', '2026-03-01', 2],
    ['2026-01-15', '2026-04-15', 3],
    ['2026-01-15', '2026-04-16', 4],
    ['2025-12-31', '2026-12-31', 12],
    ['2025-12-31', '2027-01-01', 13],
  ])('due on %s, on %s: %i begun months', (dueOn, asOf, months) => {
    expect(monthsLate(dueOn, asOf)).toBe(months);
  });
});
