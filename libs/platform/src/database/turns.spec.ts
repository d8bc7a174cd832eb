import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const HOUR = 3_600_000;

describe('turns', () => {
  it('go round, so that a burst of one does not hold up another', async () => {
    const turns = new Turns({ places: 1, waiting: 100, waitMs: HOUR });
    expect(turns.take('x')).toBeUndefined();
    const served: string[] = [];
    const wait = (whose: string, name: string) => turns.take(whose)!.then(() => served.push(name));
    const all = [
      wait('x', 'x1'),
      wait('x', 'x2'),
      wait('x', 'x3'),
      wait('y', 'y1'),
      wait('z', 'z1'),
      wait('y', 'y2'),
    ];
    for (let i = 0; i < all.length; i += 1) {
      turns.leave();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(served).toEqual(['x1', 'y1', 'z1', 'x2', 'y2', 'x3']);
    turns.leave();
    expect(turns.take('x')).toBeUndefined();
  });

  it('refuse whoever holds his share of the waiting, and keep room for the next', async () => {
    const turns = new Turns({ places: 1, waiting: 4, waitMs: HOUR });
    expect(turns.take('x')).toBeUndefined();
    const waiting: Promise<void>[] = [turns.take('x')!, turns.take('x')!];
    await expect(turns.take('x')).rejects.toMatchObject({ kind: 'unavailable', code: 'database.busy' });
    waiting.push(turns.take('y')!);
    await expect(turns.take('y')).rejects.toMatchObject({ params: { retryAfterSeconds: 1 } });
    waiting.push(turns.take('z')!);
    await expect(turns.take('w')).rejects.toMatchObject({ code: 'database.busy' });
    for (const _ of waiting) turns.leave();
    await Promise.all(waiting);
  });

  it('end by themselves for whoever waits too long, and go on for the rest', async () => {
    const turns = new Turns({ places: 1, waiting: 10, waitMs: 5 });
    expect(turns.take('x')).toBeUndefined();
    await expect(turns.take('y')).rejects.toMatchObject({ code: 'database.busy' });
    turns.leave();
    expect(turns.take('z')).toBeUndefined();
  });
});
