import type { Tx } from '@steward/platform';

/**
 * Runs one event's work inside a savepoint and gives what it threw, after rolling back to before it; undefined when it
 * went well. Deferred constraints are checked here as well, so that the event at fault is known by name.
 */
export async function attempt(tx: Tx, work: () => Promise<void>): Promise<Error | undefined> {
  await tx.query('savepoint event');
  try {
    await work();
    await tx.query('set constraints all immediate');
    await tx.query('set constraints all deferred');
    await tx.query('release savepoint event');
    return undefined;
  } catch (error) {
    await tx.query('rollback to savepoint event');
    return error instanceof Error ? error : new Error(String(error));
  }
}
