import { describe, expect, it } from '@jest/globals';
import { answerHeaders, requestHeaders } from './headers.js';

const forwarded = { for: '1.2.3.4', host: 'steward.example', proto: 'https', correlationId: 'c-1' };

describe('fields of a request', () => {
  it('leave out those of the connection, those that Connection names, and claims about the client', () => {
    const incoming = {
      host: 'steward.example',
      connection: 'keep-alive, X-Secret',
      'keep-alive': 'timeout=5',
      'x-secret': 'a',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      upgrade: 'h2c',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-port': '1',
      traceparent: 'forged',
      accept: 'application/json',
      'idempotency-key': 'k',
    };
    expect(requestHeaders(incoming, forwarded, false)).toEqual({
      accept: 'application/json',
      'idempotency-key': 'k',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'steward.example',
      'x-forwarded-proto': 'https',
      'x-correlation-id': 'c-1',
    });
  });

  it('keep the length of a body only where there is one', () => {
    const incoming = { 'content-length': '5', connection: 'close' };
    expect(requestHeaders(incoming, forwarded, true)).toHaveProperty('content-length', '5');
    expect(requestHeaders(incoming, forwarded, false)).not.toHaveProperty('content-length');
  });
});

describe('fields of an answer', () => {
  const origin = 'http://127.0.0.1:4001';
  const made = (answer: Record<string, string | string[]>) =>
    answerHeaders({ 'x-frame-options': 'DENY' }, answer, origin);

  it('keep the door’s own and the service’s, but not what belongs to the hop', () => {
    const answer = {
      etag: '"v1"',
      connection: 'x-hop',
      'x-hop': '1',
      'x-frame-options': 'ALLOW',
      'set-cookie': ['a', 'b'],
    };
    expect(made(answer)).toEqual({ 'x-frame-options': 'DENY', etag: '"v1"', 'set-cookie': ['a', 'b'] });
  });

  it.each([
    [`${origin}/api/v1/tickets/1`, '/api/v1/tickets/1'],
    [origin, '/'],
    ['/api/v1/tickets/1', '/api/v1/tickets/1'],
    [`${origin}9/other`, `${origin}9/other`],
    ['https://issuer.example/login', 'https://issuer.example/login'],
  ])('give Location %s as %s', (location, expected) => {
    expect(made({ location }).location).toBe(expected);
  });
});
