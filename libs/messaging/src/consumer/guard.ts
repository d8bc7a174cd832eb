import { prepared, type Tx } from '@steward/platform';
import type { Incoming } from './incoming.js';
import type { Known } from './plan.js';

const LOCK = prepared(
  'lock-partitions',
  'select pg_advisory_xact_lock(key) from (select hashtextextended(name, 11) key from unnest($1::text[]) name order by 1) keys',
);

/**
 * One transaction at a time works on a partition of a consumer: its owner in the group, one that has lost it without
 * knowing yet, or a replay of parked events. Without it they could apply two events of a key in the wrong order.
 * Several are locked in one order by all.
 */
export async function lockPartitions(
  tx: Tx,
  consumer: string,
  places: readonly Readonly<{ topic: string; partition: number }>[],
): Promise<void> {
  const names = places.map(({ topic, partition }) => `${consumer}/${topic}/${partition}`);
  await tx.query(LOCK, [names]);
}

const READ = prepared(
  'read-guards',
  `
  select aggregate_id::text as id, sequence from applied_sequence where consumer = $1 and aggregate_id = any($2::uuid[])
  union all
  select null, null where exists (select from parked_event where consumer = $1 and topic = $3)`,
);

const READ_PARKED =
  'select distinct key from parked_event where consumer = $1 and topic = $2 and key = any($3)';

/** What the guards know about the aggregates and keys of a chunk. To be asked after `lockPartitions`. */
export async function readGuards(
  tx: Tx,
  consumer: string,
  topic: string,
  chunk: readonly Incoming[],
): Promise<Known> {
  const aggregates = new Set<string>();
  for (const { head } of chunk) if (head) aggregates.add(head.aggregate);
  const values = [consumer, arrayOf(aggregates), topic];
  const rows = await tx.query<{ id: string | null; sequence: string }>(READ, values);
  const applied = new Map<string, number>();
  let anyParked = false;
  for (const { id, sequence } of rows) {
    if (id === null) anyParked = true;
    else applied.set(id, Number(sequence));
  }
  return { applied, parkedKeys: anyParked ? await parkedAmong(tx, consumer, topic, chunk) : NONE };
}

const NONE: ReadonlySet<string> = new Set();

async function parkedAmong(
  tx: Tx,
  consumer: string,
  topic: string,
  chunk: readonly Incoming[],
): Promise<ReadonlySet<string>> {
  const keys = [...new Set(chunk.map(({ key }) => key))];
  const rows = await tx.query<{ key: string }>(READ_PARKED, [consumer, topic, keys]);
  return new Set(rows.map(({ key }) => key));
}

// Ids and numbers need no quotes inside of an array's text; the driver would look for them in each of thousands.
const arrayOf = (plain: Iterable<string | number>): string => `{${[...plain].join(',')}}`;

// Answers only the ids that were known: none, unless the lasting guard was lost or an id came twice.
const KEEP = prepared(
  'keep-applied',
  `
  with reached as (
    insert into applied_sequence as s (consumer, aggregate_id, sequence)
    select $1, a, n from unnest($2::uuid[], $3::bigint[]) t(a, n) order by a
    on conflict (consumer, aggregate_id) do update set sequence = greatest(s.sequence, excluded.sequence)
  ), fresh as (
    insert into inbox (consumer, event_id) select $1, unnest($4::uuid[]) on conflict do nothing returning event_id
  )
  select id::text from unnest($4::uuid[]) id where not exists (select from fresh where fresh.event_id = id)`,
);

/**
 * Keeps in the transaction of the effect that these events are applied and how far their aggregates have come.
 * Gives the ids that were applied before: their handlers must not run again.
 */
export async function keepApplied(
  tx: Tx,
  consumer: string,
  sequences: ReadonlyMap<string, number>,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sequences.size === 0 && eventIds.length === 0) return new Set();
  const values = [consumer, arrayOf(sequences.keys()), arrayOf(sequences.values()), arrayOf(eventIds)];
  return new Set((await tx.query<{ id: string }>(KEEP, values)).map(({ id }) => id));
}
