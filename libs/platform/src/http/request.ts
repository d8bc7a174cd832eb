import type { Context, Span } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { CallContext } from '../context.js';
import type { RouteAccess } from './access.js';

/* eslint-disable @typescript-eslint/consistent-type-definitions -- only an interface can be added to */
declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls and what for; null on public routes. */
    callContext: CallContext | null;
    /** The code of the problem that was answered, for the log line. */
    problemCode: string | null;
    span: Span | null;
    traceContext: Context | null;
  }
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
}

/** The request's properties that this library adds, declared once so that every request has the same shape. */
export const REQUEST_PROPERTIES = ['callContext', 'problemCode', 'span', 'traceContext'] as const;

/** The pattern of a request's route (`/api/v1/tickets/:id`): few values, and none of the caller's. */
export const routeOf = (request: FastifyRequest): string =>
  request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
