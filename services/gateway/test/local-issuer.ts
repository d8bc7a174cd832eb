import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { listen } from './listen.js';

export type TokenOptions = Readonly<{ expiresIn?: number; audience?: string; issuer?: string; foreignKey?: boolean }>;

export type LocalIssuer = Readonly<{
  url: string;
  token(subject: string, claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  close(): Promise<void>;
}>;

const seconds = (): number => Math.floor(Date.now() / 1000);

/** An OIDC issuer with discovery and one key. */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  const own = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    const body = request.url === '/jwks' ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/jwks` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const { url, close } = await listen(server);

  const sign = (subject: string, claims: JWTPayload, options: TokenOptions, key: CryptoKey) =>
    new SignJWT({ client_id: 'console', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject(subject)
      .setIssuer(options.issuer ?? url)
      .setAudience(options.audience ?? 'platform-api')
      .setIssuedAt(seconds() - 120)
      .setExpirationTime(seconds() + (options.expiresIn ?? 600))
      .sign(key);

  return {
    url,
    close,
    token: (subject, claims = {}, options = {}) =>
      sign(subject, claims, options, options.foreignKey ? foreign.privateKey : own.privateKey),
  };
}
