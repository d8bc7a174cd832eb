import { decodePersonal } from '@steward/contracts';
import { isDomainError } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { reasonOf } from '../log.js';
import type { Telemetry } from '../trace.js';
import type { ConsumerIdentity } from './consumer-scope.js';
import { dispatchPersonal, dispatchRuns } from './dispatch.js';
import { keepApplied, readGuards } from './guard.js';
import type { PersonalEntry } from './handler-table.js';
import type { PersonalState } from './handles.decorator.js';
import type { Fault, Incoming } from './incoming.js';
import { gatherRuns, planChunk, type Unfit } from './plan.js';

const NONE: ReadonlySet<string> = new Set();

/**
 * Applies events of a topic in the transaction: guards, handlers. Gives what does not fit, for parking. `alone` is for
 * a replay: that their own key is parked is then no obstacle.
 */
export async function applyEvents(
  tx: Tx,
  consumer: ConsumerIdentity,
  topic: string,
  chunk: readonly Incoming[],
  telemetry: Telemetry,
  { alone = false } = {},
): Promise<readonly Unfit[]> {
  const guards = await readGuards(tx, consumer.key, topic, chunk);
  const plan = planChunk(chunk, consumer.table, alone ? { ...guards, parkedKeys: NONE } : guards);
  const ids = plan.due.map(({ event }) => event.id);
  const known = await keepApplied(tx, consumer.key, plan.sequences, ids);
  const fresh = known.size === 0 ? plan.due : plan.due.filter(({ event }) => !known.has(event.id));
  await dispatchRuns(tx, gatherRuns(fresh), consumer.key, telemetry);
  return plan.unfit;
}

/** Personal values read from their messages: the latest per key, and those that cannot be read. */
export type PersonalChunk = Readonly<{ records: readonly PersonalState[]; unfit: readonly Unfit[] }>;

/** Reads a chunk of a compacted topic. Of several values of a key only the last counts. */
export function readPersonal(
  topic: string,
  entry: PersonalEntry,
  chunk: readonly KafkaMessage[],
): PersonalChunk {
  const latest = new Map<string, KafkaMessage>();
  for (const message of chunk) latest.set(message.key?.toString() ?? '', message);
  const records: PersonalState[] = [];
  const unfit: Unfit[] = [];
  for (const [key, message] of latest) {
    const traceparent = message.headers?.['traceparent']?.toString();
    try {
      records.push({ topic, key, value: decodePersonal(entry.definition, message.value), traceparent });
    } catch (error) {
      unfit.push({ incoming: { message, key }, fault: unreadable(error) });
    }
  }
  return { records, unfit };
}

const unreadable = (error: unknown): Fault => ({
  code: isDomainError(error) ? error.code : 'event.unreadable',
  reason: reasonOf(error),
});

/** Applies personal values in the transaction. */
export async function applyPersonal(
  tx: Tx,
  entry: PersonalEntry,
  records: readonly PersonalState[],
  telemetry: Telemetry,
): Promise<void> {
  if (records.length > 0) await dispatchPersonal(tx, entry, records, telemetry);
}
