import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka as Client, logLevel, Partitioners } from 'kafkajs';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKafkaJars, KAFKA_LIB_DIR } from './kafka-jars.js';
import { eventually } from '../eventually.js';
import { startKafka, type Kafka } from './kafka.js';

const LIMIT = 90_000;
const TOPIC = 'kept.v1';

const clientOf = (kafka: Kafka) =>
  new Client({
    clientId: 'spec',
    brokers: [kafka.brokers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50 },
  });

async function publish(kafka: Kafka, values: readonly string[]): Promise<void> {
  const producer = clientOf(kafka).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic: TOPIC, messages: values.map((value) => ({ key: 'one', value })), acks: -1 });
  await producer.disconnect();
}

/** Reads with a new group from the beginning until `count` messages came; tells how long the first took. */
async function consume(kafka: Kafka, count: number): Promise<{ values: string[]; firstAfterMs: number }> {
  const consumer = clientOf(kafka).consumer({
    groupId: `spec-${performance.now()}`,
    rebalanceTimeout: 6_000,
  });
  const began = performance.now();
  let firstAfterMs = 0;
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = ({ message }: { message: { value: Buffer | null } }) => {
      firstAfterMs ||= performance.now() - began;
      values.push(String(message.value));
      if (values.length === count) resolve();
      return Promise.resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return { values, firstAfterMs };
}

// a machine that runs its tests on containers need not have Java
const withJava = process.env.TEST_ENV === 'containers' ? describe.skip : describe;

withJava('embedded Kafka', () => {
  let dataDir: string;
  let kafka: Kafka;
  beforeAll(async () => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'steward-kafka-spec-')), 'kafka');
    kafka = await startKafka({ dataDir, libDir: await ensureKafkaJars() });
    const admin = clientOf(kafka).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3 }], waitForLeaders: false });
    // the client's own waiting gives up when the broker does not know the topic yet
    await eventually(async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
      return topics[0]!.partitions.every(({ leader }) => leader >= 0);
    });
    await admin.disconnect();
  }, LIMIT);
  afterAll(async () => {
    await kafka.stop();
    rmSync(join(dataDir, '..'), { recursive: true, force: true });
  }, LIMIT);

  it(
    'serves the first consumer group at once',
    async () => {
      await publish(kafka, ['a', 'b']);
      const { values, firstAfterMs } = await consume(kafka, 2);
      expect(values).toEqual(['a', 'b']);
      expect(firstAfterMs).toBeLessThan(3_000);
    },
    LIMIT,
  );

  it(
    'comes back with its topics and messages after it was killed, on the same port',
    async () => {
      await publish(kafka, ['c']);
      process.kill(kafka.pid(), 'SIGKILL');
      await kafka.ended;
      const { port } = kafka;
      kafka = await startKafka({ dataDir, libDir: KAFKA_LIB_DIR, port });
      expect(kafka.port).toBe(port);
      await expect(consume(kafka, 3)).resolves.toMatchObject({ values: ['a', 'b', 'c'] });
    },
    LIMIT,
  );

  it(
    'makes no topic that nobody created',
    async () => {
      const admin = clientOf(kafka).admin();
      await admin.connect();
      await expect(admin.fetchTopicMetadata({ topics: ['misspelt.v1'] })).rejects.toThrow();
      await admin.disconnect();
    },
    LIMIT,
  );

  it('finds its jars and does not fetch them again', async () => {
    const before = readdirSync(KAFKA_LIB_DIR).length;
    await ensureKafkaJars(KAFKA_LIB_DIR, () => {
      throw new Error('fetched');
    });
    expect(before).toBeGreaterThan(20);
  });
});
