import { type ICustomPartitioner, type Kafka as KafkaClient, type Message, type Producer } from 'kafkajs';
import { partitionOf } from './key-partition.js';
import { saysTopicMissing, topicMissing } from './topics.js';

/** One message to publish; a null value is a tombstone. Equal keys keep their order. */
export type OutgoingMessage = Readonly<{
  topic: string;
  key: string;
  value: string | null;
  headers: Readonly<Record<string, string>>;
}>;

/** Where a message came to lie; the offset is -1 when the broker did not tell it. */
export type Placed = Readonly<{ partition: number; offset: number }>;

type Placement = { message: Message; topic: string; partition: number };

/** The broker's limit is for all messages of a partition in one request, 1 MiB by default. */
const REQUEST_BYTES = 900_000;

/**
 * Publishes in order, one batch in flight, acknowledged by all in-sync replicas. After a failure the client is
 * replaced: its sequence numbers would make the broker take other messages for repeats of the failed ones and drop them.
 */
export class Publisher {
  private producer: Producer | undefined;
  private placements: Placement[] = [];
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: KafkaClient,
    private readonly prefix = '',
  ) {}

  /**
   * Publishes the messages in their order and tells where each lies. Throws when not all are acknowledged: then any of
   * them may be there or not, and publishing them again only repeats some. Throws `kafka.topic-missing` by name.
   */
  async publish(messages: readonly OutgoingMessage[]): Promise<Placed[]> {
    const turn = this.queue.then(() => this.publishNow(messages));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.queue;
    const producer = this.producer;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async publishNow(messages: readonly OutgoingMessage[]): Promise<Placed[]> {
    const placed: Placed[] = [];
    try {
      for (const part of split(messages)) placed.push(...(await this.send(part)));
      return placed;
    } catch (error) {
      const producer = this.producer;
      this.producer = undefined;
      await producer?.disconnect().catch(() => undefined);
      throw saysTopicMissing(error) ? topicMissing([...new Set(messages.map(({ topic }) => topic))]) : error;
    }
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<Placed[]> {
    const producer = await this.connected();
    const byTopic = new Map<string, Message[]>();
    const sent = messages.map(({ topic, key, value, headers }) => {
      const message: Message = { key, value, headers: headers };
      const list = byTopic.get(topic);
      if (list) list.push(message);
      else byTopic.set(topic, [message]);
      return message;
    });
    this.placements = [];
    const answer = await producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, list]) => ({ topic: this.prefix + topic, messages: list })),
    });
    return this.place(sent, answer);
  }

  // Messages of a partition lie one after another from the base offset, in the order in which they were placed.
  private place(sent: readonly Message[], answer: Awaited<ReturnType<Producer['sendBatch']>>): Placed[] {
    const next = new Map<string, number>();
    for (const { topicName, partition, baseOffset } of answer)
      next.set(`${topicName}/${partition}`, Number(baseOffset ?? -1));
    // A retry inside the client places everything again; the last placement of a message counts.
    const places = new Map<Message, Placed>();
    const last = new Map(this.placements.map((placement) => [placement.message, placement]));
    for (const { message, topic, partition } of last.values()) {
      const at = `${topic}/${partition}`;
      const offset = next.get(at) ?? -1;
      places.set(message, { partition, offset });
      if (offset >= 0) next.set(at, offset + 1);
    }
    return sent.map((message) => places.get(message) ?? { partition: -1, offset: -1 });
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: this.createPartitioner,
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1000 },
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    this.producer = producer;
    return producer;
  }

  // Murmur2 of the key, as every other client does: the place of a key must never depend on who publishes.
  private readonly createPartitioner: ICustomPartitioner = () => {
    return ({ topic, partitionMetadata, message }) => {
      const partition = partitionOf(message.key as string, partitionMetadata.length);
      this.placements.push({ message, topic, partition });
      return partition;
    };
  };
}

function* split(messages: readonly OutgoingMessage[]): Generator<OutgoingMessage[]> {
  let part: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value ?? '') + 1000;
    if (part.length > 0 && bytes + size > REQUEST_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
