import { Pool } from 'undici';
import type { ServiceName } from '../routing/api-services.rules.js';
import { Circuit, type CircuitOptions, type CircuitState, type Passage } from './circuit.js';
import { Places, type NoPlace } from './places.js';

export type UpstreamOptions = Readonly<{
  name: ServiceName;
  baseUrl: string;
  /** Requests that may run at once. */
  maxInFlight: number;
  /** Requests whose bodies stream through, as slowly as their clients send; they have places of their own. */
  maxStreamed: number;
  connectTimeoutMs: number;
  circuit: CircuitOptions;
}>;

export type UpstreamState = Readonly<{
  circuit: CircuitState;
  inFlight: number;
  maxInFlight: number;
  streamed: number;
}>;

/** Why a request is not sent: there is no place for it, or the circuit is open for some more milliseconds. */
export type Refusal = Readonly<{ reason: NoPlace }> | Readonly<{ reason: 'open'; retryAfterMs: number }>;

/** Who asks, and whether the body of the request streams through. */
export type Entrant = Readonly<{ caller: string; streamed: boolean }>;

/** One service behind the door: its connections, its share of running requests, its circuit. */
export class Upstream {
  readonly name: ServiceName;
  readonly origin: string;
  readonly pool: Pool;
  private readonly circuit: Circuit;
  private readonly places: Places;
  private readonly streamed: Places;

  constructor(
    private readonly options: UpstreamOptions,
    nowMs: () => number,
  ) {
    this.name = options.name;
    this.origin = new URL(options.baseUrl).origin;
    this.circuit = new Circuit(options.circuit, nowMs);
    this.places = new Places(options.maxInFlight);
    this.streamed = new Places(options.maxStreamed);
    // Headers and bodies have deadlines of their own per request.
    this.pool = new Pool(this.origin, {
      connections: options.maxInFlight + options.maxStreamed,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
      connect: { timeout: options.connectTimeoutMs },
    });
  }

  /** Takes a place for one request, to be given back by `leave`; or says why there is none. */
  enter({ caller, streamed }: Entrant): Passage | Refusal {
    const places = streamed ? this.streamed : this.places;
    const reason = places.enter(caller);
    if (reason) return { reason };
    const passage = this.circuit.enter();
    if (passage) return passage;
    places.leave(caller);
    return { reason: 'open', retryAfterMs: this.circuit.remainingMs() };
  }

  leave({ caller, streamed }: Entrant): void {
    (streamed ? this.streamed : this.places).leave(caller);
  }

  state(): UpstreamState {
    return {
      circuit: this.circuit.state,
      inFlight: this.places.running,
      maxInFlight: this.places.size,
      streamed: this.streamed.running,
    };
  }

  /** Ends the connections; running requests fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The upstreams by name, and the places that requests to all of them share. */
export class Upstreams {
  constructor(
    private readonly members: ReadonlyMap<ServiceName, Upstream>,
    readonly places: Places,
  ) {}

  get(name: ServiceName): Upstream {
    const upstream = this.members.get(name);
    if (!upstream) throw new Error(`no upstream ${name}`);
    return upstream;
  }

  all(): readonly Upstream[] {
    return [...this.members.values()];
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((upstream) => upstream.close()));
  }
}
