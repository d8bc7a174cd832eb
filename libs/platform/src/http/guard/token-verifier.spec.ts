import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock } from '@steward/kernel';
import { startTestIssuer, type TestIssuer } from '@steward/testing';
import { TokenVerifier } from './token-verifier.js';

describe('TokenVerifier', () => {
  let issuer: TestIssuer;
  const clock = fixedClock(new Date());
  const verifier = (): TokenVerifier =>
    new TokenVerifier({ issuer: issuer.url, audience: 'platform-api' }, clock);

  beforeAll(async () => {
    issuer = await startTestIssuer();
  });
  afterAll(() => issuer.close());

  it('tells who calls through which client', async () => {
    const parts = verifier();
    await expect(parts.verify(issuer.token('eb1.clerk'))).resolves.toEqual({
      subject: 'eb1.clerk',
      clientId: 'console',
      kind: 'person',
    });
    const partner = issuer.token('demo-partner', { claims: { client_id: undefined, azp: 'demo-partner' } });
    await expect(parts.verify(partner)).resolves.toMatchObject({ clientId: 'demo-partner', kind: 'client' });
  });

  it('fetches the keys once for many tokens', async () => {
    const parts = verifier();
    const before = issuer.keyFetches();
    const tokens = ['a', 'b', 'c', 'd'].map((name) => issuer.token(name));
    await Promise.all(tokens.map((token) => parts.verify(token)));
    expect(issuer.keyFetches() - before).toBe(1);
  });

  it('remembers a verified token, but not beyond its end', async () => {
    const moving = fixedClock(new Date());
    const parts = new TokenVerifier({ issuer: issuer.url, audience: 'platform-api' }, moving);
    const token = issuer.token('eb1.clerk', { expiresIn: 120 });
    const first = await parts.verify(token);
    expect(await parts.verify(token)).toBe(first);
    moving.advance(130_000);
    await expect(parts.verify(token)).rejects.toMatchObject({ code: 'auth.token-expired' });
  });

  it('says that the issuer does not answer, not that the token is bad', async () => {
    const gone = new TokenVerifier({ issuer: 'http://127.0.0.1:1', audience: 'platform-api' }, clock);
    await expect(gone.verify(issuer.token('x'))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'auth.issuer-unreachable',
    });
  });

  it('refuses an issuer that calls itself by another name', async () => {
    const alias = new TokenVerifier(
      { issuer: issuer.url.replace('127.0.0.1', 'localhost'), audience: 'platform-api' },
      clock,
    );
    await expect(alias.verify(issuer.token('x'))).rejects.toMatchObject({
      code: 'auth.issuer-unreachable',
    });
  });
});
