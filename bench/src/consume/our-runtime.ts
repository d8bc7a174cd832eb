import { TicketRegistered, type EventEnvelope } from '@steward/contracts';
import { ConsumerRuntime, Handles, handlerTable, type Kafka } from '@steward/messaging';
import type { Tx, WorkerDatabase } from '@steward/platform';
import { EFFECT, rowsOf } from './effect.js';

type Parts = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  consumer: string;
  transactions: number;
  onFirst: () => void;
  onApplied: (count: number) => void;
}>;

/** Our consumer runtime, started, with one handler that writes a row per event. */
export function startRuntime({
  database,
  kafka,
  consumer,
  transactions,
  onFirst,
  onApplied,
}: Parts): ConsumerRuntime {
  let begun = false;

  @Handles(TicketRegistered, { repeat: 'a known row is left as it is', late: 'one event per ticket' })
  class KeepFactWhenTicketRegistered {
    async handleMany(tx: Tx, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
      if (!begun) onFirst();
      begun = true;
      tx.afterCommit(() => onApplied(events.length));
      await tx.query(EFFECT, [consumer, rowsOf(events)]);
    }
  }

  const table = handlerTable(consumer, [new KeepFactWhenTicketRegistered()], () => true);
  const identity = { key: consumer, name: consumer, table };
  const runtime = new ConsumerRuntime({ database, kafka, consumer: identity, transactions });
  runtime.start();
  return runtime;
}
