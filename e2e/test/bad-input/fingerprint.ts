import { ALL_EVENTS, ALL_PERSONAL } from '@steward/contracts';
import { createKafka } from '@steward/messaging';
import { eventually } from '@steward/testing';
import pg from 'pg';
import type { ServicesInOne } from '../services-in-one.js';

/** Everything that the platform keeps: by table its number of rows and a hash over them, by topic its ends. */
export type Fingerprint = Readonly<Record<string, string>>;

const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

// An upload is written down before it is read, and removed again when it is refused; nothing else of a refused request
// reaches a table, so no table is left out.
async function ofDatabase(service: string, url: string): Promise<Fingerprint> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(TABLES);
    const found: Record<string, string> = {};
    for (const { name } of rows) {
      const { rows: sums } = await client.query<{ count: string; hash: string | null }>(
        `select count(*)::text as count, md5(string_agg(md5(t::text), '' order by md5(t::text))) as hash from "${name}" t`,
      );
      found[`${service}.${name}`] = `${sums[0]!.count} rows ${sums[0]!.hash ?? ''}`;
    }
    return found;
  } finally {
    await client.end();
  }
}

async function ofTopics(topicPrefix: string): Promise<Fingerprint> {
  const kafka = createKafka({
    brokers: [process.env['STEWARD_TEST_BROKERS']!],
    clientId: 'fingerprint',
    topicPrefix,
  });
  try {
    const topics = [...new Set([...ALL_EVENTS, ...ALL_PERSONAL].map(({ topic }) => topic))];
    const ends = await kafka.topics.endPositions(topics);
    return Object.fromEntries(topics.map((topic) => [`topic ${topic}`, JSON.stringify(ends[topic])]));
  } finally {
    await kafka.close();
  }
}

export async function fingerprintOf(all: ServicesInOne): Promise<Fingerprint> {
  const parts = await Promise.all([
    ...Object.entries(all.databases).map(([service, { adminUrl }]) => ofDatabase(service, adminUrl)),
    ofTopics(all.topicPrefix),
  ]);
  return Object.assign({}, ...parts) as Fingerprint;
}

const UNFINISHED = `
  select (select count(*) from audit where chain_hash is null)
       + (select count(*) from outbox where published_at is null)
       + (select count(*) from audit_head where sequence > published_upto)
       + (select count(*) from waiting_fact) as count`;

// The heads of the trail go out at most once a minute; here the last ones go out at once.
const HURRY = `update audit_head set published_at = published_at - interval '1 hour' where sequence > published_upto`;

async function isQuiet(all: ServicesInOne): Promise<boolean> {
  for (const { adminUrl } of Object.values(all.databases)) {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      await client.query(HURRY);
      const { rows } = await client.query<{ count: string }>(UNFINISHED);
      if (rows[0]!.count !== '0') return false;
    } finally {
      await client.end();
    }
  }
  return true;
}

/** The fingerprint once nothing is under way: every trail row sealed, every event published and taken in everywhere. */
export async function quietFingerprint(all: ServicesInOne): Promise<Fingerprint> {
  let before = '';
  let same = 0;
  return eventually(
    async () => {
      if (!(await isQuiet(all))) return false;
      const now = await fingerprintOf(all);
      const text = JSON.stringify(now);
      same = text === before ? same + 1 : 0;
      before = text;
      return same >= 3 && now;
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}
