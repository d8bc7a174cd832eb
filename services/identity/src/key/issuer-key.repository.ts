import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Pool } from 'pg';

/** The key that signs tokens (private JWK) and the key that signs the issuer's cookies. */
export type IssuerKeys = Readonly<{ signing: JWK; cookie: string }>;

/**
 * RS256: services verify each token far more often than the issuer signs one. jose on Node 24 verifies RS256 in half the
 * CPU time of ES256 and EdDSA (see README), and every OpenID Connect client knows it.
 */
export const SIGNING_ALGORITHM = 'RS256';

/** Loads the issuer's keys, which are made once: tokens and sessions outlive a restart. Copies that start at once agree. */
export async function loadKeys(pool: Pool): Promise<IssuerKeys> {
  return {
    signing: await keptOrNew(pool, 'token-signing', newSigningKey),
    cookie: await keptOrNew(pool, 'cookie-signing', () =>
      Promise.resolve(randomBytes(32).toString('base64url')),
    ),
  };
}

async function keptOrNew<T>(pool: Pool, purpose: string, make: () => Promise<T>): Promise<T> {
  const select = () => pool.query<{ value: T }>('select value from issuer_key where purpose = $1', [purpose]);
  const kept = (await select()).rows[0];
  if (kept) return kept.value;
  await pool.query('insert into issuer_key (purpose, value) values ($1, $2) on conflict do nothing', [
    purpose,
    JSON.stringify(await make()),
  ]);
  const [row] = (await select()).rows;
  if (!row) throw new Error(`the key ${purpose} was not kept`);
  return row.value;
}

async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: SIGNING_ALGORITHM, use: 'sig' };
}
