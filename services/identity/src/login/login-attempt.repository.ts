import type { Pool } from 'pg';
import { FORGET_AFTER_SECONDS, type LoginAttempts, type LoginDecision } from './login.rules.js';

type Row = { failures: number; last_at: Date };

/** Attempts per login, shared by all copies of the service. */
export class LoginAttemptRepository {
  constructor(private readonly pool: Pool) {}

  /** Lets `decide` judge an attempt while the login's row is locked, so parallel guesses are counted one by one. */
  async record(
    login: string,
    now: Date,
    decide: (previous: LoginAttempts) => LoginDecision,
  ): Promise<LoginDecision> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      await client.query(
        'insert into login_attempt (login, failures, last_at) values ($1, 0, $2) on conflict do nothing',
        [login, now],
      );
      const { rows } = await client.query<Row>(
        'select failures, last_at from login_attempt where login = $1 for update',
        [login],
      );
      const decision = decide({ failures: rows[0]?.failures ?? 0, lastAt: rows[0]?.last_at ?? now });
      if ('counted' in decision) {
        const { failures, lastAt } = decision.counted;
        await client.query('update login_attempt set failures = $2, last_at = $3 where login = $1', [
          login,
          failures,
          lastAt,
        ]);
      }
      await client.query('commit');
      return decision;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure); // a connection with an open transaction is not reused
    }
  }

  async forget(login: string): Promise<void> {
    await this.pool.query('delete from login_attempt where login = $1', [login]);
  }

  async deleteOld(now: Date): Promise<void> {
    const before = new Date(now.getTime() - FORGET_AFTER_SECONDS * 1000);
    await this.pool.query('delete from login_attempt where last_at < $1', [before]);
  }
}
