import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a token says besides its subject; what is left out is as the platform expects it. */
export type TestTokenOptions = Readonly<{
  audience?: string;
  clientId?: string;
  issuer?: string;
  /** Seconds from now; negative = expired. */
  expiresIn?: number;
  /** Signs with a key that the issuer does not publish. */
  foreignKey?: boolean;
  /** Leaves the signature out, as the algorithm `none` allows. */
  unsigned?: boolean;
  /** More claims, or others in place of the usual ones; undefined leaves one out. */
  claims?: Readonly<Record<string, unknown>>;
}>;

export type TestIssuer = Readonly<{
  /** The issuer's address, for `OIDC_ISSUER`. */
  url: string;
  /** An access token of a subject; for a machine client give the same text as `clientId`. */
  token(subject: string, options?: TestTokenOptions): string;
  /** How often its keys were fetched. */
  keyFetches(): number;
  close(): Promise<void>;
}>;

const KEY_ID = 'test-key';
const AUDIENCE = 'platform-api';
const LIFETIME_S = 3600;
const SKEW_S = 60;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const unsigned = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.`;

function signed(key: KeyObject, claims: object): string {
  const body = `${part({ alg: 'ES256', typ: 'at+jwt', kid: KEY_ID })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

function claimsOf(
  subject: string,
  { audience = AUDIENCE, clientId = 'console', issuer, expiresIn = LIFETIME_S, claims }: TestTokenOptions,
): object {
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: issuer, sub: subject, aud: audience, client_id: clientId, jti: randomUUID() };
  return { ...usual, iat: now - SKEW_S, exp: now + expiresIn, ...claims };
}

/** Starts an OpenID Connect issuer with discovery and one key on a free port of 127.0.0.1; it signs whatever a test asks for. */
export async function startTestIssuer(): Promise<TestIssuer> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  let keyFetches = 0;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') keyFetches += 1;
    const documents: Record<string, object> = {
      '/jwks': { keys: [jwk] },
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/jwks` },
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    token: (subject, options = {}) => {
      const claims = claimsOf(subject, { issuer: url, ...options });
      if (options.unsigned) return unsigned(claims);
      return signed(options.foreignKey ? foreign.privateKey : own.privateKey, claims);
    },
    keyFetches: () => keyFetches,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
