import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

jest.setTimeout(60_000);

const KIB = 1024;
let gateway: Harness;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway.stop();
});

type State = { inFlight: number; streamed: number; circuit: string };

async function stateOf(service: string): Promise<State> {
  const report = (await bodyOf(await gateway.get('/health/services'))) as { services: Record<string, State> };
  return report.services[service]!;
}

/** Keeps every request to `path` waiting until it is told to answer them. */
function held(path: string): { waiting: ServerResponse[]; release: () => void } {
  const waiting: ServerResponse[] = [];
  gateway.tickets.on(path, (_request, response) => void waiting.push(response));
  return {
    waiting,
    release: () => {
      gateway.tickets.reset();
      for (const response of waiting) response.writeHead(200).end('{}');
    },
  };
}

/** A connection that sends what it is told and no more; gives all that it heard. */
async function raw(
  ...parts: string[]
): Promise<{ socket: Socket; heard: () => string; ended: () => boolean }> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  sockets.push(socket);
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => (ended = true));
  socket.on('close', () => (ended = true));
  await new Promise<void>((done) => socket.once('connect', done));
  for (const part of parts) socket.write(part);
  return { socket, heard: () => text, ended: () => ended };
}

const uploadHead = (who: string, path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${gateway.as(who)['authorization']!}\r\ncontent-length: ${length}\r\n\r\n`;

describe('a burst', () => {
  it('of one caller does not keep another from being answered', async () => {
    gateway = await startHarness({ limits: { inFlightPerService: 16, inFlight: 64 } });
    const { waiting, release } = held('/api/v1/tickets/slow');
    const burst = Array.from({ length: 300 }, () => gateway.get('/api/v1/tickets/slow', gateway.as('x')));
    const refused: Response[] = [];
    for (const request of burst) void request.then((answer) => answer.status !== 200 && refused.push(answer));
    await eventually(() => waiting.length === 8 && refused.length === 292);
    for (let i = 0; i < 20; i += 1)
      expect((await gateway.get('/api/v1/tickets', gateway.as('y'))).status).toBe(200);
    expect(waiting.length).toBe(8);
    release();
    await Promise.all(burst);
    expect(refused).toHaveLength(292);
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['1']));
    expect(await bodyOf(refused[0]!)).toMatchObject({ status: 429, code: 'gateway.too-many-at-once' });
    expect((await gateway.get('/api/v1/tickets', gateway.as('x'))).status).toBe(200);
  });

  it('of one person does not keep another person of the same client from being answered', async () => {
    gateway = await startHarness({ limits: { inFlightPerService: 8 } });
    const { waiting, release } = held('/api/v1/tickets/slow');
    const burst = Array.from({ length: 50 }, () =>
      gateway.get('/api/v1/tickets/slow', gateway.as('x', 'shared')),
    );
    await eventually(() => waiting.length === 4);
    expect((await gateway.get('/api/v1/tickets', gateway.as('y', 'shared'))).status).toBe(200);
    release();
    await Promise.all(burst);
  });

  it('of many is answered with 2xx, 429 or 503 and when to come again, and then all is as before', async () => {
    gateway = await startHarness({ limits: { inFlightPerService: 8, inFlight: 12 } });
    const { waiting, release } = held('/api/v1/tickets/slow');
    const burst = Array.from({ length: 400 }, (_, index) =>
      gateway.get('/api/v1/tickets/slow', gateway.as(`caller ${index % 40}`)),
    );
    await eventually(() => waiting.length === 8);
    release();
    const answers = await Promise.all(burst);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(503);
    for (const { status, headers } of answers)
      expect([status, status === 200 || headers.get('retry-after') !== null]).toEqual([status, true]);
    expect(await stateOf('tickets')).toMatchObject({ inFlight: 0, circuit: 'closed' });
    for (let i = 0; i < 8; i += 1)
      expect((await gateway.get('/api/v1/tickets', gateway.as('y'))).status).toBe(200);
  });
});

describe('clients that are slow', () => {
  it('with uploads leave the places of ordinary requests alone, and of other uploads', async () => {
    gateway = await startHarness({ limits: { inFlightPerService: 4, streamedPerService: 4 } });
    const path = '/api/v1/imports?kind=tickets';
    for (const who of ['x', 'x', 'x', 'z']) await raw(uploadHead(who, path, 10 * KIB * KIB), 'x'.repeat(KIB));
    await eventually(async () => (await stateOf('tickets')).streamed === 3);
    for (let i = 0; i < 10; i += 1)
      expect((await gateway.get('/api/v1/tickets', gateway.as('x'))).status).toBe(200);
    const body = 'x'.repeat(100 * KIB);
    const upload = await fetch(gateway.url + path, { method: 'POST', headers: gateway.as('y'), body });
    expect(upload.status).toBe(200);
    const beyond = await raw(uploadHead('x', path, 10 * KIB * KIB), 'x');
    await eventually(() => /^HTTP\/1\.1 429 [^]*retry-after: 1/.test(beyond.heard()));
  });

  it('with large bodies of commands take none of the places of small ones', async () => {
    gateway = await startHarness({ limits: { inFlightPerService: 2, streamedPerService: 8 } });
    for (const who of ['v', 'w', 'x']) await raw(uploadHead(who, '/api/v1/tickets', 100 * KIB), 'x');
    await eventually(async () => (await stateOf('tickets')).streamed === 3);
    const small = await fetch(`${gateway.url}/api/v1/tickets`, {
      method: 'POST',
      headers: gateway.as('y'),
      body: '{}',
    });
    expect(small.status).toBe(200);
  });

  it('in reading lose their connection, and their place is free again', async () => {
    gateway = await startHarness({ timeouts: { deadlineMs: 300 } });
    let begun = false;
    let gone = false;
    gateway.tickets.on('/api/v1/tickets', (_request, response) => {
      begun = true;
      response.once('close', () => (gone = true));
      response.writeHead(200, { 'content-type': 'text/csv' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * KIB)));
        response.once('drain', more);
      };
      more();
    });
    const { authorization } = gateway.as('x');
    const reader = await raw(
      `GET /api/v1/tickets HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization!}\r\n\r\n`,
    );
    reader.socket.pause();
    await eventually(() => begun && gone);
    await eventually(async () => (await stateOf('tickets')).inFlight === 0);
    expect((await gateway.get('/api/v1/units', gateway.as('x'))).status).toBe(200);
  });

  it('in sending header fields are closed with 408 and hold up nobody', async () => {
    gateway = await startHarness();
    const slow = await Promise.all(
      Array.from({ length: 100 }, () => raw('GET /api/v1/tickets HTTP/1.1\r\nhost: x\r\nx-')),
    );
    expect((await gateway.get('/api/v1/tickets', gateway.as('y'))).status).toBe(200);
    await eventually(() => slow.every(({ ended }) => ended()));
    for (const { heard } of slow) expect(heard()).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request.timeout"/);
  });
});
