import { nameId } from '@steward/kernel';
import {
  GROUP_SCOPE,
  systemContext,
  type Audit,
  type CallContext,
  type Tx,
  type WorkerDatabase,
} from '@steward/platform';
import type { Kafka } from '../kafka/kafka.js';
import type { TopicSpec } from '../kafka/topics.js';
import type { Log } from '../log.js';
import { isRefillWaiting, requestRefill } from './refill.js';

const OUTBOX = 'a6d3e0c4-4f0e-5c55-9a0e-6f5f2d1c7b10';

/** The trail entry of a wish to fill a service's topics again. */
export const republicationEntry = (service: string, reason: string) => ({
  branchId: null,
  entity: 'outbox',
  entityId: nameId(OUTBOX, service),
  action: 'republish',
  reason,
  changes: [],
});

/** Asks the relay to fill the service's topics again (`requestRefill`) and keeps who wanted it and why in the trail. */
export async function askRepublication(
  tx: Tx,
  ctx: CallContext,
  audit: Audit,
  wish: Readonly<{ service: string; reason: string }>,
): Promise<void> {
  await audit.record(tx, ctx, republicationEntry(wish.service, wish.reason));
  await requestRefill(tx);
}

export type OwnTopics = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  audit: Audit;
  service: string;
  topics: readonly TopicSpec[];
  now: () => Date;
  log: Log;
}>;

/**
 * Makes the service's topics where they are missing. When events were published before, a missing topic was lost: then
 * the history is asked for first, so that it comes to lie before anything newer. Were the topic made first, a crash in
 * between would leave it empty for good.
 */
export async function ensureOwnTopics(own: OwnTopics): Promise<void> {
  const missing = await own.kafka.topics.missing(own.topics.map(({ name }) => name));
  if (missing.length > 0) await refillLost(own, missing);
  await own.kafka.topics.ensure(own.topics);
}

async function refillLost(own: OwnTopics, missing: readonly string[]): Promise<void> {
  const { database, audit, service, log } = own;
  await database.transaction(GROUP_SCOPE, async (tx) => {
    const [row] = await tx.query<{ published: boolean }>(
      'select exists (select from outbox where published_at is not null) as published',
    );
    if (!row!.published || (await isRefillWaiting(tx))) return;
    const reason = `There was no topic ${missing.join(', ')} any more.`;
    await askRepublication(tx, systemContext('outbox-relay', GROUP_SCOPE, own.now()), audit, {
      service,
      reason,
    });
    log.warn({ topics: missing }, 'topics were lost and are filled again from the event history');
  });
}
