import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';
import { listen } from './listen.js';

jest.setTimeout(30_000);

let gateway: Harness;
afterEach(() => gateway.stop());

describe('bad input', () => {
  type Sent = readonly [name: string, request: string, statuses: readonly number[]];

  const request = (line: string, ...fields: string[]): string =>
    [line, 'host: x', 'connection: close', ...fields, '', ''].join('\r\n');

  const CASES: readonly Sent[] = [
    ['a broken escape', request('GET /api/v1/tickets/%E0%A4%A HTTP/1.1'), [400]],
    ['a NUL', request('GET /api/v1/tickets/%00 HTTP/1.1'), [400]],
    ['dot segments', request('GET /api/v1/tickets/../units HTTP/1.1'), [400, 404]],
    ['encoded dot segments', request('GET /api/v1/tickets/%2e%2e/units HTTP/1.1'), [400]],
    ['an encoded slash', request('GET /api/v1/tickets/a%2Fb HTTP/1.1'), [400]],
    ['a backslash', request('GET /api/v1/tickets/a\\..\\units HTTP/1.1'), [400]],
    ['empty segments', request('GET /api/v1/tickets//x HTTP/1.1'), [400]],
    ['an absolute address', request('GET http://elsewhere.example/api/v1/tickets HTTP/1.1'), [400, 404]],
    ['another protocol', 'hello\r\n\r\n', [400]],
    ['an unknown method', request('BREW /api/v1/tickets HTTP/1.1'), [400, 404, 405]],
    ['TRACE', request('TRACE /api/v1/tickets HTTP/1.1'), [404, 405]],
    ['a header line without colon', request('GET /api/v1/tickets HTTP/1.1', 'no colon here'), [400]],
    [
      'headers beyond 16 KiB',
      request('GET /api/v1/tickets HTTP/1.1', `x-long: ${'a'.repeat(20_000)}`),
      [431],
    ],
    ['an address beyond 16 KiB', request(`GET /api/v1/tickets/${'a'.repeat(20_000)} HTTP/1.1`), [414, 431]],
    ['a long id', request(`GET /api/v1/tickets/${'a'.repeat(5000)} HTTP/1.1`), [200]],
    [
      'two lengths',
      request('POST /api/v1/tickets HTTP/1.1', 'content-length: 1', 'content-length: 2'),
      [400],
    ],
    [
      'length and chunks',
      request('POST /api/v1/tickets HTTP/1.1', 'content-length: 1', 'transfer-encoding: chunked'),
      [400],
    ],
    ['a bad length', request('POST /api/v1/tickets HTTP/1.1', 'content-length: -5'), [400]],
    ['a bad chunk', `${request('POST /api/v1/tickets HTTP/1.1', 'transfer-encoding: chunked')}zz\r\n`, [400]],
    [
      'a bad media type',
      `${request('POST /api/v1/tickets HTTP/1.1', 'content-type: ///', 'content-length: 2')}{}`,
      [200, 400, 415],
    ],
    ['a body with GET', `${request('GET /api/v1/tickets HTTP/1.1', 'content-length: 2')}{}`, [200]],
    [
      'an expectation',
      `${request('POST /api/v1/tickets HTTP/1.1', 'expect: 100-continue', 'content-length: 2')}{}`,
      [100, 200],
    ],
    [
      'an odd expectation',
      request('POST /api/v1/tickets HTTP/1.1', 'expect: more', 'content-length: 0'),
      [200, 417],
    ],
    ['an upgrade', request('GET /api/v1/tickets HTTP/1.1', 'upgrade: websocket'), [200, 400]],
    [
      'fields named by Connection',
      'GET /api/v1/tickets HTTP/1.1\r\nhost: x\r\nconnection: close, authorization, x-a\r\nx-a: 1\r\n\r\n',
      [200, 401],
    ],
    ['no host', 'GET /api/v1/tickets HTTP/1.1\r\nconnection: close\r\n\r\n', [400]],
    ['a bad cursor', request('GET /api/v1/imports?after=%7B HTTP/1.1'), [400]],
    ['a bad limit', request('GET /api/v1/imports?limit=0 HTTP/1.1'), [400]],
    ['a doubled limit', request('GET /api/v1/imports?limit=1&limit=2 HTTP/1.1'), [400]],
    ['the star', request('OPTIONS * HTTP/1.1'), [400, 404, 405]],
  ];

  it('of no kind brings a 5xx or an answer without a problem', async () => {
    gateway = await startHarness();
    const { authorization } = gateway.as('eb1.clerk');
    const port = Number(new URL(gateway.url).port);
    const send = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
        socket.on('close', () => resolve(answer));
        socket.on('error', () => undefined);
        socket.write(text.replace('host: x\r\n', `host: x\r\nauthorization: ${authorization}\r\n`), 'latin1');
        setTimeout(() => socket.destroy(), 1500);
      });
    for (const [name, text, statuses] of CASES) {
      const answer = await send(text);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
      expect({ name, status, fits: statuses.includes(status) }).toEqual({ name, status, fits: true });
      if (status >= 400)
        expect({ name, problem: answer.includes('application/problem+json') }).toEqual({
          name,
          problem: true,
        });
    }
    expect((await gateway.get('/health/live')).status).toBe(200);
  });

  it('of an upstream address does not keep the gateway from starting', async () => {
    const silent = await listen(createServer(() => undefined));
    gateway = await startHarness({ upstreams: { identity: silent.url }, timeouts: { deadlineMs: 200 } });
    const report = await bodyOf(await gateway.get('/health/services'));
    expect(report.services.identity).toMatchObject({ ready: false, status: 'unreachable' });
    expect((await gateway.get('/health/ready')).status).toBe(200);
    await silent.close();
  });
});
