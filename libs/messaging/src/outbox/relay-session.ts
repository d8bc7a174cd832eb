import pg from 'pg';
import type { WorkerDatabase } from '@steward/platform';
import { SHARD_COUNT } from './outbox-row.js';

const LOCK_CLASS = 727_002;
/** The lock of personal values, beside those of the shards. */
const PERSONAL_LOCK = 1000;
const CHANNEL = 'steward_outbox';
/** A holder that stands still (a stopped process) loses its session and with it the locks. */
const IDLE_LIMIT_MS = 10_000;
const ALIVE_EVERY_MS = 3000;

// Statistics of a queue are always stale: rows wait in their thousands a moment after there were none. Everything that a
// relay asks is a short walk along an index, so the planner is told so instead of guessing.
const ALONG_INDEXES = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin']
  .map((way) => `set enable_${way} = off`)
  .join('; ');

/** What a relay has under lock. */
export type Holding = Readonly<{ shards: readonly number[]; personal: boolean }>;

/**
 * The relay's connection of its own. It holds the advisory locks, reads, marks, and carries the wake-up calls between
 * copies. Whoever loses it has lost the locks, so nothing is published once it is gone.
 */
export class RelaySession {
  private broken = false;
  private shards: number[] = [];
  private personal = false;

  private constructor(
    private readonly client: pg.Client,
    private readonly wanted: Readonly<{ shards: readonly number[]; personal: boolean }>,
  ) {}

  /** Connects and listens; `onNotice` is called when another copy rings, `onEnd` when the connection is gone. */
  static async open(
    database: WorkerDatabase,
    unit: Readonly<{ index: number; of: number }>,
    calls: Readonly<{ onNotice: () => void; onEnd: () => void }>,
  ): Promise<RelaySession> {
    // The pool's options hold the address, the role and the limits; the pool itself stays free for others.
    const client = new pg.Client(database.pool.options);
    const shards = Array.from({ length: SHARD_COUNT }, (_, i) => i).filter((i) => i % unit.of === unit.index);
    const session = new RelaySession(client, { shards, personal: unit.index === 0 });
    const end = (): void => {
      session.broken = true;
      calls.onEnd();
    };
    client.on('error', end);
    client.on('end', end);
    client.on('notification', calls.onNotice);
    await client.connect();
    await client.query(`set idle_session_timeout = ${IDLE_LIMIT_MS}`);
    await client.query(ALONG_INDEXES);
    // a mark that is lost in a crash of the server repeats an event, as one that was never set does
    await client.query('set synchronous_commit = off');
    await client.query(`listen ${CHANNEL}`);
    return session;
  }

  /** False as soon as the connection is known to be gone: the locks are gone with it. */
  get alive(): boolean {
    return !this.broken;
  }

  get holding(): Holding {
    return { shards: this.shards, personal: this.personal };
  }

  /** Whether everything that this relay is to own is under its lock. */
  get complete(): boolean {
    return this.shards.length === this.wanted.shards.length && this.personal === this.wanted.personal;
  }

  /** Tries to take the locks that are still missing. */
  async claim(): Promise<Holding> {
    const missing = this.wanted.shards.filter((shard) => !this.shards.includes(shard));
    if (this.wanted.personal && !this.personal) missing.push(PERSONAL_LOCK);
    if (missing.length === 0) return this.holding;
    const rows = await this.query<{ lock: number }>(
      'select lock from unnest($1::int[]) lock where pg_try_advisory_lock($2, lock)',
      [missing, LOCK_CLASS],
    );
    for (const { lock } of rows) {
      if (lock === PERSONAL_LOCK) this.personal = true;
      else this.shards.push(lock);
    }
    return this.holding;
  }

  /** Rings the copy that holds the locks. */
  async notify(): Promise<void> {
    await this.query(`notify ${CHANNEL}`);
  }

  async query<Row>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]> {
    const result = await this.client.query<Row & pg.QueryResultRow>({
      text,
      values: values as unknown[],
      name,
    });
    return result.rows;
  }

  /** Keeps the session from counting as idle, and notices its loss, while `work` goes on elsewhere. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const beat = setInterval(() => void this.query('select').catch(() => undefined), ALIVE_EVERY_MS);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  }

  async close(): Promise<void> {
    this.client.removeAllListeners('end');
    await this.client.end().catch(() => undefined);
    this.broken = true;
  }
}
