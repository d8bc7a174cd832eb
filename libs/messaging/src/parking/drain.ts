import { GROUP_SCOPE, type Tx, type WorkerDatabase } from '@steward/platform';
import { applyEvents, applyPersonal, readPersonal } from '../consumer/apply.js';
import { bindConsumer, scopeOfBranches, type ConsumerIdentity } from '../consumer/consumer-scope.js';
import { faultOfError } from '../consumer/error-class.js';
import { lockPartitions } from '../consumer/guard.js';
import { readIncoming, type Fault } from '../consumer/incoming.js';
import { attempt } from '../consumer/savepoint.js';
import type { Telemetry } from '../trace.js';
import {
  keepAttempt,
  messageOf,
  parkedOfKey,
  unpark,
  type ParkedKey,
  type ParkedRow,
} from './parked-store.js';

/** What a replay did: events applied, events still parked, and what stopped it. */
export type Replay = Readonly<{ applied: number; left: number; fault?: Fault }>;

export type DrainParts = Readonly<{ database: WorkerDatabase; telemetry: Telemetry; now: () => Date }>;

/**
 * Applies the parked events of a key in order until one does not go. It holds the lock of their partition, so newer
 * events of the key wait until the key is drained; then they pass again.
 */
export async function drainKey(
  parts: DrainParts,
  consumer: ConsumerIdentity,
  key: ParkedKey,
): Promise<Replay> {
  const first = await parts.database.read(GROUP_SCOPE, (tx) => parkedOfKey(tx, key));
  if (first.length === 0) return { applied: 0, left: 0 };
  const personal = consumer.table.personal.has(key.topic);
  const scope = personal ? GROUP_SCOPE : scopeOfBranches(branchesOf(first));
  return parts.database.transaction(scope, (tx) =>
    drainIn(tx, parts, consumer, key, first[0]!.kafka_partition),
  );
}

/** Like `drainKey`, inside a transaction whose scope covers the events. */
export async function drainIn(
  tx: Tx,
  parts: DrainParts,
  consumer: ConsumerIdentity,
  key: ParkedKey,
  partition: number,
): Promise<Replay> {
  bindConsumer(tx, consumer);
  await lockPartitions(tx, consumer.key, [{ topic: key.topic, partition }]);
  const rows = await parkedOfKey(tx, key);
  for (const [applied, row] of rows.entries()) {
    const fault = await applyRow(tx, parts, consumer, row);
    if (fault) {
      await keepAttempt(tx, row, fault, parts.now());
      return { applied, left: rows.length - applied, fault };
    }
    await unpark(tx, [row.id]);
  }
  return { applied: rows.length, left: 0 };
}

async function applyRow(
  tx: Tx,
  { telemetry }: DrainParts,
  consumer: ConsumerIdentity,
  row: ParkedRow,
): Promise<Fault | undefined> {
  let unfit: Fault | undefined;
  const failure = await attempt(tx, async () => {
    const message = messageOf(row);
    const entry = consumer.table.personal.get(row.topic);
    if (entry) {
      const chunk = readPersonal(row.topic, entry, [message]);
      unfit = chunk.unfit[0]?.fault;
      return applyPersonal(tx, entry, chunk.records, telemetry);
    }
    const rest = await applyEvents(tx, consumer, row.topic, [readIncoming(message)], telemetry, {
      alone: true,
    });
    unfit = rest[0]?.fault;
  });
  return failure === undefined ? unfit : faultOfError(failure);
}

function* branchesOf(rows: readonly ParkedRow[]): Generator<string | null> {
  // Headers that cannot be read name no branch; such an event never reaches a handler.
  for (const { branch, type } of rows) if (type !== null) yield branch;
}
