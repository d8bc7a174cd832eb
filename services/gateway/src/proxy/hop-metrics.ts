import type { Telemetry } from '@steward/platform';
import type { Hop } from './proxy.js';
import type { Outcome } from './exchange.js';
import type { Upstreams } from './upstream.js';

const CIRCUIT_LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Measurements of the hops: duration by service, route and status; circuits and running requests as they are now. */
export class HopMetrics {
  private readonly durations;

  constructor(telemetry: Pick<Telemetry, 'durations' | 'meter'>, upstreams: Upstreams) {
    this.durations = telemetry.durations(
      'gateway.upstream.duration',
      'Duration of hops to services by route',
    );
    telemetry.meter
      .createObservableGauge('gateway.upstream.in_flight', {
        description: 'Requests running at a service now',
      })
      .addCallback((result) => {
        for (const upstream of upstreams.all())
          result.observe(upstream.state().inFlight, { upstream: upstream.name });
      });
    telemetry.meter
      .createObservableGauge('gateway.circuit.state', { description: '0 closed, 1 half-open, 2 open' })
      .addCallback((result) => {
        for (const upstream of upstreams.all()) {
          result.observe(CIRCUIT_LEVEL[upstream.state().circuit], { upstream: upstream.name });
        }
      });
  }

  passed(hop: Hop, outcome: Outcome, ms: number): void {
    this.durations.record(ms / 1000, {
      upstream: hop.service,
      'http.route': hop.route,
      'http.response.status_code': outcome.status,
      ...(outcome.code ? { 'error.type': outcome.code } : {}),
    });
  }
}
