import { describe, expect, it } from '@jest/globals';
import { comparedLines, comparedRate } from './closing-statement.rules.js';

type Line = Parameters<typeof comparedLines<'received'>>[1]['now'][number];
const line = (value: string | null, received: string, digest: string | null): Line => ({
  ...{ value, figures: { received }, digests: { received: digest } },
});

describe('GRP-02 the figures of a closing beside those of now', () => {
  it('stand for every value that one of them has, and count zero where the other has none', () => {
    const lines = comparedLines(['received'], {
      kept: [line('repair', '3', 'abc'), line('wish', '1', 'x')],
      now: [line('complaint', '2', 'de'), line(null, '1', 'f'), line('repair', '4', 'abcd')],
      again: [line('repair', '3', 'abc'), line('complaint', '1', 'x')],
    });
    expect(lines).toEqual([
      { value: null, figures: { received: { asClosed: 0n, now: 1n, opens: true } } },
      { value: 'complaint', figures: { received: { asClosed: 0n, now: 2n, opens: false } } },
      { value: 'repair', figures: { received: { asClosed: 3n, now: 4n, opens: true } } },
      { value: 'wish', figures: { received: { asClosed: 1n, now: 0n, opens: false } } },
    ]);
  });

  it('open only to the same records, not to as many others', () => {
    const [only] = comparedLines(['received'], {
      ...{ kept: [line(null, '1', 'a')], now: [line(null, '1', 'b')], again: [line(null, '1', 'b')] },
    });
    expect(only!.figures.received).toEqual({ asClosed: 1n, now: 1n, opens: false });
  });

  it('give rates as closed, now, and how far these are apart', () => {
    const part = { asClosed: 1n, now: 2n, opens: true };
    expect(comparedRate(part, { asClosed: 0n, now: 4n, opens: true })).toEqual({
      ...{ asClosed: null, now: '0.5000', correction: null },
    });
    expect(comparedRate(part, { asClosed: 4n, now: 4n, opens: true })).toEqual({
      ...{ asClosed: '0.2500', now: '0.5000', correction: '0.2500' },
    });
  });
});
