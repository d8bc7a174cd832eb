import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Histogram,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestEnd } from '../http/in-flight.js';
import { routeOf } from '../http/request.js';
import type { Telemetry } from './telemetry.js';

/** A server span and a duration measurement for every request; the span is active in hooks and handlers. */
export class RequestTelemetry {
  private readonly durations: Histogram;

  constructor(private readonly telemetry: Telemetry) {
    this.durations = telemetry.durations(
      'http.server.request.duration',
      'Duration of HTTP requests by route',
    );
  }

  /** Adds the hooks that start spans; has to come before every hook whose work belongs to the span. */
  use(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.start(request);
      context.with(request.traceContext!, done);
    });
    // Reading a body continues in the socket's own context, so the handler has to be given the request's again.
    fastify.addHook('preValidation', (request, _reply, done) => {
      if (request.body === undefined || !request.traceContext) return done();
      context.with(request.traceContext, done);
    });
  }

  private start(request: FastifyRequest): void {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const name = `${request.method} ${routeOf(request)}`;
    const span = this.telemetry.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    request.span = span;
    request.traceContext = trace.setSpan(parent, span);
  }

  /** Ends the request's span and measures it. */
  end(request: FastifyRequest, end: RequestEnd): void {
    const attributes = {
      'http.request.method': request.method,
      'http.route': routeOf(request),
      'http.response.status_code': end.status,
    };
    this.durations.record(end.ms / 1000, attributes);
    const span = request.span;
    if (!span) return;
    if (span.isRecording()) {
      span.setAttributes({ ...attributes, 'steward.correlation_id': request.id });
      if (end.code) span.setAttribute('error.type', end.code);
      if (end.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }
}
