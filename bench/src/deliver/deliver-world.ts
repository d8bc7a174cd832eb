import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TicketStarted } from '@steward/contracts';
import { messagingMigrations } from '@steward/messaging';
import { platformMigrations, runMigrations } from '@steward/platform';
import * as partners from '@steward/service-partners';
import { createTestDatabase, eventually, freePort, uniqueName } from '@steward/testing';
import type { MeasuredProcess } from '../frame/measured-process.js';
import { metered } from '../frame/meter.js';
import type { Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import { percentile } from '../frame/statistics.rules.js';
import { benchGroup, branchCode, BRANCHES } from '../tickets/bench-group.js';
import { POOL, ServiceWorld, type Started } from '../world/service-world.js';
import type { DeliverSettings, Moments, SourceOrder } from './order.js';

const CLIENT = 'bench-partner';
const ARRIVAL_MS = 60_000;
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

type SideName = 'source' | 'raw-chain';

/** A source with its outbox, the partners service and a receiver; and the baseline's chain before the same receiver. */
export class DeliverWorld {
  private constructor(
    private readonly stand: Stand,
    private readonly service: Started,
    private readonly receiver: MeasuredProcess,
    private readonly chains: Readonly<Record<SideName, MeasuredProcess>>,
  ) {}

  static async start(stand: Stand): Promise<DeliverWorld> {
    const world = await ServiceWorld.start(stand, partners, {
      group: (kafka) =>
        benchGroup(kafka)
          .employee('bench.hq', 'hq-admin@HQ')
          .employee(CLIENT, ...Array.from({ length: BRANCHES }, (_, i) => `partner@${branchCode(i)}`)),
      env: { WEBHOOK_ALLOWED_INSIDE: '127.0.0.1' },
    });
    const [receiver, receiverUrl] = await startReceiver(stand);
    const service = await world.process();
    await subscribe(world, service, receiverUrl);
    await world.kafka.topics.ensure([{ name: 'raw', kind: 'events' }]);
    const settings = await settingsOf(world, receiverUrl);
    const file = join(stand.folder, 'deliver.json');
    writeFileSync(file, JSON.stringify(settings));
    const start = async (name: SideName): Promise<MeasuredProcess> => {
      const process = stand.process({ name, file: here(`./${name}.js`), env: { DELIVER_SETTINGS: file } });
      await process.next('ready');
      return process;
    };
    const chains = { source: await start('source'), 'raw-chain': await start('raw-chain') };
    return new DeliverWorld(stand, service, receiver, chains);
  }

  /** A side that states events at a rate and waits until all have arrived; `delays` gets their milliseconds. */
  side(name: SideName, order: SourceOrder, delays: number[]): Side {
    const chain = this.chains[name];
    const processes: Record<string, MeasuredProcess> =
      name === 'source' ? { source: chain, partners: this.service.process } : { chain };
    return (kind) =>
      metered(this.stand, { ...processes, load: this.receiver }, async () => {
        const began = performance.now();
        const stated = await chain.ask<Moments>(order, 'outcome');
        const arrived = await this.arrivals(order.count);
        const seconds = (performance.now() - began) / 1000;
        const waited = Object.entries(stated).map(
          ([id, at]) => Number(BigInt(arrived[id]!) - BigInt(at)) / 1e6,
        );
        if (kind === 'measured') delays.push(...waited);
        const latencyMs = { p50: percentile(waited, 0.5), p99: percentile(waited, 0.99) };
        return { operations: order.count, seconds, latencyMs };
      });
  }

  private async arrivals(count: number): Promise<Moments> {
    await eventually(async () => (await this.receiver.ask<number>({}, 'count')) >= count, {
      timeoutMs: ARRIVAL_MS,
      intervalMs: 50,
    });
    return this.receiver.ask<Moments>({ take: true }, 'arrived');
  }
}

async function startReceiver(stand: Stand): Promise<[MeasuredProcess, string]> {
  const port = await freePort();
  const receiver = stand.process({
    name: 'receiver',
    file: here('./receiver.js'),
    env: { PORT: String(port) },
  });
  await receiver.next('ready');
  return [receiver, `http://127.0.0.1:${port}/hook`];
}

async function subscribe(world: ServiceWorld, service: Started, address: string): Promise<void> {
  const eventTypes = [TicketStarted.type];
  const named = { name: CLIENT, eventTypes };
  await world.call(service, 'POST', '/api/v1/partner-grants', 'bench.hq', { client: CLIENT, ...named });
  await world.call(service, 'POST', '/api/v1/subscriptions', CLIENT, { ...named, address });
}

async function settingsOf(world: ServiceWorld, receiverUrl: string): Promise<DeliverSettings> {
  const { stand, group, prefix } = world;
  const source = await createTestDatabase(uniqueName('bench_source'), {
    adminUrl: stand.postgres.url,
    migrate: (url, roles) => runMigrations(url, [...platformMigrations, ...messagingMigrations], roles),
  });
  stand.onClose(() => source.drop());
  const branchIds = Array.from({ length: BRANCHES }, (_, i) => group.id(branchCode(i)));
  const { appUrl, workerUrl } = source;
  return { brokers: stand.kafka.brokers, prefix, appUrl, workerUrl, branchIds, receiverUrl, poolSize: POOL };
}
