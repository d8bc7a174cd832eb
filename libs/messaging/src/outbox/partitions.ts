import { GROUP_SCOPE, type WorkerDatabase } from '@steward/platform';

const MONTHS_AHEAD = 2;

/** Makes the outbox partitions of this month and the next two, where they are missing. Gives how many it made. */
export async function makePartitions(database: WorkerDatabase): Promise<number> {
  const rows = await database.transaction(GROUP_SCOPE, (tx) =>
    tx.query<{ made: boolean }>(
      `select outbox_make_partition((date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date) as made
       from generate_series(0, ${MONTHS_AHEAD}) i`,
    ),
  );
  return rows.filter(({ made }) => made).length;
}
