import {
  GROUP_SCOPE,
  scopeOf,
  systemContext,
  type CallContext,
  type Scope,
  type Tx,
} from '@steward/platform';
import type { EventEnvelope } from '@steward/contracts';
import type { HandlerTable } from './handler-table.js';

/** The scope of a batch: the branches of its events, or the group when one of them is the group's. */
export function scopeOfBranches(branches: Iterable<string | null>): Scope {
  const units = new Set<string>();
  for (const branch of branches) {
    if (branch === null) return GROUP_SCOPE;
    units.add(branch);
  }
  return scopeOf([...units]);
}

/** Who works in a consumer's transaction: the consumer's key tells apart the generations of one consumer. */
export type ConsumerIdentity = Readonly<{
  key: string;
  name: string;
  generation?: number;
  table: HandlerTable;
}>;

const working = new WeakMap<Tx, ConsumerIdentity>();

/** Remembers for whom a transaction works, as long as it lives. */
export const bindConsumer = (tx: Tx, consumer: ConsumerIdentity): void => void working.set(tx, consumer);

/** The consumer that a transaction works for; undefined outside of consumers. */
export const consumerOf = (tx: Tx): ConsumerIdentity | undefined => working.get(tx);

/** The generation that a handler works for: a read model under rebuild writes to the tables of its generation. */
export const generationOf = (tx: Tx): number | undefined => working.get(tx)?.generation;

/** `<name>` or `<name>.g<generation>`: names the guards' rows, and after `steward.` the consumer group. */
export const consumerKey = (name: string, generation?: number): string =>
  generation === undefined ? name : `${name}.g${generation}`;

/**
 * The context in which a handler calls use cases and appends events: the consumer acts, in the event's correlation and
 * caused by it, in the scope of the transaction.
 */
export function reactionContext(tx: Tx, event: EventEnvelope, now: Date): CallContext {
  const name = working.get(tx)?.name ?? 'consumer';
  return { ...systemContext(name, tx.scope, now, event.correlationId), causationId: event.id };
}
