import { eventually } from '@steward/testing';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import { READERS } from './check-consumed.js';
import { CONTEXTS, topicOf } from './evidence.js';

const LIMIT_MS = 240_000;

/** The last head of a chain goes out up to a minute after the chain fell quiet. */
const UNFINISHED = `
  select (select count(*) from outbox where published_at is null)
       + (select count(*) from personal_outbox where published_version < version)
       + (select count(*) from audit where chain_hash is null)
       + (select count(*) from audit_head where sequence > published_upto) as left_over`;

/** Sum of the sequences that a consumer has applied, and of those that its topics' owners have given out. */
const APPLIED = `select coalesce(sum(sequence), 0) as total from applied_sequence where consumer = $1 and aggregate_id <> all($2)`;
const GIVEN = `select coalesce(sum(last), 0) as total from (select max(sequence) last from outbox where topic = $1 group by aggregateid) h`;

/**
 * Waits until everything that was begun has gone its way: published, sealed, consumed. Gives what is still on its way
 * when the limit is over; the checks then tell in detail.
 */
export async function settled(platform: PlatformUnderFault): Promise<string | undefined> {
  const total = async (service: string, text: string, ...values: unknown[]): Promise<number> =>
    Number((await platform.sql<{ total: string }>(service, text, values))[0]!.total);
  const look = async (): Promise<string | undefined> => {
    for (const service of CONTEXTS) {
      const [row] = await platform.sql<{ left_over: string }>(service, UNFINISHED);
      if (Number(row!.left_over) > 0) return `${service} has ${row!.left_over} rows to publish or to seal`;
    }
    for (const { service, consumer, from } of READERS) {
      let behind = -(await total(service, APPLIED, consumer, [...platform.planted]));
      for (const owner of from) behind += await total(owner, GIVEN, topicOf(owner));
      if (behind !== 0) return `${consumer} is ${behind} events behind`;
    }
    return undefined;
  };
  let left: string | undefined = 'nothing was looked at';
  try {
    await eventually(async () => (left = await look()) === undefined, {
      timeoutMs: LIMIT_MS,
      intervalMs: 500,
    });
    return undefined;
  } catch {
    return left;
  }
}
