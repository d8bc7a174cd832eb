import { describe, expect, it } from '@jest/globals';
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  subtractQuantity,
} from './quantity.js';
import { checkDuration } from './duration.js';

describe('exact quantities', () => {
  it.each([
    ['12.50', '12.5'],
    ['-0.001', '-0.001'],
    ['+7', '7'],
    [0.1, '0.1'],
    [1e-9, '0.000000001'],
    [123n, '123'],
    ['9'.repeat(80), '9'.repeat(80)],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
  ])('reads %s', (value, expected) => {
    expect(formatQuantity(parseQuantity(value))).toBe(expected);
  });

  it.each(['', '1e3', '1.', '.5', '1,5', ' 1', 'Infinity', '٣', '9'.repeat(81), NaN, Infinity, 1e300])(
    'refuses %s',
    (value) => {
      expect(() => parseQuantity(value)).toThrow('quantity.malformed');
    },
  );

  it('adds, subtracts and multiplies exactly', () => {
    expect(formatQuantity(addQuantity('0.1', '0.2'))).toBe('0.3');
    expect(formatQuantity(subtractQuantity('0.3', '0.1'))).toBe('0.2');
    expect(formatQuantity(multiplyQuantity('1.1', parseQuantity('1.1')))).toBe('1.21');
    const long = '1.' + '1'.repeat(70);
    expect(formatQuantity(multiplyQuantity(long, long))).toHaveLength(2 + 140);
  });

  it('rounds half-up, away from zero', () => {
    expect(formatQuantity('2.345', 2)).toBe('2.35');
    expect(formatQuantity('-2.345', 2)).toBe('-2.35');
    expect(formatQuantity('2', 3)).toBe('2.000');
  });

  it('compares by value and is plain text in JSON', () => {
    expect([compareQuantity('1', '2'), compareQuantity('1.0', 1), compareQuantity('2', '1')]).toEqual([
      -1, 0, 1,
    ]);
    expect(JSON.stringify({ kwh: parseQuantity('12.50') })).toBe('{"kwh":"12.5"}');
    expect(String(parseQuantity('0.0000001'))).toBe('0.0000001');
  });
});

describe('durations', () => {
  it('gives a good one back without what does not belong', () => {
    expect(checkDuration({ amount: 1.5, unit: 'calendar-days', extra: 1 })).toEqual({
      amount: 1.5,
      unit: 'calendar-days',
    });
  });

  it.each([
    [null],
    [undefined],
    ['2 days'],
    [{ amount: '2', unit: 'minutes' }],
    [{ amount: -1, unit: 'minutes' }],
    [{ amount: Infinity, unit: 'minutes' }],
    [{ amount: 1, unit: 'weeks' }],
    [{ amount: 1 }],
  ])('refuses %o', (value) => {
    expect(() => checkDuration(value)).toThrow('duration.malformed');
  });
});
