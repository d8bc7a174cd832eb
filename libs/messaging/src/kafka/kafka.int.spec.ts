import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import {
  ensureKafkaJars,
  eventually,
  startKafka,
  testTopicPrefix,
  type Kafka as Broker,
} from '@steward/testing';
import { reading } from '../../test/events.js';
import { KeepReading } from '../../test/handlers.js';
import { brokers, TOPICS, World } from '../../test/world.js';
import { createKafka, type Kafka } from './kafka.js';

jest.setTimeout(90_000);

describe('topics', () => {
  let kafka: Kafka;
  beforeAll(() => {
    kafka = createKafka({ brokers: brokers(), clientId: 'spec', topicPrefix: testTopicPrefix() });
  });
  afterAll(async () => {
    await kafka.topics.delete(['events.v1', 'persons.v1']);
    await kafka.close();
  });

  it('are made once, with twelve partitions, and never with another number', async () => {
    await kafka.topics.ensure([{ name: 'events.v1', kind: 'events' }]);
    await kafka.topics.ensure([
      { name: 'events.v1', kind: 'events' },
      { name: 'persons.v1', kind: 'personal', partitions: 2 },
    ]);
    expect(await kafka.topics.partitionCounts(['events.v1', 'persons.v1'])).toEqual({
      'events.v1': 12,
      'persons.v1': 2,
    });
    await expect(kafka.topics.ensure([{ name: 'events.v1', kind: 'events', partitions: 6 }])).rejects.toThrow(
      'topic events.v1 has 12 partitions, 6 are configured',
    );
  });

  it('that are missing are named', async () => {
    expect(await kafka.topics.missing(['events.v1', 'nowhere.v1'])).toEqual(['nowhere.v1']);
    await expect(kafka.topics.require(['nowhere.v1'])).rejects.toMatchObject({
      code: 'kafka.topic-missing',
      kind: 'unavailable',
    });
    const publisher = kafka.publisher();
    const lost = publisher.publish([{ topic: 'nowhere.v1', key: 'k', value: '{}', headers: {} }]);
    await expect(lost).rejects.toMatchObject({ code: 'kafka.topic-missing' });
    await publisher.close();
  });

  it('tell where they end, where a group stands, and where a message was placed', async () => {
    const publisher = kafka.publisher();
    const message = (key: string) => ({ topic: 'events.v1', key, value: '{}', headers: { a: 'b' } });
    const placed = await publisher.publish([message('x'), message('y'), message('x')]);
    await publisher.close();
    expect(placed[0]).toEqual({ partition: placed[2]!.partition, offset: placed[2]!.offset - 1 });
    const ends = await kafka.topics.endPositions(['events.v1']);
    expect(ends['events.v1']![placed[2]!.partition]).toBe(placed[2]!.offset + 1);
    const positions = await kafka.topics.groupPositions('nobody', ['events.v1']);
    expect(positions['events.v1']).toEqual(Array(12).fill(0));
    await kafka.topics.deleteGroup('nobody');
  });
});

describe('when the broker goes away and comes back', () => {
  let broker: Broker;
  let world: World;
  let settings: Parameters<typeof startKafka>[0];
  beforeAll(async () => {
    settings = { dataDir: mkdtempSync(join(tmpdir(), 'steward-outage-')), libDir: await ensureKafkaJars() };
    broker = await startKafka(settings);
    settings = { ...settings, port: broker.port, temporary: true };
    world = await World.create([broker.brokers]);
    await world.kafka.topics.ensure(TOPICS);
  });
  afterAll(async () => {
    await world.close();
    await broker.stop();
  });

  it('relay and consumer go on where they were: nothing is lost, repeated or out of order', async () => {
    const meter = newId();
    const relay = world.relay();
    const consumer = world.consumer('outage', [new KeepReading()]);
    await world.append(reading(meter, 1));
    await eventually(async () => (await world.effects('outage')).length === 1);
    await broker.stop();
    for (let n = 2; n <= 30; n += 1) await world.append(reading(meter, n));
    await eventually(
      () => /ECONNREFUSED|onnection|No active broker|closed/i.test(relay.health().detail ?? ''),
      { timeoutMs: 30_000 },
    );
    expect((await world.effects('outage')).length).toBe(1);
    broker = await startKafka(settings);
    await eventually(async () => (await world.effects('outage')).length === 30, { timeoutMs: 60_000 });
    const sequences = (await world.effects('outage')).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    await eventually(() => relay.health().ok && consumer.health().ok, { timeoutMs: 30_000 });
  });
});
