import { Pool } from 'undici';
import type { ServiceName } from '../routing/api-services.rules.js';
import { Circuit, type CircuitOptions, type CircuitState, type Passage } from './circuit.js';

export type UpstreamOptions = Readonly<{
  name: ServiceName;
  baseUrl: string;
  /** Requests that may run at once; also the number of kept connections. */
  maxInFlight: number;
  connectTimeoutMs: number;
  circuit: CircuitOptions;
}>;

export type UpstreamState = Readonly<{ circuit: CircuitState; inFlight: number; maxInFlight: number }>;

/** Why a request is not sent: the upstream is full, or its circuit is open for some more milliseconds. */
export type Refusal = Readonly<{ reason: 'full' }> | Readonly<{ reason: 'open'; retryAfterMs: number }>;

/** One service behind the door: its connections, its share of running requests, its circuit. */
export class Upstream {
  readonly name: ServiceName;
  readonly origin: string;
  readonly pool: Pool;
  private readonly circuit: Circuit;
  private running = 0;

  constructor(
    private readonly options: UpstreamOptions,
    nowMs: () => number,
  ) {
    this.name = options.name;
    this.origin = new URL(options.baseUrl).origin;
    this.circuit = new Circuit(options.circuit, nowMs);
    // Headers and bodies have deadlines of their own per request.
    this.pool = new Pool(this.origin, {
      connections: options.maxInFlight,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
      connect: { timeout: options.connectTimeoutMs },
    });
  }

  /** Takes a place for one request, to be given back by `leave`; or says why there is none. */
  enter(): Passage | Refusal {
    if (this.running >= this.options.maxInFlight) return { reason: 'full' };
    const passage = this.circuit.enter();
    if (!passage) return { reason: 'open', retryAfterMs: this.circuit.remainingMs() };
    this.running += 1;
    return passage;
  }

  leave(): void {
    this.running -= 1;
  }

  state(): UpstreamState {
    return { circuit: this.circuit.state, inFlight: this.running, maxInFlight: this.options.maxInFlight };
  }

  /** Ends the connections; running requests fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The upstreams by name, and the number of requests that may run at once over all of them. */
export class Upstreams {
  private running = 0;

  constructor(
    private readonly members: ReadonlyMap<ServiceName, Upstream>,
    private readonly maxInFlight: number,
  ) {}

  get(name: ServiceName): Upstream {
    const upstream = this.members.get(name);
    if (!upstream) throw new Error(`no upstream ${name}`);
    return upstream;
  }

  all(): readonly Upstream[] {
    return [...this.members.values()];
  }

  get inFlight(): number {
    return this.running;
  }

  /** Takes one of the places that all upstreams share; false when there is none left. */
  enter(): boolean {
    if (this.running >= this.maxInFlight) return false;
    this.running += 1;
    return true;
  }

  leave(): void {
    this.running -= 1;
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((upstream) => upstream.close()));
  }
}
