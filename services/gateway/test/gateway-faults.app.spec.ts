import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import { connect } from 'node:net';
import { startFixtureUpstream } from './fixture-upstream.js';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

const FAST = { timeouts: { deadlineMs: 200, connectMs: 200, circuit: { failures: 3, openMs: 300 } } };

jest.setTimeout(30_000);

let gateway: Harness;
afterEach(() => gateway.stop());

const hang = (): void => undefined;

describe('a service that fails', () => {
  it('is given up at the deadline, with 504', async () => {
    gateway = await startHarness(FAST);
    gateway.tickets.on('/api/v1/tickets', hang);
    const response = await gateway.get('/api/v1/tickets', gateway.as('eb1.clerk'));
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await bodyOf(response)).toMatchObject({
      status: 504,
      code: 'gateway.timeout',
      params: { service: 'tickets' },
    });
  });

  it('that breaks off before its answer gives 502, and within it a broken connection', async () => {
    gateway = await startHarness(FAST);
    const clerk = gateway.as('eb1.clerk');
    gateway.tickets.on('/api/v1/tickets/before', (request) => void request.socket.destroy());
    gateway.tickets.on('/api/v1/tickets/within', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('begun');
      setTimeout(() => response.destroy(), 20);
    });
    gateway.tickets.on('/api/v1/tickets/garbage', (request) => void request.socket.end('not http\r\n\r\n'));
    const before = await bodyOf(await gateway.get('/api/v1/tickets/before', clerk));
    expect(before).toMatchObject({ status: 502, code: 'gateway.bad-upstream' });
    const garbage = await bodyOf(await gateway.get('/api/v1/tickets/garbage', clerk));
    expect(garbage).toMatchObject({ status: 502, code: 'gateway.bad-upstream' });
    const within = await gateway.get('/api/v1/tickets/within', clerk);
    await expect(within.text()).rejects.toThrow();
  });

  it('that stops in the middle of its answer does not hold the client for ever', async () => {
    gateway = await startHarness(FAST);
    gateway.tickets.on(
      '/api/v1/tickets',
      (_request, response) => void response.writeHead(200).write('begun'),
    );
    const response = await gateway.get('/api/v1/tickets', gateway.as('eb1.clerk'));
    await expect(response.text()).rejects.toThrow();
  });

  it('is left alone after failures in a row, and tried again after a pause', async () => {
    let nowMs = 0;
    gateway = await startHarness(FAST, { nowMs: () => nowMs });
    const clerk = gateway.as('eb1.clerk');
    gateway.tickets.on('/api/v1/tickets', (request) => void request.socket.destroy());
    for (let i = 0; i < 3; i += 1) expect((await gateway.get('/api/v1/tickets', clerk)).status).toBe(502);

    let reached = 0;
    gateway.tickets.on('/api/v1/tickets', (request) => {
      reached += 1;
      request.socket.destroy();
    });
    const refused = await gateway.get('/api/v1/tickets', clerk);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await bodyOf(refused)).toMatchObject({ status: 503, code: 'gateway.unavailable' });
    expect(reached).toBe(0);
    expect((await gateway.get('/api/v1/units', clerk)).status).toBe(200);
    expect(await bodyOf(await gateway.get('/health/services'))).toMatchObject({
      status: 'degraded',
      services: { tickets: { circuit: 'open' }, organisation: { circuit: 'closed', ready: true } },
    });

    nowMs += 300;
    expect((await gateway.get('/api/v1/tickets', clerk)).status).toBe(502);
    expect(reached).toBe(1);
    expect((await gateway.get('/api/v1/tickets', clerk)).status).toBe(503);

    nowMs += 300;
    gateway.tickets.reset();
    expect((await gateway.get('/api/v1/tickets', clerk)).status).toBe(200);
    expect((await gateway.get('/api/v1/tickets', clerk)).status).toBe(200);
  });

  it('that is down gives 503 to commands at once, and reading requests wait for its restart a moment', async () => {
    gateway = await startHarness();
    const clerk = gateway.as('eb1.clerk');
    await gateway.tickets.close();
    const command = await fetch(`${gateway.url}/api/v1/tickets`, {
      method: 'POST',
      headers: clerk,
      body: '{}',
    });
    expect(command.headers.get('retry-after')).toBe('1');
    expect(await bodyOf(command)).toMatchObject({ status: 503, code: 'gateway.unavailable' });
    const reading = gateway.get('/api/v1/tickets', clerk);
    const restarted = await startFixtureUpstream('tickets again', gateway.tickets.port);
    expect(await bodyOf(await reading)).toMatchObject({ service: 'tickets again' });
    await restarted.close();
  });

  it('that is slow does not hold up the others, and is not given more than its share', async () => {
    gateway = await startHarness({
      limits: { inFlightPerService: 4, inFlight: 50 },
      timeouts: { deadlineMs: 2000 },
    });
    const clerk = gateway.as('eb1.clerk');
    gateway.tickets.on('/api/v1/tickets', hang);
    const slow = ['w', 'x', 'y', 'z'].map((who) => gateway.get('/api/v1/tickets', gateway.as(who)));
    await eventually(
      async () => (await bodyOf(await gateway.get('/health/services'))).services.tickets.inFlight === 4,
    );
    const over = await gateway.get('/api/v1/tickets', clerk);
    expect(over.headers.get('retry-after')).toBe('1');
    expect(await bodyOf(over)).toMatchObject({ status: 503, code: 'gateway.overloaded' });
    for (let i = 0; i < 20; i += 1) expect((await gateway.get('/api/v1/units', clerk)).status).toBe(200);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([504, 504, 504, 504]);
  });

  it('hears when the client has gone, and its place is free again', async () => {
    gateway = await startHarness();
    const clerk = gateway.as('eb1.clerk');
    let gone = false;
    gateway.tickets.on(
      '/api/v1/tickets',
      (request) => void request.socket.once('close', () => (gone = true)),
    );
    const leaving = new AbortController();
    const request = fetch(`${gateway.url}/api/v1/tickets`, { headers: clerk, signal: leaving.signal });
    const running = async () =>
      (await bodyOf(await gateway.get('/health/services'))).services.tickets.inFlight as number;
    await eventually(async () => (await running()) === 1);
    leaving.abort();
    await expect(request).rejects.toThrow();
    await eventually(() => gone);
    await eventually(async () => (await running()) === 0);
  });
});

