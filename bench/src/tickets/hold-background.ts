import pg from 'pg';

/** The scheduled work that seals the trail; its name makes its lock. */
const SEALER = 'seal-audit';
const PATIENCE_MS = 30_000;
const LOOK_MS = 20;

type Lock = { pid: number; classid: number; objid: number };

// What a relay holds: locks of two numbers, for as long as its connection lives.
const RELAY_LOCKS = `select pid, classid::int, objid::int from pg_locks
  where locktype = 'advisory' and objsubid = 2 and granted and pid <> $1
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * Takes the locks of relay and sealer, as another copy of the service would, so that the service only takes in. Gives
 * the function that lets them go on. Throws when the relay does not give way.
 */
export async function holdBackground(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  const ender = new pg.Client({ connectionString: databaseUrl });
  await Promise.all([client.connect(), ender.connect()]);
  try {
    const until = performance.now() + PATIENCE_MS;
    // a relay that has no locks at this moment is about to take them
    for (let held = false; ;) {
      const taken = await takeFrom(client, ender);
      if (held && taken === 0) break;
      held ||= taken > 0;
      if (performance.now() > until) throw new Error('the relay does not give its locks away');
      if (taken === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    await client.query('select pg_advisory_lock(hashtextextended($1, 7))', [SEALER]);
  } catch (error) {
    await client.end();
    throw error;
  } finally {
    await ender.end();
  }
  return () => client.end();
}

/**
 * Queues for the relay's locks, then ends the connection that holds them: whoever waits gets them before the relay has
 * connected again. Gives how many somebody else had.
 */
async function takeFrom(client: pg.Client, ender: pg.Client): Promise<number> {
  const own = await client.query<{ pid: number }>('select pg_backend_pid() pid');
  const { rows } = await ender.query<Lock>(RELAY_LOCKS, [own.rows[0]!.pid]);
  if (rows.length === 0) return 0;
  const taken = client.query(
    'select pg_advisory_lock(classid, objid) from unnest($1::int[], $2::int[]) l(classid, objid)',
    [rows.map(({ classid }) => classid), rows.map(({ objid }) => objid)],
  );
  for (const pid of new Set(rows.map((row) => row.pid)))
    await ender.query('select pg_terminate_backend($1)', [pid]);
  await taken;
  return rows.length;
}
