import { FastifyAdapter } from '@nestjs/platform-fastify';
import { invalid, unavailable } from '@steward/kernel';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging.js';
import { faultOf, problemOf } from './problems/problem.js';
import { PROBLEM_TYPE, sendFault } from './problems/problem-filter.js';
import type { RequestEnd } from './in-flight.js';
import { REQUEST_PROPERTIES, routeOf } from './request.js';

/** The largest body of a route that does not say otherwise. */
const DEFAULT_BODY_LIMIT = 1024 * 1024;

/** Uploads of imports may take long on a slow line. */
const REQUEST_LIMIT_MS = 30 * 60_000;
/** A connection that does not send its header fields is closed, looked at so often. */
const HEADERS_LIMIT_MS = 10_000;
const CONNECTIONS_CHECKED_MS = 2000;
const MAX_PATH_PARAMETER = 200;
const CORRELATION = /^[A-Za-z0-9._:-]{1,128}$/;

/** The caller's correlation id when it is one, else a new one. */
function correlationId(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION.test(given) ? given : randomUUID();
}

// Errors of the socket itself: no request exists yet, so the answer is written by hand.
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const problem = problemOf(faultOf(Object.assign(new Error('broken'), { statusCode: status })), {
    path: '/',
    correlationId: randomUUID(),
  });
  const body = JSON.stringify(problem);
  const head = [`HTTP/1.1 ${status} ${problem.title}`, `content-type: ${PROBLEM_TYPE}`, 'connection: close'];
  socket.end(`${[...head, `content-length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
}

/** Nest's adapter over a Fastify server with our limits; it has no middleware and no body parser of Nest's. */
export function makeAdapter(options: Readonly<{ bodyLimit?: number; logger: Logger }>): FastifyAdapter {
  const frameworkErrors = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const fault = faultOf(error);
    options.logger.info(
      { status: fault.status, code: fault.code, correlationId: request.id },
      'request refused',
    );
    sendFault(request, reply, fault);
  };
  return new FastifyAdapter({
    logger: false,
    bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
    genReqId: correlationId,
    requestIdHeader: false,
    return503OnClosing: false,
    requestTimeout: REQUEST_LIMIT_MS,
    http: { headersTimeout: HEADERS_LIMIT_MS, connectionsCheckingInterval: CONNECTIONS_CHECKED_MS },
    skipMiddie: true,
    frameworkErrors,
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
  } as ConstructorParameters<typeof FastifyAdapter>[0]) as FastifyAdapter;
}

function checkAddress(url: string): void {
  if (!url.includes('%')) return;
  try {
    if (!decodeURIComponent(url).includes('\u0000')) return;
  } catch {
    // falls through to the same refusal
  }
  throw invalid('request.bad-url', 'The address holds an invalid percent-encoding or a NUL character.');
}

/** What every request passes first: its correlation id goes out again, bad addresses and a stopping service refuse. */
export function useRequestBasics(fastify: FastifyInstance, stopping: AbortSignal): void {
  for (const name of REQUEST_PROPERTIES) fastify.decorateRequest(name, null);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-correlation-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    if (stopping.aborted && !request.url.startsWith('/health/')) {
      reply.header('connection', 'close');
      return done(unavailable('service.stopping', 'The service is stopping. Repeat the request.'));
    }
    try {
      checkAddress(request.raw.url ?? '');
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** One log line per request: no bodies, no query values, no tokens. */
export function requestLog(logger: Logger): (request: FastifyRequest, end: RequestEnd) => void {
  return (request, end) => {
    const route = routeOf(request);
    const quiet = route.startsWith('/health/') || route === '/metrics';
    const traceId = request.span?.spanContext().traceId;
    const line = {
      method: request.method,
      route,
      status: end.status,
      ms: Math.round(end.ms * 100) / 100,
      correlationId: request.id,
      ...(traceId ? { traceId } : {}),
      ...(end.code ? { code: end.code } : {}),
    };
    logger[quiet ? 'debug' : 'info'](line, 'request');
  };
}
