import { describe, expect, it } from '@jest/globals';
import { backOff, nextRetry } from './back-off.js';

describe('back-off', () => {
  it('doubles up to the most, less at random', () => {
    const waits = [1, 2, 3, 4, 5, 60].map((failures) => backOff(failures, 100, 1000, () => 0));
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(backOff(1, 100, 1000, () => 1)).toBe(80);
  });

  it('of parked events grows from seconds to an hour and ends after a day', () => {
    const parkedAt = new Date('2026-03-01T08:00:00Z');
    const waits: number[] = [];
    let now = parkedAt;
    let attempts = 1;
    for (let next = nextRetry(attempts, parkedAt, now); next; next = nextRetry(attempts, parkedAt, now)) {
      waits.push((next.getTime() - now.getTime()) / 1000);
      now = next;
      attempts += 1;
    }
    expect(waits.slice(0, 8)).toEqual([5, 15, 60, 300, 900, 1800, 3600, 3600]);
    expect(now.getTime() - parkedAt.getTime()).toBeLessThanOrEqual(24 * 3_600_000);
    expect(now.getTime() - parkedAt.getTime()).toBeGreaterThan(22 * 3_600_000);
  });
});
