import type { Tx } from '@steward/platform';
import type { Incoming } from './incoming.js';
import type { Known } from './plan.js';

/**
 * One transaction at a time works on a partition of a consumer: its owner in the group, one that has lost it without
 * knowing yet, or a replay of parked events. Without it they could apply two events of a key in the wrong order.
 */
export async function lockPartition(
  tx: Tx,
  consumer: string,
  topic: string,
  partition: number,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 11))', [
    `${consumer}/${topic}/${partition}`,
  ]);
}

const READ = `
  select aggregate_id::text as id, sequence from applied_sequence where consumer = $1 and aggregate_id = any($2::uuid[])
  union all
  select distinct key, null::bigint from parked_event where consumer = $1 and topic = $3 and key = any($4::text[])`;

/** What the guards know about the aggregates and keys of a chunk. To be asked after `lockPartition`. */
export async function readGuards(
  tx: Tx,
  consumer: string,
  topic: string,
  chunk: readonly Incoming[],
): Promise<Known> {
  const aggregates = new Set<string>();
  const keys = new Set<string>();
  for (const { head, key } of chunk) {
    if (head) aggregates.add(head.aggregate);
    keys.add(key);
  }
  const rows = await tx.query<{ id: string; sequence: string | null }>(READ, [
    consumer,
    [...aggregates],
    topic,
    [...keys],
  ]);
  const applied = new Map<string, number>();
  const parkedKeys = new Set<string>();
  for (const { id, sequence } of rows) {
    if (sequence === null) parkedKeys.add(id);
    else applied.set(id, Number(sequence));
  }
  return { applied, parkedKeys };
}

// Answers only the ids that were known: none, unless the lasting guard was lost or an id came twice.
const KEEP = `
  with reached as (
    insert into applied_sequence as s (consumer, aggregate_id, sequence)
    select $1, a, n from unnest($2::uuid[], $3::bigint[]) t(a, n) order by a
    on conflict (consumer, aggregate_id) do update set sequence = greatest(s.sequence, excluded.sequence)
  ), fresh as (
    insert into inbox (consumer, event_id) select $1, unnest($4::uuid[]) on conflict do nothing returning event_id
  )
  select id::text from unnest($4::uuid[]) id where not exists (select from fresh where fresh.event_id = id)`;

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
  const values = [consumer, [...sequences.keys()], [...sequences.values()], eventIds];
  return new Set((await tx.query<{ id: string }>(KEEP, values)).map(({ id }) => id));
}
