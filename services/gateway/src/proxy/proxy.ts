import type { Readable } from 'node:stream';
import type { Fault } from '@steward/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { GatewayConfig } from '../config.js';
import { answerFault } from '../door/answer-fault.js';
import { clientKey } from '../door/admission.js';
import { clientOf } from '../door/client.js';
import type { ApiService } from '../routing/api-services.rules.js';
import { announcedLength, hasBody, limitedBody, takeIn, TAKEN_IN_BYTES } from './body.js';
import type { Passage } from './circuit.js';
import { Exchange, type Outcome } from './exchange.js';
import { hopFault, PLACE_FAULTS, refusalFault, tooLarge } from './faults.js';
import { requestHeaders, traceHeaders } from './headers.js';
import type { HopMetrics } from './hop-metrics.js';
import type { Entrant, Refusal, Upstreams } from './upstream.js';

export type Hop = Readonly<{ service: ApiService; route: string; upload: boolean }>;

type Settings = Pick<GatewayConfig, 'limits' | 'timeouts' | 'trustedProxies'>;

type Body = Readable | Buffer | null;

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Refused connections of a service that restarts are tried again so often, for reading requests only. */
const RETRIES = 2;

const isRefusal = (entered: Passage | Refusal): entered is Refusal => 'reason' in entered;

// undici documents iterables as bodies, its types leave them out.
const asBody = (chunks: AsyncIterable<Buffer>): Readable => chunks as unknown as Readable;

/** Passes requests to the services and their answers back, within the limits of each service and of all. */
export class Proxy {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly settings: Settings,
    private readonly metrics: HopMetrics,
  ) {}

  /** Answers the request, sooner or later, in every case. */
  forward(request: FastifyRequest, reply: FastifyReply, hop: Hop): void {
    const { raw } = request;
    const limit = hop.upload ? this.settings.limits.uploadBytes : this.settings.limits.bodyBytes;
    const length = announcedLength(raw);
    if (length !== null && length > limit) return this.refuse(request, reply, hop, tooLarge(limit));
    const caller = request.caller ? clientKey(request.caller) : '';
    const noPlace = this.upstreams.places.enter(caller);
    if (noPlace) return this.refuse(request, reply, hop, PLACE_FAULTS[noPlace]);
    if (raw.method === 'GET' || raw.method === 'HEAD' || !hasBody(raw))
      return this.enter(request, reply, hop, { caller, streamed: false }, null);
    if (length === null || length > TAKEN_IN_BYTES)
      return this.enter(request, reply, hop, { caller, streamed: true }, asBody(limitedBody(raw, limit)));
    takeIn(raw, this.settings.timeouts.deadlineMs, (error, body) => {
      if (error === null && !reply.raw.destroyed)
        return this.enter(request, reply, hop, { caller, streamed: false }, body);
      this.upstreams.places.leave(caller);
      if (error && !reply.raw.destroyed) this.refuse(request, reply, hop, hopFault(hop.service, error).fault);
    });
  }

  /** Goes on with a request that holds one of the places of all. */
  private enter(request: FastifyRequest, reply: FastifyReply, hop: Hop, entrant: Entrant, body: Body): void {
    const { places } = this.upstreams;
    const upstream = this.upstreams.get(hop.service);
    const entered = upstream.enter(entrant);
    if (isRefusal(entered)) {
      places.leave(entrant.caller);
      return this.refuse(request, reply, hop, refusalFault(hop.service, entered));
    }
    const startedMs = performance.now();
    const done = (outcome: Outcome): void => {
      upstream.leave(entrant);
      places.leave(entrant.caller);
      this.metrics.passed(hop, outcome, performance.now() - startedMs);
    };
    const { deadlineMs, uploadDeadlineMs } = this.settings.timeouts;
    new Exchange(request, reply, upstream, entered, {
      dispatch: this.dispatchOptions(request, hop, body),
      deadlineMs: hop.upload ? null : deadlineMs,
      stallMs: hop.upload ? uploadDeadlineMs : deadlineMs,
      retries: READING.has(request.method) ? RETRIES : 0,
      done,
    }).start();
  }

  private dispatchOptions(request: FastifyRequest, hop: Hop, body: Body): Dispatcher.DispatchOptions {
    const { raw } = request;
    const { deadlineMs, uploadDeadlineMs } = this.settings.timeouts;
    const client = clientOf(request, this.settings.trustedProxies);
    const forwarded = {
      for: client.forwardedFor,
      host: client.host,
      proto: client.proto,
      correlationId: request.id,
    };
    const headers = requestHeaders(raw.headers, forwarded, !READING.has(request.method));
    Object.assign(headers, traceHeaders(request));
    return {
      path: raw.url!,
      method: raw.method as Dispatcher.HttpMethod,
      headers,
      body,
      headersTimeout: hop.upload ? uploadDeadlineMs : 0,
      bodyTimeout: hop.upload ? uploadDeadlineMs : deadlineMs,
    };
  }

  private refuse(request: FastifyRequest, reply: FastifyReply, hop: Hop, fault: Fault): void {
    this.metrics.passed(hop, { status: fault.status, code: fault.code }, 0);
    answerFault(request, reply, fault);
  }
}
