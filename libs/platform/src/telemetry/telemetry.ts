import type { Histogram, Meter, Tracer } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type MetricReader } from '@opentelemetry/sdk-metrics';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { TelemetryConfig } from '../config.js';
import { startTelemetry } from './pipeline.js';

/** Bounds in seconds, as OpenTelemetry's conventions advise for HTTP. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Milliseconds that a stopping service waits for its last spans and metrics to leave. */
const FLUSH_LIMIT_MS = 2000;

/** Tracer and meter of one service. Its spans and metrics carry the service's name; injectable by this class. */
export class Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  private readonly meters: MeterProvider;
  private readonly scrape: MetricReader;
  private readonly serializer = new PrometheusSerializer('', false, /^service\.name$/);

  constructor(
    readonly service: string,
    version: string,
    config: TelemetryConfig,
  ) {
    const resource = resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service,
      [ATTR_SERVICE_VERSION]: version,
      // copies of a service would overwrite each other's measurements
      'service.instance.id': `${hostname()}:${process.pid}`,
    });
    this.tracer = startTelemetry({ config })
      .providerFor(service, version)
      .getTracer('@steward/platform', version);
    this.scrape = new PrometheusExporter({ preventServerStart: true });
    const push = config.metrics
      ? [
          new PeriodicExportingMetricReader({
            exporter: new OTLPMetricExporter(),
            exportIntervalMillis: config.metricsIntervalMs,
          }),
        ]
      : [];
    this.meters = new MeterProvider({ resource, readers: [this.scrape, ...push] });
    this.meter = this.meters.getMeter('@steward/platform', version);
    this.observeProcess();
  }

  /** A histogram of seconds with the bounds that dashboards expect. */
  durations(name: string, description: string): Histogram {
    return this.meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BOUNDS },
    });
  }

  /** All metrics of this service in the Prometheus text format. */
  async prometheus(): Promise<string> {
    const { resourceMetrics } = await this.scrape.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  /** Sends what is left and stops; spans of other services in the process go on. */
  async stop(): Promise<void> {
    const limit = new Promise<void>((resolve) => void setTimeout(resolve, FLUSH_LIMIT_MS).unref());
    const sent = Promise.allSettled([this.meters.shutdown(), startTelemetry().flush()]);
    await Promise.race([sent, limit]);
  }

  private observeProcess(): void {
    this.meter
      .createObservableGauge('process.memory.usage', {
        unit: 'By',
        description: 'Resident memory of the process',
      })
      .addCallback((result) => result.observe(process.memoryUsage.rss()));
    this.meter
      .createObservableGauge('process.uptime', {
        unit: 's',
        description: 'Seconds since the process started',
      })
      .addCallback((result) => result.observe(process.uptime()));
    this.meter
      .createObservableGauge('v8js.memory.heap.used', { unit: 'By', description: 'Used memory of the heap' })
      .addCallback((result) => result.observe(process.memoryUsage().heapUsed));
    let last = performance.eventLoopUtilization();
    this.meter
      .createObservableGauge('nodejs.eventloop.utilization', {
        unit: '1',
        description: 'Share of time that the event loop was busy since the last look',
      })
      .addCallback((result) => {
        const now = performance.eventLoopUtilization();
        result.observe(performance.eventLoopUtilization(now, last).utilization);
        last = now;
      });
  }
}
