import { describe, expect, it } from '@jest/globals';
import { rateBeyond, rateOf } from './rate.rules.js';

describe('GRP-01 rates', () => {
  it.each([
    [0n, 100n, '0.0000'],
    [1n, 3n, '0.3333'],
    [2n, 3n, '0.6666'],
    [99_999n, 100_000n, '0.9999'],
    [100n, 100n, '1.0000'],
    [250n, 100n, '2.5000'],
    [-50n, 100n, '-0.5000'],
    [5n, 0n, null],
    [5n, -10n, null],
  ])('%s of %s is %s: never better than it is', (part, whole, rate) => {
    expect(rateOf(part, whole)).toBe(rate);
  });

  it.each([
    ['0.7500', '0.2666', '0.4834'],
    ['0.0000', '1.0000', '-1.0000'],
    ['-0.5000', '0.2500', '-0.7500'],
    ['0.5000', '0.5000', '0.0000'],
    [null, '0.5000', null],
    ['0.5000', null, null],
  ])('%s is beyond %s by %s', (rate, other, beyond) => {
    expect(rateBeyond(rate, other)).toBe(beyond);
  });
});
