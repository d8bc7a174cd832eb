import { randomUUID } from 'node:crypto';
import { eventually } from '@steward/testing';
import kafkajs, { type IHeaders, type KafkaMessage } from 'kafkajs';

/** A message as it lies in a topic. */
export type TopicMessage = Readonly<{
  partition: number;
  offset: number;
  key: string;
  /** null is a tombstone */
  value: string | null;
  headers: Readonly<Record<string, string>>;
}>;

const LIMIT_MS = 180_000;

/** Reads topics from their first to their last message with a plain client, in order per partition. */
export async function readTopics(
  brokers: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, readonly TopicMessage[]>> {
  const client = new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'checker',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const read = new Map(topics.map((topic) => [topic, [] as TopicMessage[]]));
  const missing = await ends(client, topics);
  const consumer = client.consumer({ groupId: `checker-${randomUUID()}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const message of batch.messages) read.get(batch.topic)!.push(plain(batch.partition, message));
        const place = `${batch.topic}/${batch.partition}`;
        if (Number(batch.lastOffset()) + 1 >= (missing.get(place) ?? 0)) missing.delete(place);
        return Promise.resolve();
      },
    });
    await eventually(() => missing.size === 0, { timeoutMs: LIMIT_MS });
  } finally {
    await consumer.disconnect();
  }
  return read;
}

/** Where each partition that holds anything ends. */
async function ends(client: kafkajs.Kafka, topics: readonly string[]): Promise<Map<string, number>> {
  const admin = client.admin();
  await admin.connect();
  try {
    const places = await Promise.all(
      topics.map(async (topic) =>
        (await admin.fetchTopicOffsets(topic)).map((at) => ({ ...at, place: `${topic}/${at.partition}` })),
      ),
    );
    const filled = places.flat().filter(({ low, high }) => Number(high) > Number(low));
    return new Map(filled.map(({ place, high }) => [place, Number(high)]));
  } finally {
    await admin.disconnect();
  }
}

const plain = (partition: number, { offset, key, value, headers }: KafkaMessage): TopicMessage => ({
  partition,
  offset: Number(offset),
  key: key?.toString() ?? '',
  value: value?.toString() ?? null,
  headers: texts(headers ?? {}),
});

const texts = (headers: IHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
