import pg from 'pg';

const TIMEOUT_MS = 5000;

/** A pool of the application role. A broken idle connection is replaced at its next use instead of ending the process. */
export function openPool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'identity',
    max: 5,
    connectionTimeoutMillis: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
    idle_in_transaction_session_timeout: TIMEOUT_MS,
  });
  pool.on('error', () => undefined);
  // one that breaks while it is in use tells its user by the failing query
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Whether the database answers; throws what the driver says when it does not. */
export async function ping(pool: pg.Pool): Promise<true> {
  await pool.query('select');
  return true;
}
