import { describe, expect, it } from '@jest/globals';
import { chainsOf, pauseAfter, progressOver, retryAfter, verdictOf } from './delivery.rules.js';

describe('an answer', () => {
  it.each([
    [200, 'taken'],
    [204, 'taken'],
    [299, 'taken'],
    [300, 'unreachable'],
    [101, 'unreachable'],
    [301, 'unreachable'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [410, 'gone'],
    [422, 'refused'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    [null, 'unreachable'],
  ] as const)('PTR-03 %s means %s', (status, verdict) => expect(verdictOf({ status })).toBe(verdict));

  it('PTR-03 says by seconds or a date when to come again', () => {
    const now = Date.parse('2026-03-02T01:00:00Z');
    expect(retryAfter('120', now)).toBe(120_000);
    expect(retryAfter('Mon, 02 Mar 2026 01:00:30 GMT', now)).toBe(30_000);
    expect(retryAfter(' 120 ', now)).toBe(120_000);
    expect(retryAfter('02 Mar 2026 01:00:30 GMT', now)).toBe(30_000);
    expect(retryAfter('Mon, 02 Mar 2026 01:00:30 +0000', now)).toBe(30_000);
    expect(retryAfter('999999999', now)).toBe(86_400_000);
    for (const useless of [undefined, '', 'soon', '0', '-5', 'Mon, 02 Mar 2026 00:59:00 GMT'])
      expect(retryAfter(useless, now)).toBeNull();
  });
});

describe('the pause after a failure', () => {
  it('PTR-03 grows as the list says, its last entry repeating, and is never shorter than asked', () => {
    const list = [5, 60, 300];
    expect([1, 2, 3, 4, 90].map((failures) => pauseAfter(failures, list, 0, null))).toEqual([
      5, 60, 300, 300, 300,
    ]);
    expect(pauseAfter(2, list, 1, null)).toBe(72);
    expect(pauseAfter(2, list, 0, 100)).toBe(100);
    expect(pauseAfter(2, list, 0, 10)).toBe(60);
  });
});

describe('a cursor', () => {
  const pending = [2, 4, 5, 7].map((position) => ({ position }));
  const done =
    (...positions: number[]) =>
    (position: number) =>
      positions.includes(position);

  it('PTR-03 goes to the end of the window when all is done', () => {
    expect(progressOver(pending, done(2, 4, 5, 7), 9, [])).toEqual({ position: 9, ahead: [] });
    expect(progressOver([], done(), 9, [3, 12])).toEqual({ position: 9, ahead: [12] });
    expect(progressOver([], done(), 9, [9, 10])).toEqual({ position: 9, ahead: [10] });
  });

  it('PTR-03 stops before the first that is not, and remembers what was done beyond it', () => {
    expect(progressOver(pending, done(2, 5), 9, [])).toEqual({ position: 3, ahead: [5] });
    expect(progressOver(pending, done(), 9, [3, 8])).toEqual({ position: 1, ahead: [3, 8] });
    expect(progressOver(pending, done(2, 5), 9, [2, 4])).toEqual({ position: 3, ahead: [5] });
    expect(progressOver(pending, done(2, 5, 7), 9, [8])).toEqual({ position: 3, ahead: [5, 7, 8] });
  });

  it('PTR-03 keeps the order of each record', () => {
    const events = ['a', 'b', 'a', 'c', 'b'].map((aggregateId, position) => ({ aggregateId, position }));
    expect(chainsOf(events).map((chain) => chain.map(({ position }) => position))).toEqual([
      [0, 2],
      [1, 4],
      [3],
    ]);
  });
});
