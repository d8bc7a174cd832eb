import { describe, expect, it } from '@jest/globals';
import { decodePositions, encodePositions, MAX_CURSOR, newestFirst } from './import-pages.rules.js';

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

  it('keep the order of the lists where times are equal; what has no time comes last', () => {
    const item = (id: string, createdAt: unknown = '2026-05') => ({ id, createdAt });
    const pages = {
      organisation: { items: [item('b', 7), item('c', null)], next: null },
      tickets: { items: [item('d')], next: null },
      billing: { items: [item('e')], next: null },
    };
    expect(newestFirst(pages, 4).items.map(({ id }) => id)).toEqual(['d', 'e', 'b', 'c']);
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
    encodePositions({ organisation: 'abc', ships: null }),
    encodePositions({ organisation: 7 as unknown as string }),
    ...['[1]', 'null', '7', '"abc"', '["organisation"]'].map((text) =>
      Buffer.from(text).toString('base64url'),
    ),
  ])('is not read from %j', (text) => {
    expect(decodePositions(text, ['organisation', 'tickets'])).toBeUndefined();
  });

  it('is read up to its longest length', () => {
    // base64 makes four characters of three bytes
    const at = (bytes: number) => ({ tickets: 'x'.repeat(bytes - '{"tickets":""}'.length) });
    const longest = encodePositions(at((MAX_CURSOR * 3) / 4));
    expect(longest).toHaveLength(MAX_CURSOR);
    expect(decodePositions(longest, ['tickets'])).toEqual(at((MAX_CURSOR * 3) / 4));
    expect(decodePositions(encodePositions(at((MAX_CURSOR * 3) / 4 + 1)), ['tickets'])).toBeUndefined();
  });
});
