import { describe, expect, it } from '@jest/globals';
import { overlapped } from './overlapped.js';

describe('overlapped works of a transaction', () => {
  it('begin in their order while the one before still waits for its answer, and are waited for', async () => {
    const told: string[] = [];
    const first = Promise.withResolvers<void>();
    await overlapped([
      async () => {
        told.push('first sent');
        await first.promise;
        told.push('first answered');
      },
      async () => {
        told.push('second sent');
        await Promise.resolve(first.resolve());
      },
    ]);
    expect(told).toEqual(['first sent', 'second sent', 'first answered']);
  });

  it('throws the first error in the order of works, and only when nothing runs any more', async () => {
    const third = Promise.withResolvers<void>();
    let ended = false;
    const running = overlapped([
      () => Promise.resolve(),
      async () => {
        await third.promise;
        throw new Error('second');
      },
      () => {
        third.resolve();
        return Promise.reject(new Error('third'));
      },
      async () => {
        await third.promise;
        ended = true;
      },
    ]);
    await expect(running).rejects.toThrow('second');
    expect(ended).toBe(true);
  });
});
