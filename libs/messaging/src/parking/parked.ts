import { conflict, notFound } from '@steward/kernel';
import {
  GROUP_SCOPE,
  keyset,
  pageOf,
  type Audit,
  type CallContext,
  type KeyedRow,
  type ListQuery,
  type Page,
  type Tx,
} from '@steward/platform';
import type { ConsumerHost } from '../consumer/consumer-host.js';
import type { ConsumerIdentity } from '../consumer/consumer-scope.js';
import { keepApplied, lockPartitions } from '../consumer/guard.js';
import { drainKey, type DrainParts, type Replay } from './drain.js';
import { dueKeys, parkedOfKey, unpark, type ParkedKey, type ParkedRow } from './parked-store.js';

/** A parked event as it is shown: without its value. */
export type ParkedEvent = Readonly<{
  id: string;
  consumer: string;
  topic: string;
  partition: number;
  offset: string;
  key: string;
  type: string | null;
  sequence: number | null;
  branchId: string | null;
  code: string;
  reason: string;
  attempts: number;
  parkedAt: string;
  nextRetryAt: string | null;
}>;

export type ParkedQuery = ListQuery<'parkedAt'> & Readonly<{ consumer?: string; key?: string }>;

const SORTS = { parkedAt: { column: 'parked_at', type: 'timestamptz' } } as const;

/**
 * Events that a consumer could not apply. They wait here, in order per key, for a retry by the schedule, a replay, or a
 * person who skips them.
 */
export class Parked {
  constructor(
    private readonly parts: DrainParts,
    private readonly host: ConsumerHost,
    private readonly audit: Audit,
  ) {}

  /** The parked events of all consumers, or of one, or of one key. */
  async list(query: ParkedQuery): Promise<Page<ParkedEvent>> {
    const page = keyset(query, SORTS, { id: 'id', firstParameter: 3 });
    const rows = await this.parts.database.read(GROUP_SCOPE, (tx) =>
      tx.query<ParkedRow & KeyedRow>(
        `select *, ${page.select} from parked_event
         where ($1::text is null or consumer = $1) and ($2::text is null or key = $2) and ${page.where}
         order by ${page.orderBy} limit ${page.limit}`,
        [query.consumer ?? null, query.key ?? null, ...page.values],
      ),
    );
    return pageOf(rows, query, shown);
  }

  /** Applies what is parked of the event's key, in order, until one does not go. Throws `parked.not-found`. */
  async replay(id: string): Promise<Replay> {
    const row = await this.parts.database.read(GROUP_SCOPE, (tx) => this.find(tx, id));
    return drainKey(this.parts, this.identity(row.consumer), keyOf(row));
  }

  /**
   * Gives an event up: its effect never happens here. Only the first of its key can be skipped (`parked.not-head`); what
   * waits behind it is then applied. Where the first one waits because events before it are missing, skipping accepts
   * the loss of those and applies it. Audited with the reason (ORG-02).
   */
  async skip(ctx: CallContext, id: string, reason: string): Promise<Replay> {
    const row = await this.parts.database.transaction(GROUP_SCOPE, async (tx) => {
      const found = await this.find(tx, id);
      await lockPartitions(tx, found.consumer, [{ topic: found.topic, partition: found.kafka_partition }]);
      const [head] = await parkedOfKey(tx, keyOf(found));
      if (!head) throw notFound('parked.not-found', 'There is no such parked event any more.');
      if (head.id !== id)
        throw conflict(
          'parked.not-head',
          'Events before it of the same key are parked; deal with them first.',
        );
      const lost = head.code === 'sequence-gap';
      await passOver(tx, head, lost);
      if (!lost) await unpark(tx, [id]);
      await this.record(tx, ctx, head, reason, lost);
      return head;
    });
    return drainKey(this.parts, this.identity(row.consumer), keyOf(row));
  }

  /** Tries the heads that are due again; for the schedule. Gives the number of events applied. */
  async retryDue(): Promise<number> {
    const { database, now } = this.parts;
    const keys = await database.read(GROUP_SCOPE, (tx) => dueKeys(tx, this.host.keys(), now()));
    let applied = 0;
    for (const key of keys) {
      const consumer = this.host.identity(key.consumer);
      if (consumer) applied += (await drainKey(this.parts, consumer, key)).applied;
    }
    return applied;
  }

  private async find(tx: Tx, id: string): Promise<ParkedRow> {
    const [row] = await tx.query<ParkedRow>('select * from parked_event where id = $1', [id]);
    if (!row) throw notFound('parked.not-found', 'There is no such parked event.');
    return row;
  }

  private identity(key: string): ConsumerIdentity {
    const consumer = this.host.identity(key);
    if (!consumer) throw conflict('parked.consumer-stopped', `Consumer ${key} does not run here.`);
    return consumer;
  }

  private record(tx: Tx, ctx: CallContext, row: ParkedRow, reason: string, lost: boolean): Promise<void> {
    const { branch, id, consumer, topic, key, type, sequence } = row;
    const subject = { consumer, topic, key, type, sequence };
    const [action, field] = lost ? ['accept-loss', 'missing before'] : ['skip', 'skipped'];
    const changes = [{ field, from: subject, to: null }];
    return this.audit.record(tx, ctx, {
      branchId: branch,
      entity: 'parked-event',
      entityId: id,
      action,
      reason,
      changes,
    });
  }
}

// What is given up counts as reached, so that the next event of the aggregate does not look like a gap.
async function passOver(tx: Tx, { consumer, sequence, headers }: ParkedRow, lost: boolean): Promise<void> {
  const aggregate = headers['ce_subject'];
  if (sequence === null || !aggregate) return;
  await keepApplied(tx, consumer, new Map([[aggregate, Number(sequence) - (lost ? 1 : 0)]]), []);
}

const keyOf = ({ consumer, topic, key }: ParkedRow): ParkedKey => ({ consumer, topic, key });

const shown = (row: ParkedRow): ParkedEvent => ({
  id: row.id,
  consumer: row.consumer,
  topic: row.topic,
  partition: row.kafka_partition,
  offset: row.kafka_offset,
  key: row.key,
  type: row.type,
  sequence: row.sequence === null ? null : Number(row.sequence),
  branchId: row.branch,
  code: row.code,
  reason: row.reason,
  attempts: row.attempts,
  parkedAt: row.parked_at.toISOString(),
  nextRetryAt: row.next_retry_at?.toISOString() ?? null,
});