describe('limits', () => {
  it('count each client for itself, and tell it so', async () => {
    gateway = await startHarness({ limits: { rate: 3, rateWindowMs: 60_000 } });
    const clerk = gateway.as('eb1.clerk');
    const first = await gateway.get('/api/v1/tickets', clerk);
    expect(first.headers.get('ratelimit-limit')).toBe('3');
    expect(first.headers.get('ratelimit-remaining')).toBe('2');
    for (let i = 0; i < 2; i += 1) expect((await gateway.get('/api/v1/units', clerk)).status).toBe(200);
    const over = await gateway.get('/api/v1/tickets', gateway.as('eb1.clerk'));
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await bodyOf(over)).toMatchObject({ status: 429, code: 'gateway.rate-limited' });
    expect((await gateway.get('/api/v1/tickets', gateway.as('eb1.manager'))).status).toBe(200);
    expect((await gateway.get('/api/v1/tickets', gateway.as('eb1.clerk', 'other-client'))).status).toBe(200);
  });

  it('count failed attempts by address, without shutting out good tokens', async () => {
    gateway = await startHarness({ limits: { rate: 3, rateWindowMs: 60_000 } });
    for (let i = 0; i < 3; i += 1) expect((await gateway.get('/api/v1/tickets')).status).toBe(401);
    expect((await gateway.get('/api/v1/tickets')).status).toBe(429);
    expect((await gateway.get('/openapi.json')).status).toBe(429);
    expect((await gateway.get('/api/v1/tickets', gateway.as('eb1.clerk'))).status).toBe(200);
  });

  it('take the address from X-Forwarded-For only as far as trusted proxies wrote it', async () => {
    gateway = await startHarness({
      limits: { rate: 1, rateWindowMs: 60_000 },
      trustedProxies: 1,
      https: true,
    });
    const from = (address: string) => gateway.get('/', { 'x-forwarded-for': `9.9.9.9, ${address}` });
    expect((await from('10.0.0.1')).status).toBe(200);
    expect((await from('10.0.0.1')).status).toBe(429);
    const other = await from('10.0.0.2');
    expect(other.status).toBe(200);
    expect(other.headers.get('strict-transport-security')).toContain('max-age=');
  });

  it('refuse a body that is too large, whether its length is told or not', async () => {
    gateway = await startHarness({ limits: { bodyBytes: 1000, uploadBytes: 5000 } });
    const clerk = gateway.as('eb1.clerk');
    const post = (path: string, body: RequestInit['body']) => {
      const options: RequestInit & { duplex: 'half' } = {
        method: 'POST',
        headers: clerk,
        body,
        duplex: 'half',
      };
      return fetch(gateway.url + path, options);
    };
    const told = await post('/api/v1/tickets', 'x'.repeat(1001));
    expect(await bodyOf(told)).toMatchObject({
      status: 413,
      code: 'request.too-large',
      params: { limit: 1000 },
    });
    const untold = await post('/api/v1/tickets', new Blob(['x'.repeat(3000)]).stream());
    expect(await bodyOf(untold)).toMatchObject({ status: 413, code: 'request.too-large' });
    expect((await post('/api/v1/imports?kind=tickets', 'x'.repeat(3000))).status).toBe(200);
    expect((await post('/api/v1/imports?kind=tickets', 'x'.repeat(5001))).status).toBe(413);
    expect((await post('/api/v1/tickets', 'x'.repeat(1000))).status).toBe(200);
  });
});

