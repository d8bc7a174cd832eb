import type { OutgoingMessage, Publisher } from '../kafka/publisher.js';
import type { RelaySession } from './relay-session.js';

type Row = { topic: string; key: string; value: string | null; version: string; traceparent: string | null };

const BATCH = 500;

const CLAIM = `
  select topic, key, value::text as value, version, traceparent from personal_outbox
  where published_version < version order by topic, key limit ${BATCH}`;

// A value that was changed while it was published keeps its newer version and comes again.
const MARK = `
  update personal_outbox p set published_version = m.version
  from unnest($1::text[], $2::text[], $3::bigint[]) m(topic, key, version)
  where p.topic = m.topic and p.key = m.key`;

/** Publishes the latest state of the persons that changed, tombstones for erased ones. Gives how many. */
export async function relayPersonal(session: RelaySession, publisher: Publisher): Promise<number> {
  const rows = await session.query<Row>(CLAIM, [], 'personal_unpublished');
  if (rows.length === 0) return 0;
  if (!session.alive) throw new Error('the connection that holds the lock is gone');
  await session.during(() => publisher.publish(rows.map(messageOf)));
  const columns = [rows.map((row) => row.topic), rows.map((row) => row.key), rows.map((row) => row.version)];
  await session.query(MARK, columns, 'personal_mark');
  return rows.length;
}

const messageOf = ({ topic, key, value, traceparent }: Row): OutgoingMessage => ({
  topic,
  key,
  value,
  headers: { 'content-type': 'application/json', ...(traceparent ? { traceparent } : {}) },
});
