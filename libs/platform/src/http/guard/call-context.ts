import { forbidden, unauthenticated, unavailable, type Clock } from '@steward/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scopeOfGrants, type CallContext, type Grant, type Scope } from '../../context.js';
import type { AccessDirectory } from '../../tokens.js';
import type { RouteAccess } from '../access.js';
import { idempotencyOf, parseIdempotencyKey } from '../idempotency.js';
import { parseIfMatch, READING, takesIfMatch } from '../preconditions.js';
import type { Identity, TokenVerifier } from './token-verifier.js';

/** Milliseconds that the caller's roles may take; nearly always they are in memory. */
const RIGHTS_LIMIT_MS = 4000;
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** What the guard asks. `directory` and `clock` are known only once the service's modules are made. */
export type AccessParts = { verifier: TokenVerifier; directory: AccessDirectory | null; clock: Clock };

function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (!header)
    throw unauthenticated('auth.token-missing', 'An access token is needed: Authorization: Bearer …');
  const token = BEARER.exec(header)?.[1];
  if (!token) throw unauthenticated('auth.token-invalid', 'The access token is not valid here.');
  return token;
}

/** Rights that cannot be looked up now are no rights, and nobody is kept waiting for them. */
async function inTime<T>(answer: Promise<T> | T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, refuse) => {
    const late = () => refuse(unavailable('access.unknown-now', 'Your roles cannot be looked up now.'));
    timer = setTimeout(late, RIGHTS_LIMIT_MS);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

function scopeFor(access: RouteAccess, grants: readonly Grant[], method: string): Scope {
  if (access.kind !== 'roles') {
    return scopeOfGrants(grants, [...new Set(grants.map((grant) => grant.role))], false);
  }
  if (!grants.some((grant) => access.roles.includes(grant.role))) {
    throw forbidden('access.role-missing', 'None of your roles allows this.', { roles: access.roles });
  }
  return scopeOfGrants(grants, access.roles, !READING.has(method));
}

/** The context of one call. Throws 401 without a good token, 403 `access.role-missing` without a fitting role. */
export async function callContext(
  parts: AccessParts,
  request: FastifyRequest,
  access: RouteAccess,
): Promise<CallContext> {
  const identity: Identity = await parts.verifier.verify(bearerToken(request));
  const grants = await inTime(parts.directory?.grantsOf(identity.subject) ?? []);
  const caller = `${identity.clientId}/${identity.subject}`;
  const scope = { ...scopeFor(access, grants, request.method), caller };
  const ifMatch = takesIfMatch(request.method, request.routeOptions.url ?? '')
    ? parseIfMatch(request.headers['if-match'])
    : undefined;
  return {
    actor: { id: identity.subject, kind: identity.kind },
    grants,
    scope,
    clientId: identity.clientId,
    correlationId: request.id,
    now: parts.clock.now(),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
}

/** The digest of the body can only be made once the body is there. */
function addIdempotency(request: FastifyRequest): void {
  const header = request.headers['idempotency-key'];
  if (header === undefined || request.callContext === null || READING.has(request.method)) return;
  const key = parseIdempotencyKey(header)!;
  const route = request.routeOptions.url ?? '';
  const { method, body } = request;
  const idempotency = idempotencyOf(key, { method, route, url: request.raw.url ?? '', body });
  request.callContext = { ...request.callContext, idempotency };
}

/** Guards every route by its declared access, before the body is read, and gives the request its `callContext`. */
export function useAccessGuard(fastify: FastifyInstance, parts: AccessParts): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const access = request.routeOptions.config.access;
    if (request.is404 || access?.kind === 'public') return done();
    if (!access) return done(forbidden('access.not-declared', 'This route is not open to anyone.'));
    callContext(parts, request, access).then((context) => {
      request.callContext = context;
      done();
    }, done);
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    try {
      addIdempotency(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
