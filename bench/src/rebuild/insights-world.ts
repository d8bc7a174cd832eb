import { fileURLToPath } from 'node:url';
import { TicketRegistered } from '@steward/contracts';
import * as insights from '@steward/service-insights';
import { eventually } from '@steward/testing';
import { fillTopic } from '../consume/event-topic.js';
import type { MeasuredProcess } from '../frame/measured-process.js';
import { metered } from '../frame/meter.js';
import { MemoryWatch, type MemoryUse } from '../frame/memory.js';
import type { Burst, Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import { benchGroup, branchCode, BRANCHES } from '../tickets/bench-group.js';
import { ServiceWorld, type Started } from '../world/service-world.js';

export const HEADQUARTERS = 'bench.hq';
const REBUILD = '/api/v1/figures/tickets/rebuild';
const PATIENCE_MS = 1_800_000;

type State = Readonly<{ active: number; building: number | null }>;

/** The insights service over a history of registrations, and a plain reader of the same topic. */
export class InsightsWorld {
  readonly memory: MemoryUse[] = [];
  /** Seconds from the wish to the switch, the comparison included. */
  readonly wholes: number[] = [];
  private readings = 0;

  private constructor(
    readonly world: ServiceWorld,
    readonly service: Started,
    private readonly reader: MeasuredProcess,
    private readonly events: number,
  ) {}

  static async start(stand: Stand, events: number): Promise<InsightsWorld> {
    const world = await ServiceWorld.start(stand, insights, {
      group: (kafka) =>
        benchGroup(kafka)
          .employee(HEADQUARTERS, 'hq-admin@HQ')
          .employee('bench.manager', `branch-manager@${branchCode(0)}`),
    });
    const branches = Array.from({ length: BRANCHES }, (_, i) => world.group.id(branchCode(i)));
    await fillTopic(world.kafka, events, branches);
    const service = await world.process();
    const reader = stand.process({
      name: 'raw-reader',
      file: fileURLToPath(new URL('./raw-reader.js', import.meta.url)),
      env: { BROKERS: stand.kafka.brokers },
    });
    await reader.next('ready');
    const started = new InsightsWorld(world, service, reader, events);
    await started.applied(1);
    return started;
  }

  /** A rebuild beside the build that serves; its rate is from the first to the last of its transactions. */
  ours(): Side {
    return async (kind) => {
      const watch = MemoryWatch.start(this.service.process);
      const began = performance.now();
      const { building } = await this.world.call<State>(this.service, 'POST', REBUILD, HEADQUARTERS, {});
      const burst = await metered(this.world.stand, { consumer: this.service.process }, () =>
        this.applied(building!),
      );
      await this.switchedTo(building!);
      const use = await watch.stop();
      if (kind === 'measured') {
        this.wholes.push((performance.now() - began) / 1000);
        this.memory.push(use);
      }
      return burst;
    };
  }

  raw(): Side {
    return () => {
      this.readings += 1;
      const { prefix, stand } = this.world;
      const order = {
        ...{ topic: `${prefix}${TicketRegistered.topic}`, group: `${prefix}raw-${this.readings}` },
        messages: this.events,
      };
      return metered(stand, { consumer: this.reader }, () =>
        this.reader.ask<Pick<Burst, 'operations' | 'seconds'>>(order, 'outcome'),
      );
    };
  }

  /** The build that serves. */
  async active(): Promise<number> {
    return (await this.world.call<State>(this.service, 'GET', REBUILD, HEADQUARTERS)).active;
  }

  /** Waits until a build has applied everything. */
  private async applied(generation: number): Promise<Pick<Burst, 'operations' | 'seconds'>> {
    const group = `steward.insights-tickets.g${generation}`;
    await eventually(
      async () => {
        const at = await this.world.kafka.topics.groupPositions(group, [TicketRegistered.topic]);
        const places = Object.values(at).flatMap((partitions) => Object.values(partitions));
        return places.reduce((sum, place) => sum + Math.max(0, Number(place)), 0) >= this.events;
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 200 },
    );
    const [row] = await this.world.rows<{ n: string; seconds: string }>(
      `select count(*) n, extract(epoch from max(at) - min(at)) seconds from inbox
       where consumer = 'insights-tickets.g${generation}'`,
    );
    if (Number(row!.n) !== this.events) throw new Error(`${row!.n} of ${this.events} events were applied`);
    return { operations: this.events, seconds: Math.max(0.001, Number(row!.seconds)) };
  }

  /** Waits until a build serves and the one before is cleared away. */
  private async switchedTo(generation: number): Promise<void> {
    await eventually(async () => (await this.active()) === generation, {
      ...{ timeoutMs: PATIENCE_MS, intervalMs: 200 },
    });
    await eventually(
      async () => (await this.world.rows('select 1 from generation where retired is not null')).length === 0,
      { timeoutMs: PATIENCE_MS, intervalMs: 200 },
    );
  }
}
