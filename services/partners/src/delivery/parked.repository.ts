import { Injectable } from '@nestjs/common';
import { keyset, pageOf, prepared, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { AttemptDto, AttemptsQuery, ParkedDto, ParkedQuery } from '../subscription/subscription.dto.js';

/** An event that was refused, or that waits behind one of the same record. */
export type Parked = Readonly<{
  id: string;
  subscriptionId: string;
  position: number;
  eventId: string;
  aggregateId: string;
  type: string;
  state: 'refused' | 'behind' | 'due';
  status: number | null;
  attempts: number;
  parkedAt: Date;
}>;

const COLUMNS = `id, subscription_id "subscriptionId", position::int8::text, event_id "eventId",
  aggregate_id "aggregateId", type, state, status, attempts, parked_at "parkedAt"`;

type Row = Omit<Parked, 'position'> & { position: string };
const toParked = (row: Row): Parked => ({ ...row, position: Number(row.position) });

const AMONG = prepared(
  'parked-among',
  `select distinct aggregate_id id from parked_delivery where subscription_id = $1 and aggregate_id = any ($2)`,
);
const DUE = prepared(
  'due-again',
  `select ${COLUMNS} from parked_delivery where subscription_id = $1 and state = 'due' order by position limit $2`,
);

/** All SQL of parked deliveries, and of attempts as owners read them. */
@Injectable()
export class ParkedRepository {
  async insert(tx: Tx, partnerId: string, parked: readonly Parked[]): Promise<void> {
    if (parked.length === 0) return;
    const rows = parked.map((row) => ({
      id: row.id,
      partner_id: partnerId,
      subscription_id: row.subscriptionId,
      position: row.position,
      event_id: row.eventId,
      aggregate_id: row.aggregateId,
      type: row.type,
      state: row.state,
      status: row.status,
      attempts: row.attempts,
      parked_at: row.parkedAt,
    }));
    await tx.query(
      `insert into parked_delivery select * from jsonb_populate_recordset(null::parked_delivery, $1)
       on conflict (partner_id, subscription_id, position) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  /** A resend was refused once more. */
  async refuseAgain(tx: Tx, id: string, status: number | null): Promise<void> {
    await tx.query(
      `update parked_delivery set state = 'refused', status = $2, attempts = attempts + 1 where id = $1`,
      [id, status],
    );
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query('delete from parked_delivery where id = $1', [id]);
  }

  async removeAll(tx: Tx, subscriptionId: string): Promise<void> {
    await tx.query('delete from parked_delivery where subscription_id = $1', [subscriptionId]);
  }

  async makeDue(tx: Tx, id: string): Promise<void> {
    await tx.query(`update parked_delivery set state = 'due' where id = $1`, [id]);
  }

  /** What waited behind something that is gone is due. */
  async promote(tx: Tx, subscriptionId: string): Promise<void> {
    await tx.query(
      `update parked_delivery p set state = 'due' where subscription_id = $1 and state = 'behind' and not exists (
         select from parked_delivery q where q.subscription_id = $1 and q.aggregate_id = p.aggregate_id
           and q.position < p.position)`,
      [subscriptionId],
    );
  }

  /** Whose events of these have parked ones before them. */
  async parkedAggregates(
    tx: Tx,
    subscriptionId: string,
    aggregateIds: readonly string[],
  ): Promise<Set<string>> {
    if (aggregateIds.length === 0) return new Set();
    const rows = await tx.query<{ id: string }>(AMONG, [subscriptionId, aggregateIds]);
    return new Set(rows.map(({ id }) => id));
  }

  /** The next of each record that are to be sent again. */
  async due(tx: Tx, subscriptionId: string, limit: number): Promise<Parked[]> {
    const rows = await tx.query<Row>(DUE, [subscriptionId, limit]);
    return rows.map(toParked);
  }

  async count(tx: Tx, subscriptionId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int count from parked_delivery where subscription_id = $1',
      [subscriptionId],
    );
    return row!.count;
  }

  async ofEvent(tx: Tx, subscriptionId: string, eventId: string): Promise<Parked | undefined> {
    const [row] = await tx.query<Row>(
      `select ${COLUMNS} from parked_delivery where subscription_id = $1 and event_id = $2 for update`,
      [subscriptionId, eventId],
    );
    return row && toParked(row);
  }

  /** Nobody moves the cursor or parks meanwhile. */
  async lockCursor(tx: Tx, subscriptionId: string): Promise<void> {
    await tx.query('select from subscription_cursor where id = $1 for update', [subscriptionId]);
  }

  async list(tx: Tx, subscriptionId: string, query: ParkedQuery): Promise<Page<ParkedDto>> {
    const values: unknown[] = [subscriptionId];
    const where = ['subscription_id = $1'];
    if (query.state !== undefined) where.push(`state = $${values.push(query.state)}`);
    const page = keyset(
      query,
      { position: { column: 'position', type: 'bigint' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Row & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from parked_delivery where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, (row) => ({
      id: row.id,
      eventId: row.eventId,
      type: row.type,
      state: row.state,
      status: row.status,
      attempts: row.attempts,
      parkedAt: row.parkedAt.toISOString(),
    }));
  }

  async attempts(tx: Tx, subscriptionId: string, query: AttemptsQuery): Promise<Page<AttemptDto>> {
    const values: unknown[] = [subscriptionId];
    const where = ['subscription_id = $1'];
    if (query.eventId !== undefined) where.push(`event_id = $${values.push(query.eventId)}`);
    if (query.ok !== undefined) where.push(`ok = $${values.push(query.ok)}`);
    const page = keyset(
      query,
      { at: { column: 'at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Omit<AttemptDto, 'at'> & { at: Date } & KeyedRow>(
      `select id, event_id "eventId", type, kind, at, took_ms "tookMs", ok, status, error, answer, ${page.select}
       from delivery_attempt where ${[...where, page.where].join(' and ')} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
    }));
  }
}
