import type { Fault } from '@steward/platform';
import type { NoPlace } from './places.js';
import type { Refusal } from './upstream.js';

/** What went wrong between the door and a service, and whether it speaks against the service. */
export type HopFault = Readonly<{ fault: Fault; blamesUpstream: boolean }>;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

export const overloaded: Fault = {
  status: 503,
  code: 'gateway.overloaded',
  detail: 'Too many requests are running now. Repeat the request in a moment.',
  retryAfterSeconds: 1,
};

export const beyondShare: Fault = {
  status: 429,
  code: 'gateway.too-many-at-once',
  detail: 'Too many of your requests are running now. Wait for answers before you send more.',
  retryAfterSeconds: 1,
};

/** What to answer when there is no place for a request. */
export const PLACE_FAULTS: Readonly<Record<NoPlace, Fault>> = { full: overloaded, share: beyondShare };

export const circuitOpen = (service: string, retryAfterMs: number): Fault => ({
  status: 503,
  code: 'gateway.unavailable',
  detail: `The service ${service} does not answer now. Repeat the request in a moment.`,
  params: { service },
  retryAfterSeconds: seconds(retryAfterMs),
});

const timeout = (service: string): Fault => ({
  status: 504,
  code: 'gateway.timeout',
  detail: `The service ${service} did not answer in time. A command may have been carried out; repeat it with the same Idempotency-Key.`,
  params: { service },
  retryAfterSeconds: 2,
});

export const badUpstream = (service: string): Fault => ({
  status: 502,
  code: 'gateway.bad-upstream',
  detail: `The service ${service} broke off its answer. A command may have been carried out; repeat it with the same Idempotency-Key.`,
  params: { service },
  retryAfterSeconds: 2,
});

/** What to answer when a service is not asked at all. */
export const refusalFault = (service: string, refusal: Refusal): Fault =>
  refusal.reason === 'open' ? circuitOpen(service, refusal.retryAfterMs) : PLACE_FAULTS[refusal.reason];

const bodyTooSlow: Fault = {
  status: 408,
  code: 'request.timeout',
  detail: 'The body of the request took too long to arrive.',
};

const malformed: Fault = {
  status: 400,
  code: 'request.malformed',
  detail: 'The request cannot be passed on as it is.',
};

export const tooLarge = (limit: number): Fault => ({
  status: 413,
  code: 'request.too-large',
  detail: `The body is larger than the ${limit} bytes that this address takes.`,
  params: { limit },
});

/** Thrown into a request's body when it grows beyond its limit. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  constructor(readonly limit: number) {
    super(`body larger than ${limit} bytes`);
  }
}

/** The time for the answer is over; `bodyMissing` when the client had not sent its whole request by then. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  constructor(readonly bodyMissing: boolean) {
    super('deadline exceeded');
  }
}

/** The request itself cannot be written down for the service; the client sent it so. */
const NOT_SENDABLE = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The code of a system or undici error; empty when it has none. */
export function codeOf(error: unknown): string {
  const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** What to answer for a failed hop. */
export function hopFault(service: string, error: unknown): HopFault {
  if (error instanceof BodyTooLargeError) return { fault: tooLarge(error.limit), blamesUpstream: false };
  if (error instanceof DeadlineError) {
    return error.bodyMissing
      ? { fault: bodyTooSlow, blamesUpstream: false }
      : { fault: timeout(service), blamesUpstream: true };
  }
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { fault: timeout(service), blamesUpstream: true };
  if (NOT_SENDABLE.has(code)) return { fault: malformed, blamesUpstream: false };
  if (UNREACHABLE.has(code)) return { fault: circuitOpen(service, 1000), blamesUpstream: true };
  return { fault: badUpstream(service), blamesUpstream: true };
}
