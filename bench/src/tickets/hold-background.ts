import pg from 'pg';

/** The scheduled work that seals the trail; its name makes its lock. */
const SEALER = 'seal-audit';
const PATIENCE = 50;

type Lock = { pid: number; classid: number; objid: number };

// What a relay holds: locks of two numbers, for as long as its connection lives.
const RELAY_LOCKS = `select pid, classid::int, objid::int from pg_locks
  where locktype = 'advisory' and objsubid = 2 and granted and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * Takes the locks of relay and sealer, as another copy of the service would, so that the service only takes in. Gives
 * the function that lets them go on. Throws when the relay does not give way.
 */
export async function holdBackground(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let attempt = 0; (await takeFrom(client)) > 0; attempt += 1) {
      if (attempt === PATIENCE) throw new Error('the relay does not give its locks away');
    }
    await client.query('select pg_advisory_lock(hashtextextended($1, 7))', [SEALER]);
  } catch (error) {
    await client.end();
    throw error;
  }
  return () => client.end();
}

/** Ends the connection of whoever holds the relay's locks and takes them; gives how many somebody else had. */
async function takeFrom(client: pg.Client): Promise<number> {
  const { rows } = await client.query<Lock>(RELAY_LOCKS);
  for (const pid of new Set(rows.map((row) => row.pid)))
    await client.query('select pg_terminate_backend($1, 1000)', [pid]);
  for (const { classid, objid } of rows)
    await client.query('select pg_try_advisory_lock($1, $2)', [classid, objid]);
  return rows.length;
}
