import { GROUP_SCOPE, type Tx, type WorkerDatabase } from '@steward/platform';
import { SHARD_COUNT } from './outbox-row.js';
import { readPublished, type ClaimedRow } from './relay-store.js';
import type { RelaySession } from './relay-session.js';

type Refill = { shard: number; done_pos: string; until_pos: string | null };

/** One step of a refill: what to publish now, from where and up to where it takes the refill. */
export type RefillStep = Readonly<{
  rows: readonly ClaimedRow[];
  shards: readonly number[];
  from: string;
  upTo: string;
}>;

/**
 * Asks the relay to publish again everything that it has published so far: same ids, in order, before anything newer.
 * For a topic that was lost. Consumers that have the events pass over them. Personal values are all sent again as well.
 */
export async function requestRefill(tx: Tx): Promise<void> {
  await tx.query(
    `insert into outbox_refill (shard, done_pos) select s, 0 from generate_series(0, ${SHARD_COUNT - 1}) s
     on conflict (shard) do update set done_pos = 0, until_pos = null`,
  );
  await tx.query('update personal_outbox set published_version = 0');
}

/** Whether a refill was asked for of which nothing is done yet. */
export async function isRefillWaiting(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ waiting: boolean }>(
    `select count(*) = ${SHARD_COUNT} as waiting from outbox_refill where done_pos = 0 and until_pos is null`,
  );
  return row!.waiting;
}

/** Whether a refill that was asked for is still to be done. */
export async function isRefilling(database: WorkerDatabase): Promise<boolean> {
  const [row] = await database.read(GROUP_SCOPE, (tx) =>
    tx.query<{ open: boolean }>(
      `select exists (select from outbox_refill)
         or exists (select from personal_outbox where published_version < version) as open`,
    ),
  );
  return row!.open;
}

/** The next rows of a refill of these shards; undefined when none was asked for. */
export async function nextRefill(
  session: RelaySession,
  shards: readonly number[],
): Promise<RefillStep | undefined> {
  const open = await session.query<Refill>(
    'select shard, done_pos, until_pos from outbox_refill where shard = any($1::smallint[])',
    [shards],
    'refill_open',
  );
  if (open.length === 0) return undefined;
  if (open.some((refill) => refill.until_pos === null)) {
    // Taken under the lock: nobody publishes meanwhile, so the set of published rows stands still.
    await session.query(
      `update outbox_refill set until_pos = (select coalesce(max(pos), 0) from outbox where published_at is not null)
       where shard = any($1::smallint[]) and until_pos is null`,
      [shards],
    );
    return nextRefill(session, shards);
  }
  // The shards go on together from the one that is farthest behind, so each stretch of the history is read once.
  const done = open.map((refill) => BigInt(refill.done_pos)).reduce((a, b) => (a < b ? a : b));
  const part = open.filter((refill) => BigInt(refill.done_pos) === done);
  const until = part.map((refill) => BigInt(refill.until_pos!)).reduce((a, b) => (a < b ? a : b));
  const owned = part.map((refill) => refill.shard);
  const rows = await readPublished(session, owned, done.toString(), until.toString());
  return { rows, shards: owned, from: done.toString(), upTo: rows.at(-1)?.pos ?? until.toString() };
}

/** Keeps how far a refill has come; ends it for shards that are through. One that was asked for anew meanwhile stays. */
export async function keepRefill(session: RelaySession, step: RefillStep): Promise<void> {
  await session.query(
    `update outbox_refill set done_pos = $2
     where shard = any($1::smallint[]) and done_pos = $3 and until_pos is not null`,
    [step.shards, step.upTo, step.from],
  );
  await session.query(
    'delete from outbox_refill where shard = any($1::smallint[]) and done_pos >= until_pos',
    [step.shards],
  );
}
