import { describe, expect, it } from '@jest/globals';
import { decodePositions, encodePositions, newestFirst } from './import-pages.rules.js';

const job = (createdAt: string) => ({ id: createdAt, createdAt });
const page = (...times: string[]) => ({ items: times.map(job), next: null });

describe('import jobs of several services', () => {
  it('come newest first, each list in its own order', () => {
    const pages = {
      organisation: page('2026-05', '2026-02'),
      tickets: page('2026-06', '2026-04', '2026-01'),
    };
    const { items, taken } = newestFirst(pages, 4);
    expect(items.map(({ id }) => id)).toEqual(['2026-06', '2026-05', '2026-04', '2026-02']);
    expect(taken).toEqual({ organisation: 2, tickets: 2 });
  });

  it('end where all lists end', () => {
    const { items, taken } = newestFirst({ organisation: page('2026-05'), tickets: page() }, 10);
    expect(items).toHaveLength(1);
    expect(taken).toEqual({ organisation: 1, tickets: 0 });
  });
});

describe('the cursor of the composed list', () => {
  it('comes back as it was', () => {
    const positions = { organisation: null, tickets: 'abc' };
    expect(decodePositions(encodePositions(positions), ['organisation', 'tickets'])).toEqual(positions);
  });

  it.each([
    '',
    'zzz',
    encodePositions({}),
    encodePositions({ ships: null }),
    Buffer.from('[1]').toString('base64url'),
  ])('is not read from %j', (text) => {
    expect(decodePositions(text, ['organisation', 'tickets'])).toBeUndefined();
  });
});
