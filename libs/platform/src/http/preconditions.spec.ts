import { describe, expect, it } from '@jest/globals';
import { systemContext, GROUP_SCOPE, type CallContext } from '../context.js';
import { commandHash, idempotencyOf, parseIdempotencyKey, withContentHash } from './idempotency.js';
import { coversTag, etagOf, parseIfMatch, requireMatch } from './preconditions.js';

const call = (more: Partial<CallContext>): CallContext => ({
  ...systemContext('test', GROUP_SCOPE, new Date(0)),
  ...more,
});

describe('entity tags', () => {
  it('name the version', () => {
    expect(parseIfMatch(etagOf(3))).toBe(3);
    expect(parseIfMatch(undefined)).toBeUndefined();
    expect(parseIfMatch(' "v12" ')).toBe(12);
  });

  it.each(['W/"v3"', '"3"', '"abc"', '""', '"v03"'])(
    'a tag that is not of a version of ours (%s) never matches',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ code: 'precondition.stale' }));
    },
  );

  it.each(['v3', '*', '"v1", "v2"', '', '"v1'])('%j is malformed', (header) => {
    expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ code: 'precondition.malformed' }));
  });

  it('are compared weakly for reading', () => {
    expect(coversTag('"v1", W/"v3"', '"v3"')).toBe(true);
    expect(coversTag('*', '"v3"')).toBe(true);
    expect(coversTag('"v1"', '"v3"')).toBe(false);
  });
});

describe('requireMatch', () => {
  it('lets a change of the current version pass', () => {
    expect(() => requireMatch(call({ ifMatch: 3 }), 3)).not.toThrow();
  });

  it('asks for a version, and refuses an old one', () => {
    expect(() => requireMatch(call({}), 3)).toThrow(
      expect.objectContaining({ kind: 'precondition-required' }),
    );
    expect(() => requireMatch(call({ ifMatch: 2 }), 3)).toThrow(
      expect.objectContaining({ kind: 'precondition-failed', params: { currentVersion: 3 } }),
    );
  });
});

describe('Idempotency-Key', () => {
  it('is taken with or without quotes', () => {
    expect(parseIdempotencyKey('abc-1')).toBe('abc-1');
    expect(parseIdempotencyKey('"abc-1"')).toBe('abc-1');
    expect(parseIdempotencyKey(undefined)).toBeUndefined();
  });

  it.each(['', ' ', 'a b', 'ü', 'x'.repeat(201), '""'])('%j is malformed', (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(
      expect.objectContaining({ code: 'idempotency.malformed-key' }),
    );
  });

  it('has the same digest for the same content in another order, another one for other content or another address', () => {
    const digest = commandHash('/notes', { a: 1, b: [2, { c: 3, d: null }] });
    expect(commandHash('/notes', { b: [2, { d: null, c: 3 }], a: 1 })).toBe(digest);
    expect(commandHash('/notes', { a: 1, b: [{ c: 3, d: null }, 2] })).not.toBe(digest);
    expect(commandHash('/notes/2/close', { a: 1, b: [2, { c: 3, d: null }] })).not.toBe(digest);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('belongs to a method and a route pattern', () => {
    const request = { method: 'POST', route: '/notes/:id/close', url: '/notes/1/close', body: undefined };
    expect(idempotencyOf('k', request)).toMatchObject({ key: 'k', route: 'POST /notes/:id/close' });
  });

  it('takes the digest of an upload once its content is known', () => {
    const ctx = call({
      idempotency: { key: 'k', route: 'POST /imports', hash: commandHash('/imports', undefined) },
    });
    const one = withContentHash(ctx, 'sha256-of-file-1').idempotency?.hash;
    expect(one).not.toBe(ctx.idempotency?.hash);
    expect(withContentHash(ctx, 'sha256-of-file-2').idempotency?.hash).not.toBe(one);
    expect(withContentHash(call({}), 'x').idempotency).toBeUndefined();
  });
});
