import { setImmediate as turn } from 'node:timers/promises';

/**
 * Works of one transaction whose statements do not need each other's answers: each begins when the statement of the one
 * before is on its way, so that the next is computed while the database does the last. Their statements run in the order of
 * the works. Waits for all of them even when one fails, since nothing may be sent after the rollback; throws the first
 * error in their order.
 */
export async function overlapped(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const begun: Promise<unknown>[] = [];
  for (const work of works) {
    const running = work();
    running.catch(() => undefined);
    begun.push(running);
    await turn();
  }
  for (const end of await Promise.allSettled(begun)) if (end.status === 'rejected') throw end.reason;
}
