import type { OutgoingMessage, Placed } from '../kafka/publisher.js';
import type { RelaySession } from './relay-session.js';

/** An unpublished (or, when refilling, a published) row, with the message that it becomes. */
export type ClaimedRow = Readonly<{ pos: string; shard: number; recordedAt: Date; message: OutgoingMessage }>;

type Row = {
  pos: string;
  id: string;
  aggregateid: string;
  sequence: string;
  type: string;
  topic: string;
  payload: string;
  headers: Record<string, string>;
  shard: number;
  recorded_at: Date;
};

/** Rows of one batch. */
export const BATCH_ROWS = 500;
const BATCH_BYTES = 8_000_000;

const COLUMNS =
  'pos, id, aggregateid, sequence, type, topic, payload::text payload, headers, shard, recorded_at';

// A few rows may be as large as a message can be, so a batch also ends by size; its first row always fits.
const page = (condition: string): string => `
  select ${COLUMNS} from (
    select *, sum(pg_column_size(payload)) over (order by pos rows unbounded preceding) - pg_column_size(payload) before
    from (select * from outbox where ${condition} order by pos limit ${BATCH_ROWS}) rows
  ) sized where before < ${BATCH_BYTES} order by pos`;

const UNPUBLISHED = page('published_at is null and shard::int = any($1::int[]) and pos <> all($2::bigint[])');
const PUBLISHED = page('published_at is not null and shard::int = any($1::int[]) and pos > $2 and pos <= $3');

/**
 * The oldest rows not published yet, in the order of their positions: per key that is commit order. `underWay` are being
 * published at this moment and left out; what comes behind them is in order as well, once they are through.
 */
export async function claimUnpublished(
  session: RelaySession,
  shards: readonly number[],
  underWay: readonly ClaimedRow[] = [],
): Promise<ClaimedRow[]> {
  const values = [shards, underWay.map(({ pos }) => pos)];
  return (await session.query<Row>(UNPUBLISHED, values, 'outbox_unpublished')).map(claimed);
}

/** Rows published before, between two positions, for a topic that is filled again. */
export async function readPublished(
  session: RelaySession,
  shards: readonly number[],
  after: string,
  until: string,
): Promise<ClaimedRow[]> {
  return (await session.query<Row>(PUBLISHED, [shards, after, until], 'outbox_published')).map(claimed);
}

// The bounds of time let the server look into one or two monthly partitions instead of all.
const MARK = `
  update outbox o set published_at = clock_timestamp(), kafka_partition = m.partition, kafka_offset = m.at
  from unnest($1::bigint[], $2::smallint[], $3::bigint[]) m(pos, partition, at)
  where o.pos = m.pos and o.recorded_at >= $4 and o.recorded_at <= $5`;

/** Marks a published batch on the connection that holds the lock, with the place where each event lies. */
export async function markPublished(
  session: RelaySession,
  rows: readonly ClaimedRow[],
  placed: readonly Placed[],
): Promise<void> {
  const times = rows.map(({ recordedAt }) => recordedAt.getTime());
  await session.query(
    MARK,
    [
      rows.map(({ pos }) => pos),
      placed.map(({ partition }) => partition),
      placed.map(({ offset }) => offset),
      // The server keeps microseconds, dates here milliseconds.
      new Date(Math.min(...times) - 1),
      new Date(Math.max(...times) + 1),
    ],
    'outbox_mark',
  );
}

const claimed = (row: Row): ClaimedRow => ({
  pos: row.pos,
  shard: row.shard,
  recordedAt: row.recorded_at,
  message: {
    topic: row.topic,
    key: row.aggregateid,
    value: row.payload,
    headers: {
      ...row.headers,
      ce_id: row.id,
      ce_type: row.type,
      ce_subject: row.aggregateid,
      ce_sequence: row.sequence,
      ce_recordedtime: row.recorded_at.toISOString(),
    },
  },
});
