import { newId } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { nextRetry } from '../back-off.js';
import type { Fault, Incoming } from '../consumer/incoming.js';
import { BEHIND } from '../consumer/plan.js';
import type { KafkaMessage } from '../kafka/group-consumer.js';

/** A parked event as its table keeps it. */
export type ParkedRow = Readonly<{
  id: string;
  consumer: string;
  topic: string;
  kafka_partition: number;
  kafka_offset: string;
  key: string;
  type: string | null;
  sequence: string | null;
  branch: string | null;
  headers: Record<string, string>;
  value: Buffer | null;
  code: string;
  reason: string;
  attempts: number;
  parked_at: Date;
  next_retry_at: Date | null;
}>;

/** One key of one topic of one consumer: what is parked of it is applied in order or not at all. */
export type ParkedKey = Readonly<{ consumer: string; topic: string; key: string }>;

const COLUMNS = `id, consumer, topic, kafka_partition, kafka_offset, key, type, sequence, branch, headers, value, code, reason,
  attempts, parked_at, next_retry_at`;

/** The order in which the parked events of a key are applied; the first is the head. */
const IN_ORDER = 'sequence nulls first, kafka_offset';

// An event that was parked before and comes again after a restart is there already.
const INSERT = `
  insert into parked_event (${COLUMNS})
  select ${COLUMNS} from jsonb_to_recordset($1::jsonb) as r(id uuid, consumer text, topic text, kafka_partition int,
    kafka_offset bigint, key text, type text, sequence bigint, branch uuid, headers jsonb, encoded text, code text,
    reason text, attempts int, parked_at timestamptz, next_retry_at timestamptz), lateral (select decode(encoded, 'base64')) v(value)
  on conflict on constraint parked_event_place do nothing`;

export type ToPark = Readonly<{ incoming: Incoming; fault: Fault }>;

/** Parks events in the transaction of their chunk. No inbox row is written, so they can still be applied. */
export async function parkEvents(
  tx: Tx,
  place: Readonly<{ consumer: string; topic: string; partition: number }>,
  events: readonly ToPark[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ incoming: { message, head, key }, fault }) => ({
    id: newId(now.getTime()),
    consumer: place.consumer,
    topic: place.topic,
    kafka_partition: place.partition,
    kafka_offset: message.offset,
    key,
    type: head?.type ?? null,
    sequence: head?.sequence ?? null,
    branch: head?.branch ?? null,
    headers: textHeaders(message),
    encoded: message.value?.toString('base64') ?? null,
    code: fault.code,
    reason: fault.reason,
    attempts: 1,
    parked_at: now,
    // Behind an older one only by coming earlier: if it turns out to be the first of its key, it is due at once.
    next_retry_at: fault === BEHIND ? now : nextRetry(1, now, now),
  }));
  await tx.query(INSERT, [JSON.stringify(rows)]);
}

/** All parked events of a key in the order in which they are applied, locked. */
export async function parkedOfKey(tx: Tx, { consumer, topic, key }: ParkedKey): Promise<ParkedRow[]> {
  return tx.query<ParkedRow>(
    `select ${COLUMNS} from parked_event where consumer = $1 and topic = $2 and key = $3 order by ${IN_ORDER} for update`,
    [consumer, topic, key],
  );
}

/** The keys of these consumers whose head is to be tried again now. */
export async function dueKeys(tx: Tx, consumers: readonly string[], now: Date): Promise<ParkedKey[]> {
  return tx.query<ParkedKey>(
    `select consumer, topic, key from (
       select distinct on (consumer, topic, key) consumer, topic, key, next_retry_at from parked_event
       where consumer = any($1) order by consumer, topic, key, ${IN_ORDER}
     ) heads where next_retry_at <= $2 order by next_retry_at limit 100`,
    [consumers, now],
  );
}

/** How many keys of a consumer have parked events. */
export async function countParkedKeys(tx: Tx, consumer: string): Promise<number> {
  const [row] = await tx.query<{ n: string }>(
    'select count(*) n from (select distinct topic, key from parked_event where consumer = $1) keys',
    [consumer],
  );
  return Number(row!.n);
}

/** Takes events out of parking: they are applied, skipped or superseded. */
export async function unpark(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query('delete from parked_event where id = any($1)', [ids]);
}

/** Takes whatever is parked of these keys out: a later personal value supersedes it. */
export async function unparkKeys(
  tx: Tx,
  consumer: string,
  topic: string,
  keys: readonly string[],
): Promise<void> {
  await tx.query('delete from parked_event where consumer = $1 and topic = $2 and key = any($3)', [
    consumer,
    topic,
    keys,
  ]);
}

/** Keeps another failed attempt at a head, and when the next one is due. */
export async function keepAttempt(tx: Tx, row: ParkedRow, fault: Fault, now: Date): Promise<void> {
  const attempts = row.attempts + 1;
  await tx.query(
    'update parked_event set attempts = $2, code = $3, reason = $4, next_retry_at = $5 where id = $1',
    [row.id, attempts, fault.code, fault.reason, nextRetry(attempts, row.parked_at, now)],
  );
}

/** The message that a parked row was made of. */
export function messageOf(row: ParkedRow): KafkaMessage {
  return {
    key: Buffer.from(row.key),
    value: row.value,
    headers: row.headers,
    offset: row.kafka_offset,
    timestamp: '',
    attributes: 0,
  };
}

function textHeaders(message: KafkaMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value === undefined) continue;
    headers[name] = (Array.isArray(value) ? value : [value]).map((part) => part.toString()).join(',');
  }
  return headers;
}
