import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@steward/testing';
import { decodeJwt, decodeProtectedHeader, errors } from 'jose';
import { openPool } from '../src/database.js';
import { deleteExpiredEntries } from '../src/entry/oidc-entry.repository.js';
import { Browser, exchange, pkce, REDIRECT_URI, tokenRequest } from './browser.js';
import { PARTNER, TestIssuer } from './test-issuer.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.start();
}, 60_000);

afterAll(() => issuer?.close());

describe('authorization code with PKCE', () => {
  it('gives a JWT for the platform that proves who calls and nothing more', async () => {
    const proof = pkce();
    const browser = new Browser(issuer.url);
    const code = await browser.signIn('eb1.clerk', proof);
    const { status, headers, body } = await exchange(issuer.url, code, proof);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const { payload } = await issuer.verify(body.access_token);
    expect(payload).toEqual({
      iss: issuer.url,
      aud: 'platform-api',
      sub: 'eb1.clerk',
      client_id: 'steward-web',
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      jti: expect.any(String),
    });
    expect(decodeJwt(body.id_token ?? '')).toMatchObject({ name: '陈静', preferred_username: 'eb1.clerk' });
  });

  it('brings a signed-in browser back without a form, also with another client', async () => {
    const browser = new Browser(issuer.url);
    await browser.signIn('eb1.clerk', pkce());
    const { url } = await browser.authorize(pkce(), {
      client_id: 'steward-cli',
      prompt: 'none',
      scope: 'openid',
      redirect_uri: 'http://localhost:53912/callback',
    });
    expect(url.origin).toBe('http://localhost:53912');
    expect(url.searchParams.get('code')).not.toBeNull();
    expect(url.searchParams.get('state')).toBe('the-state');
  });

  it('shows no consent screen, also when a client asks for one', async () => {
    const code = await new Browser(issuer.url).signIn('eb1.clerk', pkce(), { prompt: 'login consent' });
    expect(code).not.toBe('');
  });

  it('refuses a code without its verifier, with a wrong one, or for another address', async () => {
    const proof = pkce();
    const wrong: Record<string, string>[] = [
      { code_verifier: pkce().verifier },
      { redirect_uri: 'http://127.0.0.1:8081/callback' },
      { client_id: 'steward-cli' },
      { code_verifier: '' },
    ];
    for (const parameters of wrong) {
      const code = await new Browser(issuer.url).signIn('eb1.clerk', proof);
      const { status, body } = await exchange(issuer.url, code, proof, parameters);
      expect({ parameters, status, error: body.error }).toEqual({
        parameters,
        status: 400,
        error: 'invalid_grant',
      });
    }
  });

  it('refuses an authorization without PKCE', async () => {
    const { url } = await new Browser(issuer.url).authorize(pkce(), {
      code_challenge: '',
      code_challenge_method: '',
    });
    expect(url.searchParams.get('error')).toBe('invalid_request');
  });

  it('refuses a redirect address that is not registered, on its own page', async () => {
    for (const address of [
      'https://evil.example/callback',
      'http://127.0.0.1:8080/elsewhere',
      'http://127.0.0.1.evil.example/callback',
    ]) {
      const { url, response } = await new Browser(issuer.url).authorize(pkce(), { redirect_uri: address });
      expect(url.origin).toBe(issuer.url);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('redirect_uri');
    }
  });

  it('lets a code be used once, also by two at the same time; a replay ends what it gave', async () => {
    const proof = pkce();
    const code = await new Browser(issuer.url).signIn('eb1.clerk', proof);
    const answers = await Promise.all(Array.from({ length: 4 }, () => exchange(issuer.url, code, proof)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);

    const next = await new Browser(issuer.url).signIn('eb1.clerk', proof);
    const first = await exchange(issuer.url, next, proof);
    expect(first.status).toBe(200);
    const replay = await exchange(issuer.url, next, proof);
    expect(replay).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const refresh = await tokenRequest(issuer.url, {
      grant_type: 'refresh_token',
      client_id: 'steward-web',
      refresh_token: first.body.refresh_token ?? '',
    });
    expect(refresh.body.error).toBe('invalid_grant');
  });
});

describe('login form', () => {
  const attempt = async (login: string, password: string, more: Record<string, string> = {}) => {
    const browser = new Browser(issuer.url);
    const { url } = await browser.authorize(pkce(), more);
    return browser.open(url, { login, password });
  };

  it('speaks the language of the browser or the request and is never kept', async () => {
    const browser = new Browser(issuer.url);
    const { url, response } = await browser.authorize(pkce(), { ui_locales: 'en', login_hint: 'eb1.clerk' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain(
      "form-action 'self' http://127.0.0.1:8080;",
    );
    const html = await response.text();
    expect(html).toContain('Sign in to Steward');
    expect(html).toContain('value="eb1.clerk"');
    const chinese = await (await browser.open(`${url.href}?lang=zh-CN`)).response.text();
    expect(chinese).toContain('<html lang="zh-CN">');
  });

  it('answers a wrong password and an unknown login alike', async () => {
    const wrong = await attempt('hq.admin', 'wrong');
    const unknown = await attempt('nobody', 'steward');
    expect(wrong.response.status).toBe(403);
    expect(unknown.response.status).toBe(403);
    const [first, second] = [await wrong.response.text(), await unknown.response.text()];
    expect(first).toContain('账号或密码错误');
    expect(first.replaceAll('hq.admin', 'nobody')).toBe(second.replaceAll('hq.admin', 'nobody'));
  });

  it('closes a login for a while after three failures in a row, and only that login', async () => {
    for (let i = 0; i < 3; i += 1) expect((await attempt('eb1.clerk', 'wrong')).response.status).toBe(403);
    const closed = await attempt(' EB1.clerk ', 'steward');
    expect(closed.response.status).toBe(429);
    expect(closed.response.headers.get('retry-after')).toBe('1');
    expect((await attempt('hq.admin', 'steward')).url.searchParams.has('code')).toBe(true);

    issuer.clock.advance(1000);
    expect((await attempt('eb1.clerk', 'steward')).url.searchParams.has('code')).toBe(true);
    expect((await attempt('eb1.clerk', 'wrong')).response.status).toBe(403);
  });

  it('counts guesses made at the same time one by one', async () => {
    const guesses = await Promise.all(Array.from({ length: 8 }, () => attempt('eb9.nobody', 'guess')));
    const judged = guesses.filter(({ response }) => response.status === 403);
    expect(judged).toHaveLength(3);
  });

  it('belongs to one browser, and says so when it has expired', async () => {
    const { url } = await new Browser(issuer.url).authorize(pkce());
    const stranger = await new Browser(issuer.url).open(url, { login: 'hq.admin', password: 'steward' });
    expect(stranger.response.status).toBe(400);
    expect(await stranger.response.text()).toContain('本次登录已过期');
  });

  it('survives a form that is far too large', async () => {
    expect((await attempt('eb8.nobody', 'x'.repeat(100_000))).response.status).toBe(403);
  });
});

describe('client credentials', () => {
  it('gives the partner a token of its own name', async () => {
    const { status, body } = await tokenRequest(issuer.url, PARTNER);
    expect(status).toBe(200);
    const { payload } = await issuer.verify(body.access_token);
    expect(payload).toMatchObject({ sub: 'demo-partner', client_id: 'demo-partner' });
    expect(payload).not.toHaveProperty('scope');
    const basic = `Basic ${Buffer.from(`demo-partner:${PARTNER.client_secret}`).toString('base64')}`;
    const again = await tokenRequest(
      issuer.url,
      { grant_type: 'client_credentials' },
      { authorization: basic },
    );
    expect(again.status).toBe(200);
  });

  it('refuses a wrong secret, a missing one and a public client', async () => {
    const ask = async (changes: Record<string, string>) =>
      (await tokenRequest(issuer.url, { ...PARTNER, ...changes })).status;
    expect(await ask({ client_secret: 'wrong' })).toBe(401);
    expect(await ask({ client_secret: '' })).toBe(401);
    expect(await ask({ client_id: 'steward-cli' })).toBe(401);
    expect(await ask({ client_id: 'nobody' })).toBe(401);
  });
});

describe('refresh, revocation, sign-out', () => {
  const signedIn = async () => {
    const proof = pkce();
    const browser = new Browser(issuer.url);
    const { body } = await exchange(issuer.url, await browser.signIn('hq.admin', proof), proof);
    return { browser, token: body };
  };
  const refresh = (token = '') =>
    tokenRequest(issuer.url, { grant_type: 'refresh_token', client_id: 'steward-web', refresh_token: token });

  it('renews with a refresh token, which is good once', async () => {
    const { token } = await signedIn();
    const renewed = await refresh(token.refresh_token);
    expect((await issuer.verify(renewed.body.access_token)).payload.sub).toBe('hq.admin');
    expect((await refresh(token.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('gives the command line no refresh token', async () => {
    const proof = pkce();
    const code = await new Browser(issuer.url).signIn('hq.admin', proof, { client_id: 'steward-cli' });
    const { status, body } = await exchange(issuer.url, code, proof, { client_id: 'steward-cli' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('revokes a refresh token', async () => {
    const { token } = await signedIn();
    const response = await fetch(`${issuer.url}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'steward-web', token: token.refresh_token ?? '' }),
    });
    expect(response.status).toBe(200);
    expect((await refresh(token.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('signs out: the session and its refresh token end, the browser returns to the console', async () => {
    const { browser, token } = await signedIn();
    const query = new URLSearchParams({
      id_token_hint: token.id_token ?? '',
      post_logout_redirect_uri: 'http://127.0.0.1:8080/',
      ui_locales: 'en',
    });
    const { response } = await browser.open(`/session/end?${query.toString()}`);
    const html = await response.text();
    expect(html).toContain('Sign out of Steward?');
    expect(response.headers.get('content-security-policy')).toContain(
      "form-action 'self' http://127.0.0.1:8080;",
    );
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const { url } = await browser.open('/session/end/confirm', { xsrf, logout: 'yes' });
    expect(url.href).toBe('http://127.0.0.1:8080/');
    expect((await refresh(token.refresh_token)).body.error).toBe('invalid_grant');
    const after = await browser.authorize(pkce(), { prompt: 'none' });
    expect(after.url.searchParams.get('error')).toBe('login_required');
  });
});

describe('tokens over time', () => {
  it('expire after the configured lifetime', async () => {
    const other = await issuer.copy({ port: 0, tokenLifetimeSeconds: 90, issuerUrl: issuer.url });
    const { body } = await tokenRequest(other.url, PARTNER);
    await other.stop();
    const { iat = 0, exp = 0 } = decodeJwt(body.access_token);
    expect(exp - iat).toBe(90);
    await expect(issuer.verify(body.access_token)).resolves.toBeDefined();
    const late = issuer.verify(body.access_token, { currentDate: new Date((iat + 91) * 1000) });
    await expect(late).rejects.toBeInstanceOf(errors.JWTExpired);
  });

  it('stay valid over a restart, as do sessions and refresh tokens', async () => {
    const proof = pkce();
    const browser = new Browser(issuer.url);
    const before = await exchange(issuer.url, await browser.signIn('eb1.clerk', proof), proof);
    await issuer.restart();
    await expect(issuer.verify(before.body.access_token)).resolves.toBeDefined();
    const renewed = await tokenRequest(issuer.url, {
      grant_type: 'refresh_token',
      client_id: 'steward-web',
      refresh_token: before.body.refresh_token ?? '',
    });
    expect(renewed.status).toBe(200);
    const silent = await browser.authorize(pkce(), { prompt: 'none' });
    expect(silent.url.href).toContain(REDIRECT_URI);
    expect(silent.url.searchParams.has('code')).toBe(true);
  });

  it('are signed by one key, however many copies start at once on an empty database', async () => {
    const empty = await createTestDatabase('identity');
    const changes = { port: 0, database: { url: empty.appUrl, migrationUrl: empty.ownerUrl } };
    const copies = await Promise.all([changes, changes, changes].map((change) => issuer.copy(change)));
    const tokens = await Promise.all(copies.map(({ url }) => tokenRequest(url, PARTNER)));
    const kids = tokens.map(({ body }) => decodeProtectedHeader(body.access_token).kid);
    expect(new Set(kids).size).toBe(1);
    expect(decodeProtectedHeader(tokens[0]?.body.access_token ?? '')).toMatchObject({
      alg: 'RS256',
      typ: 'at+jwt',
    });
    await Promise.all(copies.map((copy) => copy.stop()));
    await empty.drop();
  });
});

describe('service', () => {
  it('tells its endpoints, and of its keys only the public halves', async () => {
    const discovery = (await (
      await fetch(`${issuer.url}/.well-known/openid-configuration`)
    ).json()) as object;
    expect(discovery).toMatchObject({
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/jwks`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      grant_types_supported: expect.arrayContaining([
        'authorization_code',
        'client_credentials',
        'refresh_token',
      ]),
      revocation_endpoint: `${issuer.url}/token/revocation`,
      end_session_endpoint: `${issuer.url}/session/end`,
    });
    const { keys } = (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('keeps its name when it is reached under another', async () => {
    const named = await issuer.copy({ port: 0, issuerUrl: 'http://localhost:9000' });
    const { body } = await tokenRequest(named.url, PARTNER);
    await named.stop();
    expect(decodeJwt(body.access_token).iss).toBe('http://localhost:9000');
  });

  it('lets pages of the gateway ask for tokens, and no others', async () => {
    const from = (origin: string) => tokenRequest(issuer.url, PARTNER, { origin });
    const own = await from('http://localhost:8080');
    expect(own.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    const foreign = await from('https://evil.example');
    expect(foreign.status).toBe(400);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers nonsense as the fault of the caller', async () => {
    const replies = await Promise.all([
      tokenRequest(issuer.url, { ...PARTNER, client_id: 'a\0b' }),
      exchange(issuer.url, 'a\0b', pkce()),
      exchange(issuer.url, 'x'.repeat(100_000), pkce()),
      fetch(`${issuer.url}//`),
      fetch(`${issuer.url}/login/%00`),
      fetch(`${issuer.url}/token`, { method: 'POST', body: '{"a":' }),
    ]);
    for (const { status } of replies) expect([400, 401, 404, 413]).toContain(status);
    const browser = new Browser(issuer.url);
    const { url } = await browser.authorize(pkce());
    const { response } = await browser.open(url, { login: 'eb6\0.nobody', password: '\0' });
    expect(response.status).toBe(403);
  });

  it('answers health checks', async () => {
    expect((await fetch(`${issuer.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${issuer.url}/health/ready`)).status).toBe(200);
  });

  it('forgets what has expired', async () => {
    const pool = openPool(issuer.database.appUrl);
    await pool.query(`update oidc_entry set expires_at = clock_timestamp() where model = 'Session'`);
    expect(await deleteExpiredEntries(pool)).toBeGreaterThan(0);
    expect((await pool.query(`select from oidc_entry where model = 'Session'`)).rowCount).toBe(0);
    await pool.end();
  });

  it('refuses production in one plain sentence, before it touches anything', async () => {
    const refused = issuer.copy({
      mode: 'production',
      database: { url: 'postgres://nowhere', migrationUrl: 'postgres://nowhere' },
    });
    await expect(refused).rejects.toThrow(/^The development issuer does not run in production/);
  });
});
