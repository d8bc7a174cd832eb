import type { Tx } from '@steward/platform';

const KEPT_DAYS = 30;
const AT_ONCE = 20_000;

/**
 * Deletes inbox rows that are older than 30 days: by then the last applied sequence per aggregate is the guard against
 * repeats. A bounded number at once; the next turn goes on. Gives how many.
 */
export async function deleteOldInbox(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `delete from inbox where ctid = any (array(
       select ctid from inbox where at < now() - make_interval(days => $1) limit ${AT_ONCE})) returning 1`,
    [KEPT_DAYS],
  );
  return rows.length;
}
