import { setImmediate as turn } from 'node:timers/promises';
import type { Tx } from './database.js';

/** Statements whose texts are made; sends them. */
export type Made = (tx: Tx) => Promise<unknown>;

/**
 * Sends statements one after the other in a transaction, and makes the texts of the next while the database does the last:
 * for many rows at once, which cost Node as much as PostgreSQL. Throws the first error, when nothing runs any more.
 */
export async function overlapped(tx: Tx, works: readonly (() => Made | Promise<Made>)[]): Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  try {
    for (const make of works) {
      const send = await make();
      await running;
      running = send(tx);
      running.catch(() => undefined); // thrown where it is waited for
      await turn();
    }
  } finally {
    await running;
  }
}
