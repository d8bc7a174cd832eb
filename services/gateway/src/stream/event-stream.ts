import type { FastifyInstance } from 'fastify';
import type { StreamConfig } from '../config.js';
import type { Hook } from '../door/admission.js';
import type { ServiceClient } from '../proxy/service-client.js';
import { CallerGrants } from './caller-grants.js';
import { Hub } from './hub.js';
import type { ReferenceSource } from './reference.js';
import { RightsWatch } from './rights-watch.js';
import { useStreamRoute } from './stream-route.js';

const TICK_MS = 100;
const RECHECK_PAUSE_MS = 1000;

/** The stream of references, put together: source, window, open streams and the watch over their rights. */
export class EventStream {
  private readonly hub: Hub;
  private readonly grants: CallerGrants;
  private readonly watch: RightsWatch;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly source: ReferenceSource,
    client: ServiceClient,
    private readonly config: StreamConfig,
    private readonly options: Readonly<{ timeoutMs: number; nowMs: () => number }>,
  ) {
    this.hub = new Hub(config);
    this.grants = new CallerGrants(client, options.timeoutMs);
    const { recheckMs, stallMs: believeMs } = config;
    const pauseMs = Math.min(RECHECK_PAUSE_MS, recheckMs);
    this.watch = new RightsWatch(this.grants, { recheckMs, believeMs, pauseMs }, options.nowMs);
  }

  /** Streams that are open now. */
  get size(): number {
    return this.hub.size;
  }

  start(): void {
    this.source.start({
      event: (observed) => this.hub.publish(observed),
      gap: () => this.hub.interrupted(),
    });
    this.timers = [
      setInterval(() => this.watch.tick(), TICK_MS),
      setInterval(() => this.beat(), this.config.heartbeatMs),
    ];
  }

  useRoute(fastify: FastifyInstance, admit: Hook): void {
    const { maxStreams, maxPerClient } = this.config;
    useStreamRoute(fastify, {
      admit,
      hub: this.hub,
      grants: this.grants,
      watch: this.watch,
      limits: { maxStreams, maxPerClient },
    });
  }

  /** Ends every stream, so that a stopping gateway does not wait for them. */
  closeAll(): void {
    this.hub.close();
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.hub.close();
    await this.source.stop();
  }

  private beat(): void {
    for (const subscriber of this.hub.subscribers())
      subscriber.beat(this.options.nowMs(), this.config.stallMs);
  }
}
