import { describe, expect, it } from '@jest/globals';
import { compare, type Burst } from './rounds.js';
import { lowPoints, median, percentile, slope, spread } from './statistics.rules.js';

describe('statistics of bursts', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('tells how far values lie apart', () => {
    expect(spread([0.9, 0.7, 0.8])).toEqual({ median: 0.8, low: 0.7, high: 0.9 });
  });

  it('tells what almost all stay below, and how fast something grows', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7], 0.99)]).toEqual([50, 99, 7]);
    expect(percentile([], 0.5)).toBeNaN();
    expect(slope([[0, 1], [1, 3], [2, 5]])).toBe(2); // prettier-ignore
    expect([slope([]), slope([[1, 1]]), slope([[1, 1], [1, 9]])]).toEqual([0, 0, 0]); // prettier-ignore
  });

  it('finds the low points between which garbage comes and goes', () => {
    const saw = [5, 1, 1, 6, 2, 8].map((y, x) => [x, y] as const);
    expect(lowPoints(saw, 2)).toEqual([[1, 1], [4, 2]]); // prettier-ignore
    expect(lowPoints(saw, 10)).toEqual(saw);
    expect(lowPoints([], 3)).toEqual([]);
  });

  it('compares the bursts of one round with each other, not the means of noisy minutes', () => {
    const burst = (operations: number, server: number): Burst => ({
      operations,
      seconds: 1,
      cpuUs: { server, load: 5 * operations },
    });
    const ours = [burst(80, 8000), burst(8, 800)];
    const raw = [burst(100, 5000), burst(10, 500)];
    const found = compare('x', { unit: 'req/s', ours: ['ours', ours], raw: ['raw', raw] });
    expect(found.ratio).toEqual({ median: 0.8, low: 0.8, high: 0.8 });
    expect(found.cpuRatio.median).toBeCloseTo(0.5);
    expect(found.ours).toMatchObject({ perSecond: 44, cpuUs: { server: 100, load: 5 } });
  });
});
