import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

const ID = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11';

describe('the door', () => {
  let gateway: Harness;
  let clerk: Record<string, string>;

  beforeAll(async () => {
    gateway = await startHarness();
    clerk = gateway.as('eb1.clerk');
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    for (const upstream of [gateway.organisation, gateway.tickets, gateway.insights]) upstream.reset();
  });

  it.each([
    ['/api/v1/units', 'organisation'],
    [`/api/v1/units/${ID}`, 'organisation'],
    ['/api/v1/employees?limit=5', 'organisation'],
    ['/api/v1/grants', 'organisation'],
    ['/api/v1/calendars', 'organisation'],
    ['/api/v1/policies?key=a%20b', 'organisation'],
    ['/api/v1/me', 'organisation'],
    ['/api/v1/tickets', 'tickets'],
    [`/api/v1/tickets/${ID}/complete`, 'tickets'],
    ['/api/v1/categories', 'tickets'],
    ['/api/v1/figures/tickets?month=2026-03', 'insights'],
    ['/api/v1/imports?kind=tickets', 'tickets'],
    ['/api/v1/imports?kind=policies&limit=3', 'organisation'],
    [`/api/v1/imports/tickets-${ID}/rows?state=rejected`, 'tickets'],
    [`/api/v1/imports/organisation-${ID}`, 'organisation'],
    ['/api/v1/audit/tickets?limit=1', 'tickets'],
    ['/api/v1/parked/insights', 'insights'],
    ['/api/v1/republications/organisation', 'organisation'],
  ])('passes %s on to %s as it is', async (path, service) => {
    const response = await gateway.get(path, clerk);
    expect(response.status).toBe(200);
    expect(await bodyOf(response)).toEqual({ service, method: 'GET', url: path });
  });

  it.each([
    ['/api/v1/nothing', 404, 'route.not-found'],
    ['/api/v2/tickets', 404, 'route.not-found'],
    ['/tickets', 404, 'route.not-found'],
    ['/api/v1/audit/unknown', 404, 'route.not-found'],
    ['/api/v1/audit', 404, 'route.not-found'],
    [`/api/v1/imports/unknown-${ID}`, 404, 'route.not-found'],
    ['/api/v1/imports/tickets-7', 404, 'route.not-found'],
    ['/api/v1/imports?kind=ships', 400, 'gateway.unknown-import-kind'],
    ['/api/v1/imports?sort=createdAt', 400, 'request.invalid-query'],
  ])('answers %s with a problem', async (path, status, code) => {
    const response = await gateway.get(path, clerk);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await bodyOf(response)).toMatchObject({ status, code, instance: path.split('?')[0] });
  });

  it('takes every method of the API, with its body, and answers others with 405', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const headers = { ...clerk, 'content-type': 'application/json', 'idempotency-key': 'k-1' };
      const response = await fetch(`${gateway.url}/api/v1/tickets/${ID}`, {
        method,
        headers,
        body: '{"a":1}',
      });
      expect(await bodyOf(response)).toMatchObject({ method });
      expect(gateway.tickets.seen.at(-1)).toMatchObject({ method, body: '{"a":1}' });
      expect(gateway.tickets.seen.at(-1)?.headers).toMatchObject({
        'idempotency-key': 'k-1',
        'content-length': '7',
      });
    }
    const head = await fetch(`${gateway.url}/api/v1/tickets`, { method: 'HEAD', headers: clerk });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await fetch(`${gateway.url}/api/v1/tickets`, { method: 'OPTIONS', headers: clerk });
    expect(options.status).toBe(405);
    expect(options.headers.get('allow')).toContain('PATCH');
    expect(await bodyOf(options)).toMatchObject({ code: 'route.method-not-allowed' });
  });

  it('passes also a body without length or media type, and any bytes in it', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('one,'));
        controller.enqueue(Buffer.from('two'));
        controller.close();
      },
    });
    const options: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: clerk,
      body,
      duplex: 'half',
    };
    expect((await fetch(`${gateway.url}/api/v1/tickets`, options)).status).toBe(200);
    expect(gateway.tickets.seen.at(-1)?.body).toBe('one,two');
  });

  describe('fields', () => {
    it('removes what belongs to one connection, and claims about the client', async () => {
      await gateway.get('/api/v1/tickets', {
        ...clerk,
        te: 'trailers',
        'proxy-authorization': 'secret',
        'x-forwarded-for': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-real-ip': '6.6.6.6',
        'accept-language': 'zh-CN',
      });
      const { headers } = gateway.tickets.seen.at(-1)!;
      expect(headers).toMatchObject({
        authorization: clerk.authorization,
        'accept-language': 'zh-CN',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': new URL(gateway.url).host,
        'x-forwarded-proto': 'http',
      });
      for (const name of ['te', 'proxy-authorization', 'forwarded', 'x-real-ip'])
        expect(headers[name]).toBeUndefined();
    });

    it('gives every request a correlation id, or keeps a good one', async () => {
      const made = await gateway.get('/api/v1/tickets', clerk);
      expect(made.headers.get('x-correlation-id')).toBe(
        gateway.tickets.seen.at(-1)?.headers['x-correlation-id'],
      );
      const kept = await gateway.get('/api/v1/tickets', { ...clerk, 'x-correlation-id': 'case-17' });
      expect(kept.headers.get('x-correlation-id')).toBe('case-17');
      const bad = await gateway.get('/api/v1/tickets', { ...clerk, 'x-correlation-id': 'a b"<script>' });
      expect(bad.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('continues a well-formed trace and no other', async () => {
      const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
      await gateway.get('/api/v1/tickets', { ...clerk, traceparent: `00-${trace}-00f067aa0ba902b7-01` });
      expect(gateway.tickets.seen.at(-1)?.headers.traceparent).toMatch(
        new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)`),
      );
      await gateway.get('/api/v1/tickets', {
        ...clerk,
        traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      });
      expect(gateway.tickets.seen.at(-1)?.headers.traceparent).toMatch(
        /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/,
      );
    });

    it('passes the answer on with its status, without connection fields, its Location relative', async () => {
      gateway.tickets.on('/api/v1/tickets', (_request, response) => {
        response
          .writeHead(201, {
            location: `${gateway.tickets.url}/api/v1/tickets/${ID}`,
            etag: '"v1"',
            'cache-control': 'private, no-cache',
            server: 'inside',
            'content-type': 'application/json',
          })
          .end('{"id":1}');
      });
      const response = await fetch(`${gateway.url}/api/v1/tickets`, {
        method: 'POST',
        headers: clerk,
        body: '{}',
      });
      expect([response.status, await response.text()]).toEqual([201, '{"id":1}']);
      expect(response.headers.get('location')).toBe(`/api/v1/tickets/${ID}`);
      expect(response.headers.get('etag')).toBe('"v1"');
      expect(response.headers.get('cache-control')).toBe('private, no-cache');
      expect(response.headers.get('server')).toBeNull();
    });

    it('sets the security fields, and no-store unless the service says otherwise', async () => {
      for (const path of ['/api/v1/tickets', '/', '/docs', '/api/v1/nothing', '/health/live']) {
        const { headers } = await gateway.get(path, clerk);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('strict-transport-security')).toBeNull();
        expect(headers.get('access-control-allow-origin')).toBeNull();
        expect(headers.get('x-powered-by')).toBeNull();
      }
    });
  });

  it("passes a service's own problem on unchanged", async () => {
    const problem = {
      type: 'urn:x',
      title: 'Conflict',
      status: 409,
      code: 'ticket.already-closed',
      detail: 'Closed.',
    };
    gateway.tickets.on('/api/v1/tickets', (_request, response) => {
      response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    const response = await gateway.get('/api/v1/tickets', clerk);
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await bodyOf(response)).toEqual(problem);
  });

  describe('authentication', () => {
    it.each([
      ['no token', () => ({}), 'auth.token-missing'],
      ['another scheme', () => ({ authorization: 'Basic YTpi' }), 'auth.token-invalid'],
      ['no JWT', () => ({ authorization: 'Bearer abc' }), 'auth.token-invalid'],
    ])('refuses %s before a service hears of it', async (_, headers, code) => {
      const response = await gateway.get('/api/v1/tickets', headers());
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect(await bodyOf(response)).toMatchObject({ status: 401, code });
      expect(gateway.tickets.seen).toHaveLength(0);
    });

    it.each([
      ['an expired token', { expiresIn: -60 }, 'auth.token-expired'],
      ['a token for another audience', { audience: 'other-api' }, 'auth.token-invalid'],
      ['a token of another issuer', { issuer: 'https://elsewhere.example' }, 'auth.token-invalid'],
      ['a token signed by another key', { foreignKey: true }, 'auth.token-invalid'],
    ])('refuses %s', async (_, options, code) => {
      const token = gateway.issuer.token('eb1.clerk', options);
      for (const path of ['/api/v1/tickets', '/api/v1', '/api/v1/stream', '/api/v1/imports']) {
        const response = await gateway.get(path, { authorization: `Bearer ${token}` });
        expect(await bodyOf(response)).toMatchObject({ status: 401, code });
      }
      expect(gateway.tickets.seen).toHaveLength(0);
    });

    it.each([
      '/',
      '/docs',
      '/openapi.json',
      '/events',
      '/asyncapi.json',
      '/health/live',
      '/health/ready',
      '/health/services',
      '/metrics',
    ])('lets anybody see %s', async (path) => {
      expect((await gateway.get(path)).status).toBe(200);
    });
  });

  it('lists what there is at /api/v1', async () => {
    const index = await bodyOf(await gateway.get('/api/v1', clerk));
    const tickets = { name: 'tickets', href: '/api/v1/tickets', service: 'tickets' };
    expect(index.links).toEqual(expect.arrayContaining([tickets]));
  });

  it('measures hops by service and route', async () => {
    await gateway.get('/api/v1/tickets', clerk);
    const lines = (await (await gateway.get('/metrics')).text()).split('\n');
    const has = (...parts: string[]) => lines.some((line) => parts.every((part) => line.includes(part)));
    expect(has('gateway_upstream_duration_count', 'upstream="tickets"', 'http_route="/api/v1/tickets"')).toBe(
      true,
    );
    expect(has('gateway_circuit_state', 'upstream="tickets"', '} 0')).toBe(true);
    expect(has('gateway_upstream_in_flight', 'upstream="tickets"', '} 0')).toBe(true);
    expect(has('http_server_request_duration_count', 'http_route="/api/v1/tickets"')).toBe(true);
  });
});
