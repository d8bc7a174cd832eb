import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RoleRevoked, TicketStarted, toHeaders, type EventDefinition } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { createKafka, type Kafka, type Publisher } from '@steward/messaging';
import { createLogger } from '@steward/platform';
import { eventually, testTopicPrefix } from '@steward/testing';
import { KafkaSource } from './kafka-source.js';
import type { ObservedEvent } from './reference.js';

jest.setTimeout(60_000);

const brokers = process.env.STEWARD_TEST_BROKERS!.split(',');
const topic = `${testTopicPrefix()}stream.v1`;
const later = `${testTopicPrefix()}later.v1`;
const BRANCH = newId();

describe('references from Kafka', () => {
  let kafka: Kafka;
  let publisher: Publisher;
  let source: KafkaSource | null = null;
  let heard: ObservedEvent[];
  let gaps: number;

  beforeAll(async () => {
    kafka = createKafka({ brokers, clientId: 'gateway-spec' });
    publisher = kafka.publisher();
    await kafka.topics.ensure([{ name: topic, kind: 'events', partitions: 3 }]);
  });
  afterEach(async () => {
    await source?.stop();
    source = null;
  });
  afterAll(async () => {
    await kafka.topics.delete([topic, later]).catch(() => undefined);
    await publisher.close();
    await kafka.close();
  });

  const listen = async (topics: readonly string[]): Promise<void> => {
    heard = [];
    gaps = 0;
    const logger = createLogger({ service: 'gateway', level: 'silent' });
    source = new KafkaSource({ kafka: { brokers }, logger, topics, retryMs: 200 });
    source.start({ event: (event) => heard.push(event), gap: () => (gaps += 1) });
    await eventually(() => gaps === 1, { timeoutMs: 30_000 });
  };

  const publish = async (
    id: string,
    sequence: number,
    to = topic,
    definition: EventDefinition = TicketStarted,
  ) => {
    const time = new Date('2026-03-02T08:00:00.000Z');
    const headers = toHeaders({
      id: newId(),
      type: definition.type,
      source: 'tickets',
      subject: id,
      time,
      branch: BRANCH,
      sequence,
      recordedTime: time,
      actor: 'eb1.clerk',
      correlationId: 'c',
      origin: 'live',
      late: false,
    });
    const value = JSON.stringify({ ...(definition.sample as object), subject: 'eb1.engineer' });
    await publisher.publish([{ topic: to, key: id, value, headers }]);
  };

  const sequences = (id: string): number[] =>
    heard.filter(({ reference }) => reference.id === id).map(({ reference }) => reference.sequence);

  it('tell what happens from now on, in order per aggregate, and nothing of the past', async () => {
    const [one, two] = [newId(), newId()];
    for (let i = 1; i <= 50; i += 1) await publish(one, i);
    await listen([topic]);
    for (let i = 51; i <= 60; i += 1) {
      await publish(one, i);
      await publish(two, i);
    }
    await eventually(() => sequences(one).length >= 10 && sequences(two).length >= 10);
    const expected = Array.from({ length: 10 }, (_, i) => i + 51);
    expect([sequences(one), sequences(two)]).toEqual([expected, expected]);
    expect(heard[0]).toEqual({
      reference: {
        type: TicketStarted.type,
        id: expect.any(String),
        branch: BRANCH,
        sequence: 51,
        time: '2026-03-02T08:00:00.000Z',
      },
    });
    expect(source!.health()).toEqual({ ok: true });
  });

  it('name whose roles an event changes, and pass over what is no event', async () => {
    await listen([topic]);
    const id = newId();
    await publisher.publish([{ topic, key: id, value: 'junk', headers: { ce_id: 'x' } }]);
    await publish(id, 1, topic, RoleRevoked);
    await eventually(() => sequences(id).length === 1);
    expect(heard.at(-1)?.grantee).toBe('eb1.engineer');
  });

  it('begin with a topic as soon as its service has made it, from its first event', async () => {
    await listen([topic, later]);
    expect(source!.health()).toMatchObject({ ok: false });
    await kafka.topics.ensure([{ name: later, kind: 'events', partitions: 3 }]);
    const [here, there] = [newId(), newId()];
    await publish(there, 1, later);
    await publish(here, 1);
    await eventually(() => sequences(there).length === 1 && sequences(here).length === 1, {
      timeoutMs: 30_000,
    });
    expect(source!.health()).toEqual({ ok: true });
    expect(gaps).toBe(1);
  });

  it('wait for a broker that is not there, and can be stopped meanwhile', async () => {
    const logger = createLogger({ service: 'gateway', level: 'silent' });
    const lost = new KafkaSource({
      kafka: { brokers: ['127.0.0.1:1'] },
      logger,
      topics: [topic],
      retryMs: 100,
    });
    lost.start({ event: () => undefined, gap: () => undefined });
    await eventually(() => lost.health().detail !== 'not connected yet', { timeoutMs: 30_000 });
    expect(lost.health().ok).toBe(false);
    await lost.stop();
  });
});
