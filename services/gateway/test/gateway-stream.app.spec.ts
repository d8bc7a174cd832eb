import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import { connect } from 'node:net';
import { readStream, type StreamReader } from './event-stream.reader.js';
import { sendJson } from './fixture-upstream.js';
import { bodyOf, startHarness, type Harness } from './gateway.harness.js';

jest.setTimeout(30_000);

type Grants = readonly Readonly<{ role: string; level: string; units: unknown; refs: unknown }>[];

const of = (role: string, level: string, units: unknown): Grants[number] => ({
  role,
  level,
  units,
  refs: units,
});

const FAST = { flushMs: 5, heartbeatMs: 100, recheckMs: 300, stallMs: 1000, windowSize: 50 };

describe('GET /api/v1/stream', () => {
  let gateway: Harness;
  let rights: Record<string, Grants>;
  let asked: string[];
  const open: StreamReader[] = [];

  const start = async (stream: object = {}): Promise<void> => {
    gateway = await startHarness({ stream: { ...FAST, ...stream } });
    gateway.organisation.on('/api/v1/me', (request, response) => {
      const payload = request.headers.authorization!.split('.')[1]!;
      const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string };
      asked.push(sub);
      sendJson(response, 200, { subject: sub, grants: rights[sub] ?? [] });
    });
  };
  beforeEach(() => {
    asked = [];
    rights = {
      'eb1.clerk': [of('cs-agent', 'branch', ['EB1'])],
      'eb2.clerk': [of('cs-agent', 'branch', ['EB2'])],
      'hq.admin': [of('hq-admin', 'group', '*')],
    };
  });
  afterEach(async () => {
    open.splice(0).forEach((reader) => reader.close());
    await gateway.stop();
  });

  const listen = async (subject: string, headers: Record<string, string> = {}): Promise<StreamReader> => {
    const reader = await readStream(`${gateway.url}/api/v1/stream`, { ...gateway.as(subject), ...headers });
    open.push(reader);
    return reader;
  };
  const publish = (
    id: string,
    branch: string | null,
    type = 'tickets.ticket-started.v1',
    grantee?: string,
  ): void =>
    gateway.source.listener!.event({
      reference: { type, id, branch, sequence: 1, time: '2026-03-02T08:00:00.000Z' },
      ...(grantee ? { grantee } : {}),
    });
  const ids = (reader: StreamReader): string[] =>
    reader.messages.filter(({ event }) => event === 'message').map(({ data }) => (data as { id: string }).id);

  it('ORG-01 tells each caller of its own scope, and nothing but references', async () => {
    await start();
    const [clerk, other, admin] = [
      await listen('eb1.clerk'),
      await listen('eb2.clerk'),
      await listen('hq.admin'),
    ];
    for (const reader of [clerk, other, admin]) await reader.until('open');
    expect(clerk.headers.get('content-type')).toContain('text/event-stream');
    expect(clerk.headers.get('cache-control')).toBe('no-store');
    publish('one', 'EB1');
    publish('two', 'EB2');
    publish('group', null, 'organisation.audit-head-sealed.v1');
    publish('policy', null, 'organisation.policy-set.v1');
    await eventually(() => ids(admin).length === 4);
    await eventually(() => ids(clerk).length === 2 && ids(other).length === 2);
    expect([ids(clerk), ids(other)]).toEqual([
      ['one', 'policy'],
      ['two', 'policy'],
    ]);
    expect(clerk.messages.find(({ event }) => event === 'message')?.data).toEqual({
      type: 'tickets.ticket-started.v1',
      id: 'one',
      branch: 'EB1',
      sequence: 1,
      time: '2026-03-02T08:00:00.000Z',
    });
  });

  it('goes on after Last-Event-ID, or says reset', async () => {
    await start({ windowSize: 3 });
    const first = await listen('eb1.clerk');
    await first.until('open');
    publish('a', 'EB1');
    await first.until('message');
    const id = first.lastId()!;
    first.close();
    publish('b', 'EB1');
    publish('hidden', 'EB2');
    const second = await listen('eb1.clerk', { 'last-event-id': id });
    await second.until('message');
    expect(ids(second)).toEqual(['b']);
    for (const name of ['c', 'd', 'e']) publish(name, 'EB1');
    const late = await listen('eb1.clerk', { 'last-event-id': id });
    expect((await late.until('reset')).data).toEqual({ reason: 'window-exceeded' });
    const foreign = await listen('eb1.clerk', { 'last-event-id': 'other-copy.5' });
    expect((await foreign.until('reset')).data).toEqual({ reason: 'unknown-position' });
    publish('f', 'EB1');
    await foreign.until('message');
    expect(ids(foreign)).toEqual(['f']);
  });

  it('says reset to all when events may have been missed', async () => {
    await start();
    const clerk = await listen('eb1.clerk');
    await clerk.until('open');
    gateway.source.listener!.gap();
    expect((await clerk.until('reset')).data).toEqual({ reason: 'interrupted' });
  });

  it('keeps the line open, and the position fresh', async () => {
    await start();
    const clerk = await listen('eb1.clerk');
    await clerk.until('open');
    const id = clerk.lastId();
    publish('hidden', 'EB2');
    await eventually(() => clerk.lastId() !== id);
    expect(ids(clerk)).toEqual([]);
  });

  it('ORG-01 ends the stream of a caller whose last role is revoked, before it tells more', async () => {
    await start({ recheckMs: 600_000 });
    const [clerk, admin] = [await listen('eb1.clerk'), await listen('hq.admin')];
    await clerk.until('open');
    rights['eb1.clerk'] = [];
    publish('revocation', 'EB1', 'organisation.role-revoked.v1', 'eb1.clerk');
    publish('secret', 'EB1');
    await clerk.until('end');
    await eventually(() => clerk.ended());
    await eventually(() => ids(admin).includes('secret'));
    expect(ids(clerk)).toEqual([]);
    expect(admin.ended()).toBe(false);
  });

  it('ORG-01 follows a change of roles without an end', async () => {
    await start({ recheckMs: 600_000 });
    const clerk = await listen('eb1.clerk');
    await clerk.until('open');
    rights['eb1.clerk'] = [of('cs-agent', 'branch', ['NB1'])];
    publish('change', 'EB1', 'organisation.role-granted.v1', 'eb1.clerk');
    await eventually(() => asked.filter((sub) => sub === 'eb1.clerk').length >= 2);
    publish('old', 'EB1');
    publish('new', 'NB1');
    await eventually(() => ids(clerk).includes('new'));
    expect(ids(clerk)).toEqual(['new']);
  });

  it('asks for the rights again from time to time, and ends when they cannot be asked', async () => {
    await start({ recheckMs: 100, stallMs: 500 });
    const clerk = await listen('eb1.clerk');
    await clerk.until('open');
    await eventually(() => asked.length >= 3);
    gateway.organisation.on('/api/v1/me', (_request, response) => sendJson(response, 401, {}));
    await clerk.until('end');
    gateway.organisation.on('/api/v1/me', (_request, response) =>
      sendJson(response, 200, { grants: rights['hq.admin'] }),
    );
    const admin = await listen('hq.admin');
    await admin.until('open');
    gateway.organisation.on('/api/v1/me', (_request, response) => sendJson(response, 503, {}));
    await eventually(() => admin.ended());
  });

  it('is refused without a role of the staff, without rights to ask for, and beyond the number of streams', async () => {
    await start({ maxPerClient: 2 });
    rights['demo-partner'] = [of('partner', 'branch', ['EB1'])];
    const refused = await gateway.get('/api/v1/stream', gateway.as('demo-partner'));
    expect(await bodyOf(refused)).toMatchObject({ status: 403, code: 'access.role-missing' });
    const [one] = [await listen('eb1.clerk'), await listen('eb1.clerk')];
    const over = await gateway.get('/api/v1/stream', gateway.as('eb1.clerk'));
    expect(await bodyOf(over)).toMatchObject({ status: 429, code: 'gateway.too-many-streams' });
    expect((await listen('eb2.clerk')).status).toBe(200);
    one.close();
    await eventually(async () => (await bodyOf(await gateway.get('/health/services'))).stream.open === 2);
    expect((await listen('eb1.clerk')).status).toBe(200);
    gateway.organisation.on('/api/v1/me', (_request, response) => sendJson(response, 500, {}));
    const unknown = await gateway.get('/api/v1/stream', gateway.as('hq.admin'));
    expect(await bodyOf(unknown)).toMatchObject({ status: 503, code: 'gateway.unavailable' });
  });

  it('drops a reader that does not read, with a reset, and others hear on', async () => {
    await start({ windowSize: 20_000, stallMs: 300 });
    const clerk = await listen('eb1.clerk');
    const { authorization } = gateway.as('eb1.clerk', 'deaf');
    const deaf = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    deaf.on('error', () => undefined);
    deaf.write(`GET /api/v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`);
    await new Promise((resolve) => deaf.once('data', resolve));
    deaf.pause();
    const openStreams = async () =>
      (await bodyOf(await gateway.get('/health/services'))).stream.open as number;
    await eventually(async () => (await openStreams()) === 2);
    let wave = 0;
    await eventually(async () => {
      wave += 1;
      for (let i = 0; i < 3000; i += 1)
        publish(`${wave}-${i}`, 'EB1', `tickets.ticket-started.v1${'x'.repeat(500)}`);
      await eventually(() => ids(clerk).at(-1) === `${wave}-2999`);
      return (await openStreams()) === 1;
    });
    publish('last', 'EB1');
    await eventually(() => ids(clerk).includes('last'));
    deaf.destroy();
  });

  it('ends when the gateway stops, which waits for no stream', async () => {
    await start();
    const clerk = await listen('eb1.clerk');
    await clerk.until('open');
    const stopped = gateway.stop();
    await eventually(() => clerk.ended());
    await stopped;
  });
});
