import type { PoolClient } from 'pg';
import type { WorkerDatabase } from '../database/database.js';

export type ScheduledWork = Readonly<{
  /** Unique in the service; also names the advisory lock, so that one copy at a time runs it. */
  name: string;
  everyMs: number;
  run: (signal: AbortSignal) => Promise<void>;
  onError?: (error: unknown) => void;
}>;

/** Hears of every run: how long it took, and whether it did its work. */
export type ObserveRun = (name: string, ms: number, outcome: 'done' | 'failed') => void;

type Running = { work: ScheduledWork; abort: AbortController; done: Promise<void>; wake: () => void };

/**
 * Runs recurring work in one copy of the service at a time: each run takes a PostgreSQL advisory lock on a connection
 * that it holds while it works, so a killed copy frees it and another goes on; work whose connection is lost sees its
 * signal aborted. A failing run is reported and tried
 * again at the next turn.
 */
export class Scheduler {
  private readonly running: Running[] = [];
  /** Turns run one after another, so that waiting for a second connection can never exhaust the small pool. */
  private queue: Promise<void> = Promise.resolve();

  /** `report` hears of failures of work that has no `onError` of its own. */
  constructor(
    private readonly database: WorkerDatabase,
    private readonly report: (name: string, error: unknown) => void = () => undefined,
    private readonly observe: ObserveRun = () => undefined,
  ) {}

  /** Starts the work; the first run is at once. Gives a function that wakes it before its time. */
  start(work: ScheduledWork): () => void {
    const abort = new AbortController();
    let wake = (): void => undefined;
    const pause = (): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, work.everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const loop = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        this.queue = this.queue.then(() =>
          abort.signal.aborted
            ? undefined
            : this.turn(work, abort.signal).catch((error: unknown) =>
                work.onError ? work.onError(error) : this.report(work.name, error),
              ),
        );
        await this.queue;
        if (!abort.signal.aborted) await pause();
      }
    };
    const entry: Running = { work, abort, done: loop(), wake: () => wake() };
    this.running.push(entry);
    return entry.wake;
  }

  private async turn(work: ScheduledWork, signal: AbortSignal): Promise<void> {
    const client: PoolClient = await this.database.pool.connect();
    let broken: Error | undefined;
    // the lock goes with the connection: the work is told, and nobody else is there to hear of it
    const lost = new AbortController();
    const lose = (error: Error): void => {
      broken = error;
      lost.abort();
    };
    client.on('error', lose);
    try {
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 7)) got',
        [work.name],
      );
      if (!rows[0]!.got) return;
      const began = performance.now();
      let outcome: 'done' | 'failed' = 'failed';
      try {
        await work.run(AbortSignal.any([signal, lost.signal]));
        outcome = 'done';
      } finally {
        this.observe(work.name, performance.now() - began, outcome);
        await client
          .query('select pg_advisory_unlock(hashtextextended($1, 7))', [work.name])
          .catch((error: unknown) => lose(error as Error));
      }
    } finally {
      client.off('error', lose);
      client.release(broken);
    }
  }

  /** Ends all work: no new turn begins, a running one sees its signal aborted and is waited for. */
  async stop(): Promise<void> {
    for (const { abort, wake } of this.running) {
      abort.abort();
      wake();
    }
    await Promise.all(this.running.map(({ done }) => done));
  }
}
