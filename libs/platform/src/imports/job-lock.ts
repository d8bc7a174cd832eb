import pg from 'pg';
import type { WorkerDatabase } from '../database/database.js';

const LOCK_SPACE = 9;

/** The right to run one job, held by a database connection of its own: a killed process loses it at once. */
export class JobLock {
  private readonly gone = new AbortController();

  private constructor(private readonly client: pg.Client) {
    client.on('error', () => this.gone.abort());
    client.on('end', () => this.gone.abort());
  }

  /** Takes the lock, or gives undefined when another holds it. */
  static async tryTake(database: WorkerDatabase, jobId: string): Promise<JobLock | undefined> {
    const client = new pg.Client(database.pool.options);
    const lock = new JobLock(client);
    await client.connect();
    try {
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, $2)) got',
        [`import ${jobId}`, LOCK_SPACE],
      );
      if (rows[0]?.got) return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
    await lock.release();
    return undefined;
  }

  /** Fires when the connection is lost, and the lock with it. */
  get lost(): AbortSignal {
    return this.gone.signal;
  }

  async release(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}
