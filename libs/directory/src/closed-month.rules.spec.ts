import { describe, expect, it } from '@jest/globals';
import { lateRule } from './closed-month.rules.js';

const SHANGHAI = 'Asia/Shanghai';
const isLate = lateRule(
  [
    { branchId: 'east', month: '2026-02' },
    { branchId: 'east', month: '2025-12' },
    { branchId: 'north', month: '2026-02' },
  ],
  (branch) => (branch === 'east' ? SHANGHAI : 'America/New_York'),
);

describe('GRP-02 a fact is late', () => {
  it.each([
    ['east', '2026-01-31T15:59:59.999Z', false],
    ['east', '2026-01-31T16:00:00.000Z', true],
    ['east', '2026-02-28T15:59:59.999Z', true],
    ['east', '2026-02-28T16:00:00.000Z', false],
    ['east', '2025-12-31T00:00:00.000Z', true],
    ['north', '2026-02-01T04:59:59.999Z', false],
    ['north', '2026-02-01T05:00:00.000Z', true],
    ['south', '2026-02-10T00:00:00.000Z', false],
  ])('at %s of %s: %s', (branch, at, late) => {
    expect(isLate(branch, new Date(at))).toBe(late);
  });
});
