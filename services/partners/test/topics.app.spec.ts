import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TicketAssigned } from '@steward/contracts';
import type { CallOptions, Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { ensureKafkaJars, eventually, makeTestCertificate, startKafka, type Kafka } from '@steward/testing';
import {
  COMPLETED,
  FEED,
  GRANTS,
  ids,
  PartnersUnderTest,
  STARTED,
  SUBSCRIPTIONS,
} from './partners.harness.js';
import { TopicReader } from './topic-reader.js';

jest.setTimeout(120_000);

const ASSIGNED = TicketAssigned.type;
const certificate = makeTestCertificate(['127.0.0.1', 'localhost']);
let broker: Kafka;
let service: PartnersUnderTest;
let readers: TopicReader[] = [];

beforeAll(async () => {
  broker = await startKafka({
    dataDir: mkdtempSync(join(tmpdir(), 'steward-partners-')),
    libDir: await ensureKafkaJars(),
    temporary: true,
    guarded: { certificate },
  });
  service = await PartnersUnderTest.start({
    KAFKA_BROKERS: broker.brokers,
    PARTNER_KAFKA_BROKERS: broker.guarded,
  });
}, 180_000);
afterEach(async () => {
  for (const reader of readers) await reader.stop();
  readers = [];
});
afterAll(async () => {
  await service?.stop();
  await broker?.stop();
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
const at = ({ id }: Json): string => `${GRANTS}/${id}/topic`;
const open = (grant: Json, options: CallOptions = {}): Promise<Json> =>
  service.make(at(grant), 'hq.admin', {}, { match: grant['version'] as number, ...options });
const issue = async (grant: Json, options: CallOptions = {}): Promise<Json> => {
  const { body } = await service.get(`${GRANTS}/${grant['id']}`, 'hq.admin');
  const match = body['version'] as number;
  return service.make(`${at(grant)}/credentials`, 'hq.admin', {}, { match, ...options });
};
const current = async ({ id }: Json): Promise<Json> =>
  (await service.get(`${GRANTS}/${id}`, 'hq.admin')).body;
const close = async (grant: Json): Promise<void> => {
  const { version } = await current(grant);
  await service.call('DELETE', at(grant), 'hq.admin', undefined, { match: version as number });
  await eventually(async () => (await current(grant))['topic'] === null);
};
const reader = (credentials: Json, password?: string): TopicReader => {
  const made = new TopicReader(credentials, certificate.cert, password);
  readers.push(made);
  return made;
};
/** A partner's system that reads: brokers take a moment to know a login. */
const reading = (credentials: Json): Promise<TopicReader> =>
  eventually(
    async () => {
      const system = reader(credentials);
      return (await system.read()) === 'allowed' && system;
    },
    { timeoutMs: 40_000 },
  );
const refused = (credentials: Json): Promise<unknown> =>
  eventually(async () => (await reader(credentials).read()) === 'LOGIN_REFUSED', { timeoutMs: 40_000 });
const opened = async (client: string, changes: Json = {}) => {
  const grant = await open(await service.grant(client, changes));
  return { grant, credentials: await issue(grant) };
};

describe('a topic of its own', () => {
  it('PTR-01 brings a partner what it is granted, reduced like a webhook, in order per record', async () => {
    const EB1 = service.group.id('EB1');
    const { grant, credentials } = await opened('bank', {
      eventTypes: [STARTED, ASSIGNED],
      branchIds: [EB1],
    });
    expect(grant).toMatchObject({
      topic: { state: 'open' },
      actions: expect.arrayContaining(['close-topic']),
    });
    expect(credentials['topic']).toMatch(/partner\.[0-9a-f-]{36}\.v1$/);
    expect(credentials['topic']).toBe(grant['topic'].name);
    const system = await reading(credentials);
    const tickets = ids(5);
    await service.started(tickets, { times: 10 });
    const [elsewhere] = ids(1);
    await service.started([elsewhere!], { branch: 'EB2' });
    const [ticketId, assigneeId] = ids(2);
    const data = { ticketId: ticketId!, assigneeId, assignedAt: '2026-03-02T01:05:00.000Z' };
    service.facts.state(TicketAssigned, ticketId!, { branch: EB1 }, data);
    await service.facts.publish();
    await service.logged(elsewhere!, 1);
    await eventually(() => system.firsts().length >= 51, { timeoutMs: 40_000 });
    for (const ticket of tickets) expect(system.sequences(ticket)).toEqual(upTo(10));
    const [assigned] = system.taken.filter(({ body }) => body['type'] === ASSIGNED);
    expect(assigned!.body['data']).toEqual({ ticketId, assignedAt: data.assignedAt });
    expect(assigned!.body).not.toHaveProperty('actor');
    const { id, timestamp } = assigned!.body;
    expect(assigned!.key).toBe(ticketId);
    expect(assigned!.headers).toMatchObject({
      ...{ ce_specversion: '1.0', ce_id: id, ce_type: ASSIGNED, ce_source: 'tickets' },
      ...{ ce_subject: ticketId, ce_time: timestamp, 'content-type': 'application/json' },
    });
    // byte for byte what the feed gives, and nothing else
    const { body: feed } = await service.get(`${FEED}?limit=200`, 'bank');
    const byId = (list: Json[]) => list.toSorted((a, b) => String(a['id']).localeCompare(String(b['id'])));
    expect(byId(system.firsts())).toEqual(byId(feed['items'] as Json[]));
    expect(JSON.stringify(system.taken)).not.toContain(elsewhere);
    await eventually(async () => {
      const { body } = await service.get(`${SUBSCRIPTIONS}/${grant['topic'].subscriptionId}`, 'bank');
      return body['delivered'] === 51 && body['delivery'] === 'topic';
    });
    await close(grant);
  });

  it('PTR-01 is open to its partner alone: logins, other topics, groups and writing are refused', async () => {
    const [bank, utility] = [await opened('bank'), await opened('utility')];
    const mine = bank.credentials;
    await reading(mine);
    expect(await reader(mine, 'wrong').read()).toBe('LOGIN_REFUSED');
    expect(await reader({ ...mine, username: 'partner' }).read()).toBe('LOGIN_REFUSED');
    const prefix = service.config.kafka.topicPrefix!;
    const foreign = [`${prefix}tickets.v1`, `${prefix}partners.v1`, utility.credentials['topic'] as string];
    for (const topic of foreign)
      expect([topic, await reader(mine).read(topic)]).toEqual([topic, 'TOPIC_AUTHORIZATION_FAILED']);
    for (const group of [`${prefix}partners-log`, `${utility.credentials['groupPrefix']}reader`, 'own'])
      // what the client makes of a group that it may not look up; its own one was found before
      expect(await reader(mine).read(undefined, group)).toMatch(
        /GroupCoordinatorNotFound|GROUP_AUTHORIZATION/,
      );
    for (const topic of [mine['topic'] as string, ...foreign])
      expect(await reader(mine).write(topic)).toMatch(/AUTHORIZATION_FAILED/);
    const renewed = await issue(bank.grant);
    await reading(renewed);
    await refused(mine);
    await close(bank.grant);
    await close(utility.grant);
  });

  it('PTR-01 loses and doubles nothing when the writer is killed or restarted', async () => {
    const { grant, credentials } = await opened('authority', { eventTypes: [STARTED] });
    const system = await reading(credentials);
    const tickets = ids(6);
    const child = await service.processCopy();
    await service.leaveToOthers();
    // from now on one process alone writes: it is ended in the middle of it, first by force
    for (const end of [() => child.kill('SIGKILL'), () => undefined, () => undefined]) {
      const before = system.taken.length;
      await service.started(tickets, { times: 20, branch: 'EB2' });
      await eventually(() => system.taken.length > before, { timeoutMs: 40_000 });
      end();
      await service.restart();
    }
    await eventually(() => system.firsts().length >= 360, { timeoutMs: 60_000 });
    for (const ticket of tickets) expect(system.sequences(ticket)).toEqual(upTo(60));
    expect(system.firsts()).toHaveLength(360);
    await close(grant);
  });

  it('PTR-02 a revoked grant ends writing and reading, also on connections that are open', async () => {
    const { grant, credentials } = await opened('utility');
    const system = await reading(credentials);
    const [ticket, late] = ids(2);
    await service.started([ticket!], { times: 3 });
    await eventually(() => system.taken.length >= 3, { timeoutMs: 40_000 });
    const { version } = await current(grant);
    const path = `${GRANTS}/${grant['id']}/revocation`;
    await service.make(path, 'hq.admin', { reason: 'over' }, { match: version as number });
    await service.started([late!]);
    await eventually(() => system.refusal !== undefined, { timeoutMs: 40_000 });
    expect(system.refusal).toMatch(/AUTHORIZATION_FAILED|LOGIN_REFUSED/);
    await refused(credentials);
    expect(await current(grant)).toMatchObject({ state: 'revoked', topic: null, actions: [] });
    const subscription = `${SUBSCRIPTIONS}/${grant['topic'].subscriptionId}`;
    expect((await service.get(subscription, 'utility')).body).toMatchObject({
      state: 'ended',
      stateReason: 'topic-closed',
    });
    // another grant brings the topic again: it goes on from there, without what was stated meanwhile
    const again = await opened('utility');
    const second = await reading(again.credentials);
    const [next] = ids(1);
    await service.started([next!]);
    await eventually(() => second.sequences(next!).length === 1, { timeoutMs: 40_000 });
    expect(second.sequences(ticket!)).toEqual(upTo(3));
    expect(second.sequences(late!)).toEqual([]);
    await close(again.grant);
  });
});

describe('headquarters', () => {
  it('PTR-01 alone opens and closes topics, in the version that it saw, each step in the trail without the password', async () => {
    const grant = await service.grant('bank');
    for (const as of ['bank', 'hq.auditor', 'eb1.agent']) {
      expect((await service.post(at(grant), as, {}, { match: 1 })).status).toBe(403);
      expect((await service.post(`${at(grant)}/credentials`, as, {}, { match: 1 })).status).toBe(403);
      expect((await service.call('DELETE', at(grant), as, undefined, { match: 1 })).status).toBe(403);
    }
    expect((await service.post(at(grant), 'hq.admin', {})).status).toBe(428);
    expect((await service.post(at(grant), 'hq.admin', {}, { match: 9 })).status).toBe(412);
    expect((await service.post(`${GRANTS}/${newId()}/topic`, 'hq.admin', {}, { match: 1 })).status).toBe(404);
    const none = { status: 409, body: { code: 'partner-topic.none' } };
    expect(await service.post(`${at(grant)}/credentials`, 'hq.admin', {}, { match: 1 })).toMatchObject(none);
    const first = await open(grant, { key: 'open' });
    expect(await open(grant, { key: 'open' })).toEqual(first);
    const other = await service.grant('bank', { eventTypes: [COMPLETED] });
    expect(await service.post(at(other), 'hq.admin', {}, { match: 1 })).toMatchObject({
      status: 409,
      body: { code: 'partner-topic.open' },
    });
    const credentials = await issue(grant, { key: 'issue' });
    const repeated = { key: 'issue', match: 2 };
    expect(await service.post(`${at(grant)}/credentials`, 'hq.admin', {}, repeated)).toMatchObject({
      status: 409,
      body: { code: 'partner-topic.shown-once' },
    });
    await close(grant);
    const { body: trail } = await service.get(`/api/v1/audit/partners?entityId=${grant['id']}`, 'hq.auditor');
    expect((trail['items'] as Json[]).map(({ action }) => action as string).sort()).toEqual(
      ['give', 'open-topic', 'issue-credentials', 'close-topic'].sort(),
    );
    for (const table of ['audit', 'idempotency', 'outbox', 'partner_grant'])
      expect(JSON.stringify(await service.rows(`select * from ${table}`))).not.toContain(
        credentials['password'],
      );
  });

  it('PTR-01 the partner changes, pauses and replays what is written, and has neither address nor secret', async () => {
    const { grant, credentials } = await opened('bank');
    const path = `${SUBSCRIPTIONS}/${grant['topic'].subscriptionId}`;
    const seen = async () => (await service.get(path, 'bank')).body;
    expect((await seen())['actions']).toEqual(['change', 'pause', 'replay']);
    const act = async (end: string, body: object = {}) =>
      service.post(`${path}/${end}`, 'bank', body, { match: (await seen())['version'] as number });
    const ofTopic = { status: 409, body: { code: 'subscription.of-topic' } };
    expect(await act('test')).toMatchObject(ofTopic);
    expect(await act('secret-rotations')).toMatchObject(ofTopic);
    expect(await service.call('DELETE', path, 'bank', undefined, { match: 1 })).toMatchObject(ofTopic);
    const elsewhere = { address: 'https://partner.example/' };
    expect(await service.patch(path, 'bank', elsewhere, 1)).toMatchObject(ofTopic);
    expect((await service.get(`${path}/secrets`, 'bank')).body['items']).toEqual([]);
    const system = await reading(credentials);
    expect((await act('pause')).body['state']).toBe('paused');
    const [ticket] = ids(1);
    await service.started([ticket!], { times: 3 });
    await service.logged(ticket!, 3);
    expect(system.sequences(ticket!)).toEqual([]);
    await act('resumption');
    await eventually(() => system.sequences(ticket!).length === 3, { timeoutMs: 40_000 });
    const taken = () => system.taken.filter(({ key }) => key === ticket);
    const replay = await act('replay', { afterEventId: taken()[0]!.body['id'] as string });
    expect(replay.status).toBe(200);
    await eventually(() => taken().length === 5, { timeoutMs: 40_000 });
    expect(system.sequences(ticket!)).toEqual(upTo(3));
    await close(grant);
  });
});

describe('brokers without access control', () => {
  it('PTR-01 carry no topic of a partner', async () => {
    const plain = await PartnersUnderTest.start({ PARTNER_KAFKA_BROKERS: '127.0.0.1:9094' });
    try {
      const grant = await plain.grant('bank');
      expect(await plain.post(at(grant), 'hq.admin', {}, { match: 1 })).toMatchObject({
        status: 409,
        body: { code: 'partner-topic.broker-open' },
      });
    } finally {
      await plain.stop();
    }
  });
});
