import { describe, expect, it } from '@jest/globals';
import type { Tx } from './database.js';
import { overlapped } from './overlapped.js';

const tx = {} as Tx;

describe('overlapped statements of a transaction', () => {
  it('are made while the one before runs, and sent when it has its answer', async () => {
    const told: string[] = [];
    const answer = Promise.withResolvers<void>();
    await overlapped(tx, [
      () => async () => {
        told.push('first sent');
        await answer.promise;
        told.push('first answered');
      },
      () => {
        told.push('second made');
        answer.resolve();
        return async (given) => {
          told.push(given === tx ? 'second sent' : 'second sent elsewhere');
          await Promise.resolve();
        };
      },
    ]);
    expect(told).toEqual(['first sent', 'second made', 'first answered', 'second sent']);
  });

  it('send nothing after one that failed, and throw when nothing runs any more', async () => {
    const told: string[] = [];
    const refused = overlapped(tx, [
      () => () => Promise.reject(new Error('refused')),
      () => () => Promise.resolve(told.push('sent')),
    ]);
    await expect(refused).rejects.toThrow('refused');
    expect(told).toEqual([]);

    const unmade = overlapped(tx, [
      () => async () => {
        await new Promise((resolve) => setImmediate(resolve));
        told.push('answered');
      },
      () => Promise.reject(new Error('cannot be made')),
    ]);
    await expect(unmade).rejects.toThrow('cannot be made');
    expect(told).toEqual(['answered']);
  });
});
