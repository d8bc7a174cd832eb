import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addRatio,
  compareRatio,
  formatRatio,
  multiplyRatio,
  ratio,
  roundRatio,
  subtractRatio,
  ZERO_RATIO,
} from './ratio.js';

const any = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([above, below]) => ratio(above, below));

describe('exact fractions', () => {
  it.each([
    ['1', '3', { above: 1n, below: 3n }],
    ['-2.5', '0.5', { above: -5n, below: 1n }],
    ['3', '-6', { above: -1n, below: 2n }],
    ['4', '-6', { above: -2n, below: 3n }],
    ['-4', '-6', { above: 2n, below: 3n }],
    ['0', '7', { above: 0n, below: 1n }],
  ])('%s over %s in lowest terms', (above, below, expected) => {
    expect(ratio(above, below)).toEqual(expected);
  });

  it('has nothing over zero', () => {
    expect(() => ratio(1, 0)).toThrow(RangeError);
  });

  it.each([
    ['0.005', 1, 2, 1n],
    ['-0.005', 1, 2, -1n],
    ['0.004999999999', 1, 2, 0n],
    ['1', 3, 2, 33n],
    ['2', 3, 2, 67n],
    ['1.5', 1, 0, 2n],
  ])('%s/%i at %i decimals is %s minor units, half away from zero', (above, below, digits, expected) => {
    expect(roundRatio(ratio(above, below), digits)).toBe(expected);
  });

  it.each([
    ['1', 3, 4, '0.3333'],
    ['12.50', 1, 6, '12.5'],
    ['1.05', 1, 4, '1.05'],
    ['-0.5', 1, 2, '-0.5'],
    ['-7', 1, 2, '-7'],
    ['2', 3, 0, '1'],
  ])('%s/%i reads as %#', (above, below, digits, expected) => {
    expect(formatRatio(ratio(above, below), digits)).toBe(expected);
  });

  it('are ordered by value', () => {
    const order = (a: string, b: string) => compareRatio(ratio(a, 3), ratio(b, 3));
    expect([order('1', '2'), order('2', '2'), order('2', '1'), order('-2', '1')]).toEqual([-1, 0, 1, -1]);
  });

  it('parts of a whole add up to it whatever the parts are', () => {
    fc.assert(
      fc.property(
        any,
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        (value, days) => {
          const total = days.reduce((sum, each) => sum + each, 0);
          const parts = days.map((each) => multiplyRatio(value, ratio(each, total)));
          expect(parts.reduce(addRatio, ZERO_RATIO)).toEqual(value);
        },
      ),
    );
  });

  it('orders and subtracts consistently', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(compareRatio(a, b)).toBe(compareRatio(subtractRatio(a, b), ZERO_RATIO));
        expect(addRatio(subtractRatio(a, b), b)).toEqual(a);
      }),
    );
  });
});
