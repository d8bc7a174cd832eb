import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';

export type LocalIssuer = Readonly<{
  url: string;
  /** How often the key set was fetched. */
  keyFetches(): number;
  token(subject: string, claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  unsigned(subject: string): string;
  close(): Promise<void>;
}>;

export type TokenOptions = Readonly<{
  expiresIn?: number;
  audience?: string;
  issuer?: string;
  foreignKey?: boolean;
}>;

const AUDIENCE = 'platform-api';
const seconds = (): number => Math.floor(Date.now() / 1000);

/** An OIDC issuer with discovery and one key, for tests. */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  const own = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  let keyFetches = 0;
  const server = createServer((request, response) => {
    const known = request.url === '/jwks' || request.url === '/.well-known/openid-configuration';
    if (request.url === '/jwks') keyFetches += 1;
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/jwks` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign = (subject: string, claims: JWTPayload, options: TokenOptions, key: CryptoKey) =>
    new SignJWT({ client_id: 'console', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
      .setSubject(subject)
      .setIssuer(options.issuer ?? url)
      .setAudience(options.audience ?? AUDIENCE)
      .setIssuedAt(seconds() - 120)
      .setExpirationTime(seconds() + (options.expiresIn ?? 600))
      .sign(key);

  return {
    url,
    keyFetches: () => keyFetches,
    token: (subject, claims = {}, options = {}) =>
      sign(subject, claims, options, options.foreignKey ? foreign.privateKey : own.privateKey),
    unsigned: (subject) =>
      new UnsecuredJWT({})
        .setSubject(subject)
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setExpirationTime('10m')
        .encode(),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
