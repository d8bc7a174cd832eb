import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the first answer that is neither empty nor false', async () => {
    const answers = [undefined, null, false, 'there'];
    await expect(eventually(() => answers.shift(), { intervalMs: 1 })).resolves.toBe('there');
  });

  it('takes zero and the empty text as answers', async () => {
    await expect(eventually(() => 0)).resolves.toBe(0);
    await expect(eventually(() => '')).resolves.toBe('');
  });

  it('tries again after an error', async () => {
    let calls = 0;
    const probe = () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };
    await expect(eventually(probe, { intervalMs: 1 })).resolves.toBe(3);
  });

  it('says what the probe last answered', async () => {
    const probe = () => Promise.resolve(null);
    await expect(eventually(probe, { timeoutMs: 10, intervalMs: 1 })).rejects.toThrow(
      'still not so after 10 ms; the probe last answered null',
    );
  });

  it('says what the probe last threw, and keeps it as the cause', async () => {
    const failure = new Error('3 of 4 rows');
    const waiting = eventually(
      () => {
        throw failure;
      },
      { timeoutMs: 10, intervalMs: 1 },
    );
    await expect(waiting).rejects.toMatchObject({
      message: expect.stringContaining('threw 3 of 4 rows'),
      cause: failure,
    });
  });
});
