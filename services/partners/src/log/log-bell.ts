import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, WorkerDatabase, type Logger } from '@steward/platform';
import pg from 'pg';

const CHANNEL = 'partner_log';
const RECONNECT_MS = 1000;
const GATHER_MS = 20;

/**
 * Tells who delivers that there is something new: log rows, subscriptions, grants. In this process it is a call; the
 * other copies hear it by NOTIFY on a connection of its own, never in the transaction that appended. Whoever misses it
 * looks by itself a moment later.
 */
@Injectable()
export class LogBell implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Set<() => void>();
  private client?: pg.Client;
  private telling?: NodeJS.Timeout;
  private stopped = false;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: WorkerDatabase,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.telling);
    await this.client?.end().catch(() => undefined);
  }

  /** Calls `listener` at each ring, of this copy or another; gives a function that ends it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** To be called after the commit. The other copies are told once for all rings of the next moments. */
  ring(): void {
    this.wake();
    this.telling ??= setTimeout(() => this.tellOthers(), GATHER_MS);
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }

  private tellOthers(): void {
    this.telling = undefined;
    this.client?.query(`notify ${CHANNEL}`).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client(this.database.pool.options);
    const lost = (): void => {
      client.removeAllListeners();
      client.on('error', () => undefined);
      if (this.client === client) this.client = undefined;
      if (!this.stopped) this.timer = setTimeout(() => void this.connect(), RECONNECT_MS);
    };
    client.once('error', lost);
    client.once('end', lost);
    client.on('notification', ({ processId }) => {
      if (processId !== (client as unknown as { processID: number }).processID) this.wake();
    });
    try {
      await client.connect();
      // a call that is lost in a crash of the server would have been for nobody
      await client.query('set synchronous_commit = off');
      await client.query(`listen ${CHANNEL}`);
      this.client = client;
      this.wake();
    } catch (error) {
      this.log.warn({ reason: String(error) }, 'the partner log is looked at by the clock only');
    }
  }
}
