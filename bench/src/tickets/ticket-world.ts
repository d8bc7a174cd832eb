import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKafka } from '@steward/messaging';
import { createTestDatabase, freePort, uniqueName, type TestDatabase } from '@steward/testing';
import type { MeasuredProcess } from '../frame/measured-process.js';
import { metered } from '../frame/meter.js';
import type { Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import type { Desk, Order, Outcome } from '../load/order.js';
import { environment, POOL } from '../world/service-world.js';
import { benchGroup, branchCode, BRANCHES, clerkOf } from './bench-group.js';
import { catchRegistration } from './catch-registration.js';
import { holdBackground } from './hold-background.js';
import type { RawSettings } from './raw-tickets.js';
import type { Sample } from './registration-sample.js';

export const CONCURRENCY = 16;
export const TICKETS_PATH = '/api/v1/tickets';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A process that answers HTTP on a port. */
export type Server = Readonly<{ port: number; process: MeasuredProcess }>;

/** The service and its baseline side by side, each on a database of its own with the same group of 40 branches. */
export class TicketWorld {
  readonly desks: readonly Desk[];

  private constructor(
    readonly stand: Stand,
    readonly service: Server,
    readonly raw: Server,
    private readonly load: MeasuredProcess,
    private readonly database: TestDatabase,
    branchIds: readonly string[],
  ) {
    this.desks = branchIds.map((branchId, i) => ({ branchId, token: stand.issuer.token(clerkOf(i)) }));
  }

  static async start(stand: Stand): Promise<TicketWorld> {
    const database = await createTestDatabase(uniqueName('bench'), { adminUrl: stand.postgres.url });
    const kafka = createKafka({ brokers: [stand.kafka.brokers], clientId: 'bench' });
    // The service is ready once the topics that it reads are there; nobody runs who makes these.
    await kafka.topics.ensure(
      ['accounts.v1', 'premises.v1', 'billing.v1', 'insights.v1'].map((name) => ({ name, kind: 'events' })),
    );
    const group = benchGroup(kafka);
    const env = environment(stand, database);
    const sample = await catchRegistration(
      { ...env, LOG_LEVEL: 'error' },
      group,
      stand.issuer.token(clerkOf(0)),
    );
    const branchIds = Array.from({ length: BRANCHES }, (_, i) => group.id(branchCode(i)));
    await group.close();
    await kafka.close();
    const copy = `${database.name}_raw`;
    await stand.query(`create database "${copy}" template "${database.name}"`);
    const raw = await startRaw(stand, database.appUrl.replace(database.name, copy), sample, branchIds);
    const service = await startService(stand, env);
    const load = stand.process({ name: 'load', file: here('../load/load-generator.js') });
    return new TicketWorld(stand, service, raw, load, database, branchIds);
  }

  /**
   * A side that sends registrations of `branches` branches to a server for a moment. What the service has still to
   * publish afterwards is waited for, so that the next side has the machine for itself; `processes` are measured.
   */
  side(
    port: number,
    processes: Readonly<Record<string, MeasuredProcess>>,
    { branches = BRANCHES, path = TICKETS_PATH, milliseconds, warmUp, held = false }: SideOptions,
  ): Side {
    const order = {
      ...{ port, path, milliseconds, concurrency: CONCURRENCY },
      desks: this.desks.slice(0, branches),
    };
    return async (kind) => {
      const letGo = held ? await holdBackground(this.database.adminUrl) : undefined;
      const burst = await metered(this.stand, { ...processes, load: this.load }, () =>
        this.load.ask<Outcome>(
          { ...order, atLeast: kind === 'warm-up' ? warmUp : 0 } satisfies Order,
          'outcome',
        ),
      );
      await letGo?.();
      await this.quiet();
      return burst;
    };
  }

  /** Waits until everything is published and sealed. */
  private async quiet(): Promise<void> {
    for (;;) {
      const rows = await this.stand.query(
        'select 1 from outbox where published_at is null union all select 1 from audit where chain_hash is null limit 1',
        this.database.adminUrl,
      );
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export type SideOptions = Readonly<{
  branches?: number;
  path?: string;
  milliseconds: number;
  warmUp: number;
  /** relay and sealer are kept from working meanwhile */
  held?: boolean;
}>;

async function startService(stand: Stand, env: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const file = here('../../../services/tickets/dist/main.js');
  const process = stand.process({
    name: 'tickets',
    file,
    env: { ...env, SERVICE_PORT: String(port) },
  });
  await process.answers(`http://127.0.0.1:${port}/health/ready`);
  return { port, process };
}

async function startRaw(
  stand: Stand,
  databaseUrl: string,
  sample: Sample,
  branchIds: readonly string[],
): Promise<Server> {
  const port = await freePort();
  const branches = Object.fromEntries(branchIds.map((id, i) => [id, branchCode(i)]));
  const settings: RawSettings = { port, databaseUrl, poolSize: POOL, sample, branches };
  const file = join(stand.folder, 'raw-tickets.json');
  writeFileSync(file, JSON.stringify(settings));
  const process = stand.process({
    name: 'raw-tickets',
    file: here('./raw-tickets.js'),
    env: { RAW_SETTINGS: file },
  });
  await process.answers(`http://127.0.0.1:${port}/health/ready`);
  return { port, process };
}
