import { invalid } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { insertOutboxRows, outboxRow, type NewEvent, type OutboxRow } from './outbox-row.js';
import type { Wake } from './wake.js';

/**
 * The event history of a service. A fact is appended in the transaction that makes it true, and published from there;
 * nothing is published any other way. Lock or version-check the aggregate before appending: then order is commit order.
 */
export class Outbox {
  /** `topics` are the service's own: nobody appends to another's. */
  constructor(
    private readonly topics: readonly string[],
    private readonly relays: Wake,
  ) {}

  /** Appends in one statement. Throws as `outboxRow` does, and `event.foreign-topic` for an event of another context. */
  async append<T>(tx: Tx, ctx: CallContext, events: NewEvent<T> | readonly NewEvent[]): Promise<void> {
    const list = (Array.isArray(events) ? events : [events]) as readonly NewEvent[];
    if (list.length === 0) return;
    await tx.query(insertOutboxRows('$1'), [JSON.stringify(list.map((event) => this.toRow(ctx, event)))]);
    tx.afterCommit(() => this.relays.ring());
  }

  /** The row of a fact, for a statement that writes everything at once; `wake` is then to be called after it. */
  toRow<T>(ctx: CallContext, event: NewEvent<T>): OutboxRow {
    if (!this.topics.includes(event.definition.topic))
      throw invalid('event.foreign-topic', `${event.definition.type} belongs to a topic of another service`);
    return outboxRow(ctx, event);
  }

  /** Tells the relay that rows were committed by a statement of the caller's own. */
  wake(): void {
    this.relays.ring();
  }
}
