import { invalid, newId } from '@steward/kernel';
import {
  checkScope,
  toHeaders,
  type EventDefinition,
  type EventOrigin,
  type WireHeaders,
} from '@steward/contracts';
import type { CallContext } from '@steward/platform';
import { activeTraceparent } from '../trace.js';

/** A fact to append. `sequence` is gapless per aggregate, from 1: the aggregate's version that the fact made. */
export type NewEvent<T = unknown> = Readonly<{
  definition: EventDefinition<T>;
  aggregateId: string;
  /** The branch whose fact it is; null for a fact of the group. */
  branchId: string | null;
  sequence: number;
  data: T;
  /** When it happened; when it is recorded is known by itself. */
  occurredAt: Date;
  origin?: EventOrigin;
}>;

/** The columns of one outbox row, for statements that write it together with the record. */
export type OutboxRow = Readonly<{
  id: string;
  aggregatetype: string;
  aggregateid: string;
  sequence: number;
  type: string;
  topic: string;
  branch: string | null;
  payload: unknown;
  headers: WireHeaders;
  shard: number;
}>;

/** Keys are spread over this many shards, which relays divide among themselves. Stored in rows, so it never changes. */
export const SHARD_COUNT = 16;

/** Bytes of JSON that one event may have: the broker takes messages up to 1 MiB with their headers. */
export const EVENT_BYTES = 900_000;

/** The columns of `OutboxRow` in their order. */
export const OUTBOX_COLUMNS =
  'id, aggregatetype, aggregateid, sequence, type, topic, branch, payload, headers, shard';

const COLUMN_TYPES = `id uuid, aggregatetype text, aggregateid uuid, sequence bigint, type text, topic text, branch uuid,
  payload jsonb, headers jsonb, shard smallint`;

/**
 * Inserts the rows given as one JSON array parameter (`OutboxRow[]`). `from` is appended to the from-clause, such as
 * `, created` to write only when the record was; `payload` is the SQL of the payload, such as
 * `r.payload || jsonb_build_object('number', created.number)` for what only the statement knows.
 */
export function insertOutboxRows(parameter: string, from = '', payload = 'r.payload'): string {
  const values = OUTBOX_COLUMNS.split(', ').map((column) => (column === 'payload' ? payload : `r.${column}`));
  return `insert into outbox (${OUTBOX_COLUMNS}) select ${values.join(', ')}
    from jsonb_to_recordset(${parameter}::jsonb) as r(${COLUMN_TYPES})${from}`;
}

/**
 * The outbox row of a fact, checked: data against the schema, unknown fields refused (`event.invalid`), branch against
 * the event's scope (`event.wrong-scope`), size (`event.too-large`). The active trace is kept with it. `late`: the fact
 * belongs to a month that is closed already.
 */
export function outboxRow<T>(ctx: CallContext, event: NewEvent<T>, late: boolean): OutboxRow {
  const { definition } = event;
  checkScope(definition, event.branchId);
  const payload = definition.parseStrict(event.data);
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes > EVENT_BYTES)
    throw invalid(
      'event.too-large',
      `An event of ${definition.type} has ${bytes} bytes, ${EVENT_BYTES} are allowed`,
    );
  const id = newId(ctx.now.getTime());
  return {
    id,
    aggregatetype: definition.aggregate,
    aggregateid: event.aggregateId,
    sequence: event.sequence,
    type: definition.type,
    topic: definition.topic,
    branch: event.branchId,
    payload,
    headers: ownHeaders(ctx, event, id, late),
    shard: shardOf(event.aggregateId),
  };
}

// What stands in columns is not stored twice: the relay puts it back.
function ownHeaders(ctx: CallContext, event: NewEvent, id: string, late: boolean): WireHeaders {
  const {
    ce_id: _1,
    ce_type: _2,
    ce_subject: _3,
    ce_sequence: _4,
    ce_recordedtime: _5,
    ...rest
  } = toHeaders({
    id,
    type: event.definition.type,
    source: event.definition.context,
    subject: event.aggregateId,
    time: event.occurredAt,
    branch: event.branchId,
    sequence: event.sequence,
    recordedTime: ctx.now,
    actor: ctx.actor.id,
    correlationId: ctx.correlationId,
    causationId: ctx.causationId,
    origin: event.origin ?? 'live',
    late,
    traceparent: activeTraceparent(),
  });
  return rest;
}

/** The shard of a key: the same for the same key, evenly spread (FNV-1a). */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARD_COUNT;
}