describe('uploads', () => {
  const MIB = 1024 * 1024;

  it('stream through as they are sent, as fast as the service takes them', async () => {
    gateway = await startHarness();
    const clerk = gateway.as('eb1.clerk');
    let received = 0;
    const reading = Promise.withResolvers<void>();
    gateway.tickets.on('/api/v1/imports', (request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received >= MIB && received - chunk.length < MIB) {
          request.pause();
          void reading.promise.then(() => request.resume());
        }
      });
      request.on('end', () => response.writeHead(202).end(String(received)));
    });
    let sent = 0;
    function* file(): Generator<Buffer> {
      for (; sent < 96; sent += 1) yield Buffer.alloc(MIB, sent);
    }
    const body = ReadableStream.from(file()) as unknown as RequestInit['body'];
    const options: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: clerk,
      body,
      duplex: 'half',
    };
    const upload = fetch(`${gateway.url}/api/v1/imports?kind=tickets`, options);
    await eventually(() => received >= MIB);
    let before = -1;
    await eventually(() => before === (before = sent), { intervalMs: 200 });
    expect(sent).toBeLessThan(32);
    reading.resolve();
    const response = await upload;
    expect([response.status, await response.text()]).toEqual([202, String(96 * MIB)]);
  });

  it('bring the answer back also when the service refuses before the end', async () => {
    gateway = await startHarness();
    gateway.tickets.on('/api/v1/imports', (_request, response) => {
      response.writeHead(415, { 'content-type': 'application/problem+json' }).end('{"status":415}');
    });
    const length = 8 * MIB;
    const answer = await new Promise<string>((resolve, reject) => {
      const { authorization } = gateway.as('eb1.clerk');
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
      socket.write(
        `POST /api/v1/imports?kind=tickets HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-length: ${length}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(64 * 1024));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(answer).toContain('{"status":415}');
  });

  it('may take longer than the deadline of other requests', async () => {
    gateway = await startHarness({ timeouts: { deadlineMs: 100, uploadDeadlineMs: 5000 } });
    const clerk = gateway.as('eb1.clerk');
    async function* slow(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 4; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        yield Buffer.from('part');
      }
    }
    const post = (path: string) => {
      const body = ReadableStream.from(slow()) as unknown as RequestInit['body'];
      const options: RequestInit & { duplex: 'half' } = {
        method: 'POST',
        headers: clerk,
        body,
        duplex: 'half',
      };
      return fetch(gateway.url + path, options);
    };
    expect((await post('/api/v1/imports?kind=tickets')).status).toBe(200);
    expect(await bodyOf(await post('/api/v1/tickets'))).toMatchObject({
      status: 408,
      code: 'request.timeout',
    });
  });
});
