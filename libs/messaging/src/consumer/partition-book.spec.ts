import { describe, expect, it } from '@jest/globals';
import { lagBetween, laterOf, reached } from '../kafka/positions.js';
import { PartitionBook } from './partition-book.js';
import { RestartPolicy } from './restart-policy.js';

describe('the book of partitions', () => {
  const book = (): PartitionBook => {
    const made = new PartitionBook();
    made.assign({ a: [0, 2], b: [1] });
    return made;
  };

  it('knows what is applied and not committed yet', () => {
    const it = book();
    it.at('a', 0).next = 5;
    it.at('b', 1).next = 7;
    expect(it.uncommitted()).toEqual([
      { topic: 'a', partition: 0, offset: '5' },
      { topic: 'b', partition: 1, offset: '7' },
    ]);
    it.keepCommitted([{ topic: 'a', partition: 0, offset: '5' }]);
    expect(it.uncommitted()).toEqual([{ topic: 'b', partition: 1, offset: '7' }]);
    expect(it.positions()).toEqual({ a: [5, 0, 0], b: [0, 7] });
  });

  it('forgets partitions that went away, and does not resume them', () => {
    const it = book();
    let resumed = 0;
    it.at('a', 2).resume = () => (resumed += 1);
    it.at('a', 0).next = 3;
    it.assign({ a: [0] });
    it.releaseAll();
    expect(it.positions()).toEqual({ a: [3] });
    expect(resumed).toBe(0);
  });

  it('places partitions that gave nothing yet where the group has committed', () => {
    const it = book();
    it.at('a', 0).next = 9;
    expect(it.unplaced()).toBe(true);
    it.seed({ a: [1, 0, 4] });
    expect(it.unplaced()).toBe(false);
    expect(it.positions()).toEqual({ a: [9, 0, 4], b: [0, 0] });
    expect(it.uncommitted()).toEqual([{ topic: 'a', partition: 0, offset: '9' }]);
  });

  it('tells partitions that have something to do and do not move, not those that are idle or held', () => {
    const it = book();
    it.seed({});
    const start = Date.now();
    it.keepEnds({ a: [10, 0, 0], b: [0, 0] }, start + 1000);
    expect(it.lag()).toBe(10);
    expect(it.stalled(start + 500, 30_000)).toEqual([]);
    expect(it.stalled(start + 40_000, 30_000).map(({ topic, partition }) => [topic, partition])).toEqual([
      ['a', 0],
    ]);
    it.limit({ a: [0] });
    expect(it.lag()).toBe(0);
    expect(it.stalled(start + 40_000, 30_000)).toEqual([]);
  });

  it('keeps limits for partitions that come later, and resumes when they are lifted', () => {
    const it = book();
    it.limit({ a: [3, 4, 5] });
    it.assign({ a: [0, 1, 2] });
    expect(it.at('a', 1).limit).toBe(4);
    let resumed = 0;
    it.at('a', 1).resume = () => (resumed += 1);
    it.limit(undefined);
    expect([resumed, it.at('a', 1).limit]).toEqual([1, undefined]);
  });
});

describe('positions', () => {
  it('are compared and joined per partition', () => {
    const end = { a: [3, 0], b: [2] };
    expect(reached({ a: [3, 0], b: [5] }, end)).toBe(true);
    expect(reached({ a: [2, 9], b: [5] }, end)).toBe(false);
    expect(reached({}, { a: [0] })).toBe(true);
    expect(lagBetween({ a: [1] }, end)).toBe(4);
    expect(laterOf({ a: [1, 5] }, { a: [2, 4, 1], b: [1] })).toEqual({ a: [2, 5, 1], b: [1] });
  });
});

describe('restarts', () => {
  it('go on without end while brokers are away', () => {
    const policy = new RestartPolicy();
    const waits = Array.from({ length: 50 }, () => policy.next(false));
    expect(waits.every((wait) => wait !== undefined && wait <= 3000)).toBe(true);
    policy.succeeded();
    expect(policy.next(false)).toBeLessThanOrEqual(200);
  });

  it('are five in ten minutes for what a repeat does not cure', () => {
    const policy = new RestartPolicy();
    for (let n = 0; n < 5; n += 1) expect(policy.next(true, n * 1000)).toBeDefined();
    policy.succeeded();
    expect(policy.next(true, 6000)).toBeUndefined();
    expect(policy.next(true, 700_000)).toBeDefined();
  });
});
