import { describe, expect, it, jest } from '@jest/globals';
import { lagBetween, laterOf, reached } from '../kafka/positions.js';
import { lagOf, PartitionBook } from './partition-book.js';
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

  it('knows nothing of a partition that it has just got', () => {
    jest.useFakeTimers({ now: 7000 });
    const state = book().at('a', 0);
    jest.useRealTimers();
    expect(state).toEqual({ topic: 'a', partition: 0, end: 0, movedAt: 7000, failures: 0, lastError: '' });
  });

  it('passes over what was committed of a partition that it does not hold', () => {
    const it = book();
    it.keepCommitted([{ topic: 'c', partition: 0, offset: '5' }]);
    expect(it.all().map(({ topic, committed }) => [topic, committed])).toEqual([
      ['a', undefined],
      ['a', undefined],
      ['b', undefined],
    ]);
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

  it('calls a partition stalled only when it has lasted longer than allowed, and idle ones never', () => {
    const it = book();
    it.seed({});
    const { movedAt } = it.at('a', 0);
    it.keepEnds({ a: [1] }, movedAt + 5000);
    expect(it.at('a', 0).movedAt).toBe(movedAt);
    expect(it.at('b', 1).movedAt).toBe(movedAt + 5000);
    expect(it.stalled(movedAt + 1000, 1000)).toEqual([]);
    expect(it.stalled(movedAt + 1001, 1000)).toHaveLength(1);
  });

  it('keeps the end of a topic that it hears nothing of', () => {
    const it = book();
    it.keepEnds({ a: [4, 0, 6] }, 1);
    it.keepEnds({ b: [0, 2] }, 2);
    expect(it.all().map(({ end }) => end)).toEqual([4, 6, 2]);
    expect(it.lag()).toBe(12);
  });

  it.each([
    [{ end: 10, next: 4 }, 6],
    [{ end: 10 }, 10],
    [{ end: 10, next: 4, limit: 7 }, 3],
    [{ end: 10, next: 4, limit: 20 }, 6],
    [{ end: 10, next: 4, limit: 2 }, 0],
    [{ end: 3, next: 4 }, 0],
  ])('%j has %i still to be applied', (state, lag) => {
    const rest = { topic: 'a', partition: 0, movedAt: 0, failures: 0, lastError: '' };
    expect(lagOf({ ...rest, ...state })).toBe(lag);
  });

  it('resumes each partition once', () => {
    const it = book();
    let resumed = 0;
    it.at('a', 0).resume = () => (resumed += 1);
    it.releaseAll();
    it.releaseAll();
    expect(resumed).toBe(1);
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
    expect(reached({ a: [3, 0], b: [1] }, end)).toBe(false);
    expect(reached({}, { a: [0] })).toBe(true);
    expect(reached({}, { a: [1] })).toBe(false);
    expect(lagBetween({ a: [1] }, end)).toBe(4);
    expect(lagBetween({ a: [9, 1], b: [1] }, end)).toBe(1);
    expect(laterOf({ a: [1, 5, 7] }, { a: [2] })).toEqual({ a: [2, 5, 7] });
    expect(laterOf({ a: [1, 5] }, { a: [2, 4, 1], b: [1] })).toEqual({ a: [2, 5, 1], b: [1] });
  });
});

describe('restarts', () => {
  it('go on without end while brokers are away', () => {
    const policy = new RestartPolicy();
    const waits = Array.from({ length: 50 }, () => policy.next(false));
    expect(waits[0]).toBeGreaterThanOrEqual(160);
    expect(waits[0]).toBeLessThanOrEqual(200);
    for (const wait of waits.slice(3)) {
      expect(wait).toBeGreaterThanOrEqual(800);
      expect(wait).toBeLessThanOrEqual(1000);
    }
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

  it('count the failures of the last ten minutes only, to the millisecond', () => {
    const after = (ms: number) => {
      const policy = new RestartPolicy();
      for (let n = 0; n < 5; n += 1) policy.next(true, 0);
      return policy.next(true, ms);
    };
    expect(after(599_999)).toBeUndefined();
    expect(after(600_000)).toBeDefined();
  });

  it('of absent brokers do not count as failures that last', () => {
    const policy = new RestartPolicy();
    for (let n = 0; n < 5; n += 1) policy.next(true, 0);
    expect(policy.next(false, 1)).toBeDefined();
  });
});
