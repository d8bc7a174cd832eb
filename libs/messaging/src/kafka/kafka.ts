import type { KafkaConfig } from '@steward/platform';
import { Kafka as KafkaClient, logLevel, type SASLOptions } from 'kafkajs';
import { silentLog, type Log } from '../log.js';
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.js';
import { kafkaLog } from './kafka-log.js';
import { Publisher } from './publisher.js';
import { Readers } from './readers.js';
import { fastenRecordCodec } from './record-codec.js';
import { fixRequestQueueTimer } from './request-queue-timer.js';
import { Topics } from './topics.js';

export type KafkaOptions = KafkaConfig &
  Readonly<{
    /** Names this process to the brokers. */
    clientId: string;
    log?: Log;
  }>;

/** The one way to Kafka: publish batches, consume batches, care for topics. Nothing outside this folder knows the client. */
export type Kafka = Readonly<{
  topics: Topics;
  /** Logins and rights of readers outside. */
  readers: Readers;
  /** A publisher with a connection of its own. */
  publisher(): Publisher;
  /** A member of a consumer group, not started yet. */
  consumer(options: GroupConsumerOptions): GroupConsumer;
  close(): Promise<void>;
}>;

let fixed = false;

// The fixes belong to the client's classes, which the whole process shares.
function fixClient(): void {
  if (fixed) return;
  fixed = true;
  fixRequestQueueTimer();
  fastenRecordCodec();
}

/** Prepares access to a cluster. Nothing connects before it is used. */
export function createKafka(options: KafkaOptions): Kafka {
  const { brokers, clientId, topicPrefix, tls, sasl, topics: made, log = silentLog } = options;
  fixClient();
  const client = new KafkaClient({
    brokers: [...brokers],
    clientId,
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 6, initialRetryTime: 100, maxRetryTime: 2000 },
    logLevel: logLevel.INFO,
    logCreator: kafkaLog(log),
  });
  const topics = new Topics(client, topicPrefix, made);
  return {
    topics,
    readers: new Readers(client, topicPrefix),
    publisher: () => new Publisher(client, topicPrefix),
    consumer: (member) => new GroupConsumer(client, member, topicPrefix),
    close: () => topics.close(),
  };
}
