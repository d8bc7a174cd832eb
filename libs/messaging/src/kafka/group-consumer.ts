import type { Consumer, EachBatchPayload, Kafka as KafkaClient, KafkaMessage } from 'kafkajs';
import { reasonOf } from '../log.js';
import { saysHalfConnected } from './topics.js';

export type { KafkaMessage } from 'kafkajs';

/** Messages of one partition, in order, and what their consumer may do with it. */
export type Batch = Readonly<{
  topic: string;
  partition: number;
  messages: readonly KafkaMessage[];
  /** Everything up to this offset is done: it is not given again unless the partition moves before the next commit. */
  resolve(offset: string): void;
  /** Keeps the membership. Throws when the group is being rebalanced: the batch must then be left. */
  heartbeat(): Promise<void>;
  /** Gives no more of the partition until the returned function is called; what is not resolved comes again. */
  pause(): () => void;
  /** Whether to go on: false when the consumer stops or the position was changed. */
  goesOn(): boolean;
}>;

export type GroupConsumerOptions = Readonly<{
  groupId: string;
  topics: readonly string[];
  /** Partitions handled at the same time. */
  concurrency?: number;
  onBatch: (batch: Batch) => Promise<void>;
  /** Partitions that this member has got, by topic; after every rebalance. */
  onAssigned?: (assignment: Readonly<Record<string, readonly number[]>>) => void;
  /** The client has given up. `lasting` tells that a mere repeat is unlikely to help. */
  onCrash: (error: Error, lasting: boolean) => void;
}>;

/** An offset to commit: the next one to read. */
export type NextOffset = Readonly<{ topic: string; partition: number; offset: string }>;

const SESSION_MS = 6000;
const HEARTBEAT_MS = 1500;
// Heartbeats go out between fetches only, so a fetch may wait no longer than a fraction of the session.
const FETCH_WAIT_MS = 500;

/** A member of a consumer group over kafkajs. Offsets are committed only by `commit`. */
export class GroupConsumer {
  private readonly consumer: Consumer;

  constructor(
    client: KafkaClient,
    private readonly options: GroupConsumerOptions,
    private readonly prefix = '',
  ) {
    this.consumer = client.consumer({
      groupId: prefix + options.groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: 10_000,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // Restarting is the caller's: it counts, backs off and tells when it is hopeless.
      retry: {
        retries: 4,
        initialRetryTime: 100,
        maxRetryTime: 1000,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
  }

  async start(): Promise<void> {
    const { consumer, options, prefix } = this;
    consumer.on(consumer.events.CRASH, ({ payload }) =>
      options.onCrash(payload.error, !isRetriable(payload.error)),
    );
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
      options.onAssigned?.(
        Object.fromEntries(
          Object.entries(payload.memberAssignment).map(([topic, list]) => [topic.slice(prefix.length), list]),
        ),
      ),
    );
    await consumer.connect();
    await consumer.subscribe({ topics: options.topics.map((topic) => prefix + topic), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.concurrency ?? 1,
      eachBatch: (payload) => options.onBatch(batchOf(payload, prefix)),
    });
  }

  /** Commits positions. Throws when the group is being rebalanced or the coordinator does not answer. */
  async commit(offsets: readonly NextOffset[]): Promise<void> {
    if (offsets.length > 0)
      await this.consumer.commitOffsets(offsets.map((at) => ({ ...at, topic: this.prefix + at.topic })));
  }

  /** Waits for the running batches, leaves the group and disconnects. */
  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }
}

const batchOf = (payload: EachBatchPayload, prefix: string): Batch => ({
  topic: payload.batch.topic.slice(prefix.length),
  partition: payload.batch.partition,
  messages: payload.batch.messages,
  resolve: (offset) => payload.resolveOffset(offset),
  heartbeat: () => payload.heartbeat(),
  pause: () => payload.pause(),
  goesOn: () => payload.isRunning() && !payload.isStale(),
});

/** Whether the client's error may be gone at the next attempt: brokers away, a group in motion. */
export function isRetriable(error: unknown): boolean {
  if (error instanceof Error && error.name === 'KafkaJSNumberOfRetriesExceeded') return true;
  if (saysHalfConnected(error)) return true;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as Error & { retriable?: boolean }).retriable === true) return true;
    if (/ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE/.test(reasonOf(cause))) return true;
  }
  return false;
}
