import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import { keyset, pageOf } from './keyset.js';
import { listQuery } from './list-query.js';

const query = listQuery({
  filters: { state: z.enum(['open', 'closed']).optional(), branch: z.string().optional() },
  sorts: ['receivedAt', 'number'],
  defaultSort: '-receivedAt',
});
const columns = {
  receivedAt: { column: 't.received_at', type: 'timestamptz' },
  number: { column: 't.number', type: 'text' },
} as const;

describe('a cursor', () => {
  it('comes back as it was, for the sort it was made for', () => {
    const cursor = { sort: '-receivedAt', key: '2026-01-01 08:00:00.123456+08', id: 'id-1' };
    expect(decodeCursor(encodeCursor(cursor), '-receivedAt')).toEqual(cursor);
    expect(decodeCursor(encodeCursor(cursor), 'receivedAt')).toBeUndefined();
  });

  it('is refused after any change', () => {
    const text = encodeCursor({ sort: 'number', key: 'EB1-T-2026-000001', id: 'id-1' });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'aZ09-_'), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        return changed === text || decodeCursor(changed, 'number') === undefined;
      }),
    );
  });

  it.each([
    '',
    'x',
    'null',
    '....',
    'a'.repeat(5000),
    encodeCursor({ sort: 's', key: 'k', id: 'i' }).slice(0, -1),
  ])('refuses %j', (text) => {
    expect(decodeCursor(text, 's')).toBeUndefined();
  });
});

describe('listQuery', () => {
  it('has defaults', () => {
    expect(query.parse({})).toEqual({
      limit: 50,
      sort: { field: 'receivedAt', descending: true, text: '-receivedAt' },
    });
  });

  it('reads limit, sort, cursor and filters', () => {
    const after = encodeCursor({ sort: 'number', key: 'n', id: 'i' });
    expect(query.parse({ limit: '200', sort: 'number', after, state: 'open' })).toEqual({
      limit: 200,
      sort: { field: 'number', descending: false, text: 'number' },
      after: { sort: 'number', key: 'n', id: 'i' },
      state: 'open',
    });
  });

  it.each([
    { limit: '0' },
    { limit: '201' },
    { limit: '1.5' },
    { limit: 'x' },
    { sort: 'name' },
    { sort: '--number' },
    { stat: 'open' },
    { state: ['open', 'open'] },
  ])('refuses %j', (input) => {
    expect(query.safeParse(input).success).toBe(false);
  });

  it('names the problem of a cursor that is not its own', () => {
    const foreign = encodeCursor({ sort: 'number', key: 'n', id: 'i' });
    for (const after of ['garbage', foreign]) {
      const issue = query.safeParse({ after }).error?.issues[0];
      expect(issue).toMatchObject({ path: ['after'], params: { problem: 'list.bad-cursor' } });
    }
  });
});

describe('keyset', () => {
  it('orders the first page, with the id breaking ties and one row more than asked', () => {
    expect(keyset(query.parse({ limit: '10' }), columns, { id: 't.id', firstParameter: 3 })).toEqual({
      select: '(t.received_at)::text as cursor_key, (t.id)::text as cursor_id',
      where: 'true',
      orderBy: 't.received_at desc, t.id desc',
      limit: 11,
      values: [],
    });
  });

  it('goes on after the cursor, in the direction of the sort', () => {
    const after = encodeCursor({ sort: 'number', key: 'n-1', id: 'i-1' });
    const part = keyset(query.parse({ sort: 'number', after }), columns, { id: 't.id', firstParameter: 3 });
    expect(part).toMatchObject({
      where: '(t.number, t.id) > ($3::text, $4::uuid)',
      orderBy: 't.number asc, t.id asc',
      values: ['n-1', 'i-1'],
    });
    const before = encodeCursor({ sort: '-number', key: 'n-1', id: 'i-1' });
    expect(
      keyset(query.parse({ sort: '-number', after: before }), columns, { id: 'id', firstParameter: 1 }).where,
    ).toBe('(t.number, id) < ($1::text, $2::uuid)');
  });
});

describe('pageOf', () => {
  const rows = [1, 2, 3].map((n) => ({ n, cursor_key: `k${n}`, cursor_id: `i${n}` }));

  it('gives a cursor of the last shown row when there is more', () => {
    const page = pageOf(rows, query.parse({ limit: '2', sort: 'number' }), (row) => row.n);
    expect(page.items).toEqual([1, 2]);
    expect(decodeCursor(page.next!, 'number')).toEqual({ sort: 'number', key: 'k2', id: 'i2' });
  });

  it('has no next at the end', () => {
    expect(pageOf(rows, query.parse({ limit: '3' }), (row) => row.n)).toEqual({
      items: [1, 2, 3],
      next: null,
    });
    expect(pageOf([], query.parse({}), () => 1)).toEqual({ items: [], next: null });
  });
});
