import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

export type EventuallyOptions = { timeoutMs?: number; intervalMs?: number };

/**
 * Polls `probe` until it neither throws nor answers `false`, `null` or `undefined`, and gives its answer.
 * After `timeoutMs` (30 000 by default) it throws an error that says what the probe last answered or threw.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 30_000, intervalMs = 50 }: EventuallyOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last = 'nothing';
  let cause: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
      last = `answered ${inspect(answer)}`;
    } catch (error) {
      cause = error;
      last = `threw ${error instanceof Error ? error.message : inspect(error)}`;
    }
    if (performance.now() >= deadline) {
      throw new Error(`still not so after ${timeoutMs} ms; the probe last ${last}`, { cause });
    }
    await pause(intervalMs);
  }
}
