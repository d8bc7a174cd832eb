import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { TelemetryConfig } from '../config.js';

export type TelemetryOptions = Readonly<{
  config?: TelemetryConfig;
  /** Takes finished spans at once, beside OTLP; for tests an `InMemorySpanExporter`. */
  exporter?: SpanExporter;
}>;

/** The tracing of a process: every service in it makes its own spans, all leave through this one pipeline. */
export type TracePipeline = Readonly<{
  /** A provider whose spans carry the service's name as their resource. */
  providerFor(service: string, version: string): TracerProvider;
  flush(): Promise<void>;
}>;

function sampler(config: TelemetryConfig | undefined): Sampler {
  const ratio = new TraceIdRatioBasedSampler(config?.samplerRatio ?? 1);
  switch (config?.sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio;
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: ratio });
    default:
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}

function processors(options: TelemetryOptions): SpanProcessor[] {
  return [
    ...(options.exporter ? [new SimpleSpanProcessor({ exporter: options.exporter })] : []),
    ...(options.config?.traces ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : []),
  ];
}

// Shutting one service's provider down must not end the processors that the others still use.
const shared = (processor: SpanProcessor): SpanProcessor => ({
  onStart: (span, parent) => processor.onStart(span, parent),
  onEnd: (span) => processor.onEnd(span),
  forceFlush: () => processor.forceFlush(),
  shutdown: () => processor.forceFlush(),
});

function makePipeline(options: TelemetryOptions): TracePipeline {
  const exits = processors(options);
  // With nowhere to send spans nothing is recorded; trace ids are still made, passed on and logged.
  const chosen = exits.length > 0 ? sampler(options.config) : new AlwaysOffSampler();
  const providerFor = (service: string, version: string): TracerProvider =>
    new TracerProvider({
      resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: service, [ATTR_SERVICE_VERSION]: version }),
      sampler: chosen,
      spanProcessors: exits.map(shared),
    });
  return { providerFor, flush: async () => void (await Promise.all(exits.map((exit) => exit.forceFlush()))) };
}

const PIPELINE = Symbol.for('steward.telemetry.pipeline');
type Process = { [PIPELINE]?: TracePipeline };

/**
 * Starts tracing for the whole process, once: later calls give the running pipeline and ignore their options. It
 * belongs to the process, not to a service, because OpenTelemetry's context manager and propagator do.
 * Libraries without a service of their own get spans under the name `steward`.
 */
export function startTelemetry(options: TelemetryOptions = {}): TracePipeline {
  const holder = globalThis as Process;
  if (holder[PIPELINE]) return holder[PIPELINE];
  const pipeline = makePipeline(options);
  holder[PIPELINE] = pipeline;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  trace.setGlobalTracerProvider(pipeline.providerFor('steward', ''));
  return pipeline;
}
