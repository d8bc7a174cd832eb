import rateLimit from '@fastify/rate-limit';
import { tooMany, unauthenticated } from '@steward/kernel';
import type { Identity, TokenVerifier } from '@steward/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from './client.js';

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only interfaces merge
  interface FastifyRequest {
    /** Who calls; set on every route behind the door. */
    caller: Identity | null;
  }
}

export type AdmissionOptions = Readonly<{
  verifier: Pick<TokenVerifier, 'verify'>;
  /** Requests of one client within the window. */
  rate: number;
  rateWindowMs: number;
  trustedProxies: number;
}>;

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const REMEMBERED_CLIENTS = 50_000;

/** The bearer token of a request. Throws 401 when there is none, or something else. */
export function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (!header)
    throw unauthenticated('auth.token-missing', 'An access token is needed: Authorization: Bearer …');
  const token = BEARER.exec(header)?.[1];
  if (!token) throw unauthenticated('auth.token-invalid', 'The access token is not valid here.');
  return token;
}

/** One client for limits: the same subject through another client is another one. */
export const clientKey = (identity: Identity): string => `${identity.clientId} ${identity.subject}`;

/**
 * Makes the two hooks of the door. `known` lets only good tokens in and counts each client for itself, failed attempts
 * against their address; `anyone` counts by address only. Both tell the limits in `RateLimit-*` and answer 429 with
 * `Retry-After` beyond them.
 */
export async function admission(
  fastify: FastifyInstance,
  options: AdmissionOptions,
): Promise<Readonly<{ known: Hook; anyone: Hook }>> {
  await fastify.register(rateLimit, { global: false });
  fastify.decorateRequest('caller', null);
  const shared = { max: options.rate, timeWindow: options.rateWindowMs, cache: REMEMBERED_CLIENTS };
  const byClient = fastify.createRateLimit({
    ...shared,
    keyGenerator: (request) => clientKey(request.caller!),
  });
  const byAddress = fastify.createRateLimit({
    ...shared,
    keyGenerator: (request) => clientOf(request, options.trustedProxies).address,
  });

  const count = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const result = await (request.caller ? byClient(request) : byAddress(request));
    if (result.isAllowed) return;
    reply.header('ratelimit-limit', result.max);
    reply.header('ratelimit-remaining', result.remaining);
    reply.header('ratelimit-reset', result.ttlInSeconds);
    if (!result.isExceeded) return;
    const retryAfterSeconds = Math.max(1, result.ttlInSeconds);
    throw tooMany('gateway.rate-limited', 'Too many requests. Repeat the request later.', {
      retryAfterSeconds,
    });
  };

  const known: Hook = async (request, reply) => {
    let refusal: unknown;
    try {
      request.caller = await options.verifier.verify(bearerToken(request));
    } catch (error) {
      refusal = error;
    }
    await count(request, reply);
    if (refusal) throw refusal as Error;
  };
  return { known, anyone: count };
}
