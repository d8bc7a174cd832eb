import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, WorkerDatabase, type Logger } from '@steward/platform';
import pg from 'pg';

const CHANNEL = 'partner_log';
const RECONNECT_MS = 1000;

/**
 * Tells who delivers that there is something new: log rows, subscriptions, grants. In this process it is a call; the
 * other copies hear it by NOTIFY on a connection of its own, never in the transaction that appended. Whoever misses it
 * looks by itself a moment later.
 */
@Injectable()
export class LogBell implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Set<() => void>();
  private client?: pg.Client;
  private ringing = false;
  private again = false;
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
    await this.client?.end().catch(() => undefined);
  }

  /** Calls `listener` at each ring, of this copy or another; gives a function that ends it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** To be called after the commit. Rings while a call to the other copies is under way are one. */
  ring(): void {
    this.wake();
    if (this.ringing) this.again = true;
    else void this.tellOthers();
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }

  private async tellOthers(): Promise<void> {
    this.ringing = true;
    do {
      this.again = false;
      await this.client?.query(`notify ${CHANNEL}`).catch(() => undefined);
    } while (this.again);
    this.ringing = false;
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
      await client.query(`listen ${CHANNEL}`);
      this.client = client;
      this.wake();
    } catch (error) {
      this.log.warn({ reason: String(error) }, 'the partner log is looked at by the clock only');
    }
  }
}
