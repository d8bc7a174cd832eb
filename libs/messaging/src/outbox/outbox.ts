import { invalid } from '@steward/kernel';
import { prepared, type CallContext, type Tx } from '@steward/platform';
import { NOTHING_CLOSED, type ClosedMonths, type LateRule } from './closed-months.js';
import { insertOutboxRows, outboxRow, type NewEvent, type OutboxRow } from './outbox-row.js';
import type { Wake } from './wake.js';

const APPEND = prepared('append-events', insertOutboxRows('$1'));

/**
 * The event history of a service. A fact is appended in the transaction that makes it true, and published from there;
 * nothing is published any other way. Lock or version-check the aggregate before appending: then order is commit order.
 * Whether a fact is late, of a month of its branch that is closed already, is decided here, once (GRP-02).
 */
export class Outbox {
  /** `topics` are the service's own: nobody appends to another's. */
  constructor(
    private readonly topics: readonly string[],
    private readonly relays: Wake,
    private readonly closed: ClosedMonths = NOTHING_CLOSED,
  ) {}

  /** Appends in one statement. Throws as `outboxRow` does, and `event.foreign-topic` for an event of another context. */
  async append<T>(tx: Tx, ctx: CallContext, events: NewEvent<T> | readonly NewEvent[]): Promise<void> {
    const list = (Array.isArray(events) ? events : [events]) as readonly NewEvent[];
    if (list.length === 0) return;
    await tx.query(APPEND, [JSON.stringify(await this.toRows(ctx, list))]);
    tx.afterCommit(() => this.relays.ring());
  }

  /** The row of a fact, for a statement that writes everything at once; `wake` is then to be called after it. */
  async toRow<T>(ctx: CallContext, event: NewEvent<T>): Promise<OutboxRow> {
    return this.row(ctx, event, await this.closed.lateRule());
  }

  /** The same of several facts, in their order. */
  async toRows(ctx: CallContext, events: readonly NewEvent[]): Promise<OutboxRow[]> {
    const isLate = await this.closed.lateRule();
    return events.map((event) => this.row(ctx, event, isLate));
  }

  /** Tells the relay that rows were committed by a statement of the caller's own. */
  wake(): void {
    this.relays.ring();
  }

  private row<T>(ctx: CallContext, event: NewEvent<T>, isLate: LateRule): OutboxRow {
    const { definition, branchId, occurredAt } = event;
    if (!this.topics.includes(definition.topic))
      throw invalid('event.foreign-topic', `${definition.type} belongs to a topic of another service`);
    return outboxRow(ctx, event, branchId !== null && isLate(branchId, occurredAt));
  }
}
