import { describe, expect, it } from '@jest/globals';
import { decideAttempt, waitAfter, type LoginAttempts } from './login.rules.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 5, 8) + seconds * 1000);

describe('wait per login', () => {
  it.each([
    [0, 0],
    [2, 0],
    [3, 1],
    [4, 2],
    [8, 32],
    [9, 60],
    [500, 60],
  ])('after %d failures in a row the login is closed for %d s', (failures, seconds) => {
    expect(waitAfter(failures)).toBe(seconds);
  });

  it('counts every attempt that it lets through', () => {
    expect(decideAttempt(undefined, at(0))).toEqual({ counted: { failures: 1, lastAt: at(0) } });
    expect(decideAttempt({ failures: 2, lastAt: at(0) }, at(0))).toEqual({
      counted: { failures: 3, lastAt: at(0) },
    });
  });

  it('tells the whole seconds left, and opens when they are over', () => {
    const closed: LoginAttempts = { failures: 5, lastAt: at(0) };
    expect(decideAttempt(closed, at(0.5))).toEqual({ waitSeconds: 4 });
    expect(decideAttempt(closed, at(4))).toEqual({ counted: { failures: 6, lastAt: at(4) } });
  });

  it('forgets after a quarter of an hour without attempts', () => {
    expect(decideAttempt({ failures: 50, lastAt: at(0) }, at(900))).toEqual({
      counted: { failures: 1, lastAt: at(900) },
    });
  });
});
