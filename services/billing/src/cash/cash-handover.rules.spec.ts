import { describe, expect, it } from '@jest/globals';
import { checkCount, countOf, handoverEntry, SAFE_KEEPERS } from './cash-handover.rules.js';

const pieces = [
  { value: 10_000n, pieces: 3 },
  { value: 50n, pieces: 1 },
];

describe('BIL-09 cash handed over with a signed count', () => {
  it('counts notes and coins', () => {
    expect(countOf(pieces)).toBe(30_050n);
    expect(countOf([])).toBe(0n);
  });

  it.each([
    ['what was received', 30_050n, null, 0n],
    ['less, explained', 30_100n, 'one coin fell behind the desk', -50n],
    ['more, explained', 30_000n, 'change that a customer left', 50n],
  ] as const)('takes %s', (_title, expected, explanation, difference) => {
    expect(checkCount({ expected, counted: 30_050n, pieces, explanation })).toBe(difference);
  });

  it.each([
    ['cash-handover.unexplained', { expected: 1n, counted: 30_050n, pieces, explanation: null }],
    ['cash-handover.count-differs', { expected: 5n, counted: 5n, pieces, explanation: null }],
  ])('refuses with %s', (code, count) => {
    expect(() => checkCount(count)).toThrow(code);
  });

  it('is taken by who answers for the safe', () => {
    expect(SAFE_KEEPERS).toEqual(['accountant', 'branch-manager']);
  });

  it('takes a sum that was counted without its pieces', () => {
    expect(checkCount({ expected: 5n, counted: 5n, pieces: [], explanation: null })).toBe(0n);
  });

  it('empties the drawer in the ledger, whatever was counted', () => {
    expect(handoverEntry(100n, 100n)).toEqual([
      { account: 'safe', amount: 100n },
      { account: 'money:cash', amount: -100n },
    ]);
    expect(handoverEntry(100n, 97n)).toContainEqual({ account: 'cash-difference', amount: 3n });
    expect(handoverEntry(100n, 97n)).toContainEqual({ account: 'money:cash', amount: -100n });
    expect(handoverEntry(0n, 0n)).toEqual([]);
  });
});
