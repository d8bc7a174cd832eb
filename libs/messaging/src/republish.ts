import { GROUP_SCOPE, type WorkerDatabase } from '@steward/platform';
import type { Kafka } from './kafka/kafka.js';
import type { TopicSpec } from './kafka/topics.js';
import type { Log } from './log.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { isRefilling, requestRefill } from './outbox/refill.js';
import { Wake } from './outbox/wake.js';

export type RepublishOptions = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  service: string;
  topics: readonly TopicSpec[];
  log?: Log;
  /** Milliseconds between looks whether it is done; 200 by default. */
  pollMs?: number;
}>;

/**
 * Fills a service's topics again from its outbox: everything ever published, with the same ids, in order, before
 * anything newer. For topics that were lost; consumers that have the events pass over them. The service's relay does
 * it, or one of its own when the service does not run; resolves when all is published. An abort leaves it to the relay.
 */
export async function republish(options: RepublishOptions): Promise<void> {
  const { database, kafka, service, topics, log, pollMs = 200 } = options;
  const ensureTopics = (): Promise<void> => kafka.topics.ensure(topics);
  await database.transaction(GROUP_SCOPE, requestRefill);
  const relay = new OutboxRelay({ database, kafka, service, wake: new Wake(), ensureTopics, log });
  relay.start();
  try {
    while (await isRefilling(database)) await new Promise((resolve) => setTimeout(resolve, pollMs));
  } finally {
    await relay.stop();
  }
}
