import { hash } from 'node:crypto';
import { unauthenticated, unavailable, type Clock } from '@steward/kernel';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';

/** What a good token proves: who calls, through which client. */
export type Identity = Readonly<{ subject: string; clientId: string; kind: 'person' | 'client' }>;

type Remembered = Readonly<{ identity: Identity; untilMs: number }>;

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_S = 5;
/** A verified token is looked at again after this time, so that a withdrawn signing key does not live on. */
const REMEMBER_MS = 5 * 60_000;
const REMEMBER_TOKENS = 20_000;
const DISCOVERY_RETRY_MS = 1000;
const FETCH_LIMIT_MS = 5000;

// What the issuer's answers can be blamed for; everything else is the token's fault.
const ISSUER_FAULTS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

const unreachable = () =>
  unavailable('auth.issuer-unreachable', 'Tokens cannot be checked now because the issuer does not answer.', {
    retryAfterSeconds: 2,
  });

/**
 * Verifies bearer tokens of one issuer: signature by its published keys, issuer, audience, lifetime. A verified token
 * is remembered by its hash, so that repeated calls do no cryptography.
 */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();
  private keys: Promise<JWTVerifyGetKey> | null = null;
  private failedAtMs = -Infinity;

  constructor(
    private readonly options: Readonly<{ issuer: string; audience: string }>,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.token-expired` or `auth.token-invalid` (401), or `auth.issuer-unreachable` (503). */
  async verify(token: string): Promise<Identity> {
    const digest = hash('sha256', token, 'base64');
    const nowMs = this.clock.now().getTime();
    const known = this.remembered.get(digest);
    if (known && known.untilMs > nowMs) return known.identity;
    const payload = await this.check(token);
    const identity = identityOf(payload);
    this.remember(digest, { identity, untilMs: Math.min(payload.exp! * 1000, nowMs + REMEMBER_MS) });
    return identity;
  }

  private remember(digest: string, entry: Remembered): void {
    this.remembered.delete(digest);
    this.remembered.set(digest, entry);
    if (this.remembered.size <= REMEMBER_TOKENS) return;
    const oldest = this.remembered.keys().next();
    if (!oldest.done) this.remembered.delete(oldest.value);
  }

  private async check(token: string): Promise<JWTPayload> {
    const keys = await this.issuerKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.options.issuer,
        audience: this.options.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      throw tokenProblem(error);
    }
  }

  private issuerKeys(): Promise<JWTVerifyGetKey> {
    if (this.keys) return this.keys;
    if (performance.now() - this.failedAtMs < DISCOVERY_RETRY_MS) return Promise.reject(unreachable());
    this.keys = discover(this.options.issuer).catch(() => {
      this.keys = null;
      this.failedAtMs = performance.now();
      throw unreachable();
    });
    return this.keys;
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_LIMIT_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
  const found = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error('discovery names another issuer');
  return createRemoteJWKSet(new URL(String(found.jwks_uri)), {
    timeoutDuration: FETCH_LIMIT_MS,
    cooldownDuration: 10_000,
    cacheMaxAge: 10 * 60_000,
  });
}

function tokenProblem(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    return unauthenticated('auth.token-expired', 'The access token has expired.');
  }
  if (error instanceof errors.JOSEError && !ISSUER_FAULTS.has(error.code)) {
    return unauthenticated('auth.token-invalid', 'The access token is not valid here.');
  }
  return unreachable();
}

const textClaim = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value : undefined;

function identityOf(payload: JWTPayload): Identity {
  const subject = textClaim(payload.sub);
  if (!subject) throw unauthenticated('auth.token-invalid', 'The access token names no subject.');
  const clientId = textClaim(payload.client_id) ?? textClaim(payload.azp) ?? subject;
  return { subject, clientId, kind: clientId === subject ? 'client' : 'person' };
}
