import {
  context,
  metrics,
  ROOT_CONTEXT,
  type SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type Meter,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { reasonOf } from './log.js';

export type Telemetry = Readonly<{ tracer: Tracer; meter: Meter }>;

/** Spans and metrics of messaging by the process's own providers; a service that shares a process passes its own. */
export const processTelemetry = (): Telemetry => ({
  tracer: trace.getTracer('@steward/messaging'),
  meter: metrics.getMeter('@steward/messaging'),
});

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The active span as a W3C `traceparent`, to be kept with what it causes; undefined when there is none. */
export function activeTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !trace.isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The span that a `traceparent` names; undefined when there is none or it is malformed. */
export function remoteParent(traceparent: string | undefined): SpanContext | undefined {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (!match) return undefined;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: parseInt(match[3]!, 16), isRemote: true };
}

/** The span that a `traceparent` names, if it is recorded: only then is it worth making spans for one event. */
export function sampledParent(traceparent: string | undefined): SpanContext | undefined {
  const parent = remoteParent(traceparent);
  return parent && (parent.traceFlags & TraceFlags.SAMPLED) !== 0 ? parent : undefined;
}

const under = (parent: SpanContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;

/** Runs work inside a span: its failure is the span's. */
export async function inSpan<T>(
  tracer: Tracer,
  name: string,
  options: Readonly<{ kind: SpanKind; parent?: SpanContext; links?: Link[]; attributes?: Attributes }>,
  work: () => Promise<T>,
): Promise<T> {
  const { kind, parent, links, attributes } = options;
  const outer = under(parent);
  const span = tracer.startSpan(name, { kind, links, attributes }, outer);
  try {
    return await context.with(trace.setSpan(outer, span), work);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** One span for each recorded parent, all open while `work` runs: for work that serves many events at once. */
export async function inSpans<T>(
  tracer: Tracer,
  name: string,
  kind: SpanKind,
  parents: readonly Readonly<{ parent: SpanContext; attributes: Attributes }>[],
  work: () => Promise<T>,
): Promise<T> {
  if (parents.length === 0) return work();
  const spans = parents.map(({ parent, attributes }) =>
    tracer.startSpan(name, { kind, attributes }, under(parent)),
  );
  try {
    // What the work itself starts can hang under one span only; the first stands for all.
    return await context.with(trace.setSpan(ROOT_CONTEXT, spans[0]!), work);
  } catch (error) {
    for (const span of spans) fail(span, error);
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(error) });
}
