import { HttpException } from '@nestjs/common';
import { isNativeError } from 'node:util/types';
import type { Fault } from './problem.js';

const BY_CODE: Readonly<Record<string, readonly [code: string, detail: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'request.unsupported-media-type',
    'The body must be sent in a media type of this route, usually application/json.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['request.too-large', 'The body is larger than this route takes.'],
  FST_REQ_FILE_TOO_LARGE: ['request.too-large', 'A file is larger than this route takes.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'request.bad-length',
    'The body is not as long as its Content-Length says.',
  ],
  FST_ERR_BAD_URL: ['request.bad-url', 'The address holds an invalid percent-encoding.'],
  FST_ERR_HANDLER_TIMEOUT: ['request.timeout', 'The request took too long.'],
};

const BY_STATUS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['request.malformed', 'The request is malformed.'],
  401: ['auth.token-missing', 'An access token is needed.'],
  403: ['access.refused', 'The request is not allowed.'],
  404: ['route.not-found', 'There is nothing at this address.'],
  405: ['route.method-not-allowed', 'This address does not take this method.'],
  408: ['request.timeout', 'The request took too long to arrive.'],
  413: ['request.too-large', 'The body is larger than this route takes.'],
  414: ['request.too-large', 'The address is longer than the service takes.'],
  415: ['request.unsupported-media-type', 'The body must be sent in a media type of this route.'],
  431: ['request.too-large', 'The header fields are larger than the service takes.'],
  503: ['service.stopping', 'The service is stopping. Repeat the request.'],
};

function fault(status: number, code: string | undefined): Fault | undefined {
  const known = (code && BY_CODE[code]) || BY_STATUS[status];
  if (!known)
    return status < 500
      ? { status, code: `http.${status}`, detail: 'The request cannot be answered.' }
      : undefined;
  return { status, code: known[0], detail: known[1], ...(status === 503 ? { retryAfterSeconds: 1 } : {}) };
}

/**
 * The fault of an error that Fastify, one of its plugins or Nest threw, or undefined. Their own sentences are not
 * passed on, as some repeat the input.
 */
export function frameworkFault(error: unknown): Fault | undefined {
  if (error instanceof HttpException) return fault(error.getStatus(), undefined);
  // Node's own errors may come from another realm, Fastify's are no native ones.
  if (!(error instanceof Error) && !isNativeError(error)) return undefined;
  const { statusCode, code } = error as Error & { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || (statusCode >= 500 && statusCode !== 503))
    return undefined;
  return fault(statusCode, typeof code === 'string' ? code : undefined);
}
