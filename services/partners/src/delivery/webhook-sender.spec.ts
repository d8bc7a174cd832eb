import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeTestCertificate } from '@steward/testing';
import { configFromEnv } from '../config.js';
import { WebhookSender } from './webhook-sender.js';

const LOOPBACK = '127.0.0.0/8,::1';
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Waits long for an answer, as the machine may be slow; a spec of silence says how little it waits. */
function sender(allowed: string, timeoutMs = 20_000): WebhookSender {
  const config = configFromEnv({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://a@localhost/a',
    WORKER_DATABASE_URL: 'postgres://a@localhost/a',
    MIGRATE_ON_START: 'false',
    KAFKA_BROKERS: 'localhost:1',
    WEBHOOK_ALLOWED_INSIDE: allowed,
    WEBHOOK_TIMEOUT_MS: String(timeoutMs),
  });
  const made = new WebhookSender(config);
  ends.push(() => made.onApplicationShutdown());
  return made;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
const plain = (handle: RequestListener) => listening(createPlain(handle));
const send = (made: WebhookSender, address: string) => made.send({ address, headers: {}, body: '{}' });

describe('a webhook', () => {
  it('PTR-01 does not connect to an address inside that a name stands for', async () => {
    const certificate = makeTestCertificate(['localhost']);
    let asked = 0;
    const port = await listening(createSecure(certificate, () => (asked += 1)));
    const answer = await send(sender('192.0.2.1'), `https://localhost:${port}/`);
    expect(answer).toMatchObject({ status: null, error: 'address-inside' });
    expect(asked).toBe(0);
  });

  it('PTR-03 takes a wrong certificate for no answer', async () => {
    const certificate = makeTestCertificate(['elsewhere.example']);
    const port = await listening(createSecure(certificate, (_, response) => response.end()));
    const answer = await send(sender(LOOPBACK), `https://localhost:${port}/`);
    expect(answer.status).toBeNull();
    expect(answer.error).toMatch(/cert|altname|signature/);
  });

  it('is not sent at all to an address that is not allowed as it is written', async () => {
    expect(await send(sender('192.0.2.1'), 'http://127.0.0.1:9/')).toMatchObject({ error: 'address-inside' });
    expect(await send(sender('192.0.2.1'), 'http://partner.example/')).toMatchObject({
      error: 'address-not-https',
    });
  });

  it('PTR-03 does not follow a redirect, and reads only the beginning of an answer', async () => {
    const paths: string[] = [];
    const port = await plain((request, response) => {
      paths.push(request.url!);
      if (request.url === '/long') response.end('x'.repeat(10_000_000));
      else response.writeHead(302, { location: '/long' }).end();
    });
    const made = sender(LOOPBACK);
    expect(await send(made, `http://127.0.0.1:${port}/there`)).toMatchObject({ status: 302 });
    expect(paths).toEqual(['/there']);
    const long = await send(made, `http://127.0.0.1:${port}/long`);
    expect(long).toMatchObject({ status: 200, answer: 'x'.repeat(500) });
  });

  it('PTR-03 gives up on silence, before the answer and within it', async () => {
    const port = await plain((request, response) => {
      if (request.url === '/half') response.writeHead(200).write('half');
    });
    const made = sender(LOOPBACK, 500);
    expect(await send(made, `http://127.0.0.1:${port}/`)).toMatchObject({ status: null, error: 'timeout' });
    expect(await send(made, `http://127.0.0.1:${port}/half`)).toMatchObject({ status: 200, answer: null });
  });

  it('tells a refused connection from an unknown name', async () => {
    const port = await plain(() => undefined);
    await ends.pop()!();
    const made = sender(LOOPBACK);
    expect(await send(made, `http://127.0.0.1:${port}/`)).toMatchObject({ error: 'econnrefused' });
    expect((await send(made, 'https://nobody.invalid/')).status).toBeNull();
  });
});
