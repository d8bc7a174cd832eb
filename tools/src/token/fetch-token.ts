import { createHash, randomBytes } from 'node:crypto';
import { CookieJar } from './cookie-jar.js';
import { SignInError } from './sign-in-error.js';

/** What to sign in with: a demo user with code + PKCE, or a client with its secret. */
export type PersonSignIn = Readonly<{ issuer: string; login: string; password: string; client?: string }>;
export type ClientSignIn = Readonly<{ issuer: string; client: string; secret: string }>;

/** An access token and the instant at which it ends. */
export type FetchedToken = Readonly<{ token: string; expiresAt: Date }>;

// Any port of the loopback address is allowed; nothing listens there, the answer is read from the redirect itself.
const REDIRECT_URI = 'http://127.0.0.1/callback';
const MOST_STEPS = 10;
const TIMEOUT_MS = 10_000;

/**
 * Signs a demo user in at the development issuer without a browser: authorization, login form, callback, code exchange.
 * Gives the access token. Throws `SignInError` with a sentence for people when the issuer does not answer or refuses.
 */
export async function fetchToken(signIn: PersonSignIn): Promise<string> {
  return (await signInPerson(signIn)).token;
}

/** Fetches an access token by client credentials. Errors as `fetchToken`. */
export async function fetchClientToken(signIn: ClientSignIn): Promise<string> {
  return (await signInClient(signIn)).token;
}

/** Like `fetchToken`, with the end of the token's life. */
export async function signInPerson({
  issuer,
  login,
  password,
  client = 'steward-cli',
}: PersonSignIn): Promise<FetchedToken> {
  const { authorization_endpoint: authorize, token_endpoint: exchange } = await discover(issuer);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('base64url');
  const start = new URL(authorize);
  start.search = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT_URI,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const callback = await walk(start, { login, password });
  if (callback.searchParams.get('state') !== state)
    throw new SignInError('The issuer answered another sign-in.');
  return requestToken(exchange, {
    grant_type: 'authorization_code',
    client_id: client,
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  });
}

/** Like `fetchClientToken`, with the end of the token's life. */
export async function signInClient({ issuer, client, secret }: ClientSignIn): Promise<FetchedToken> {
  const { token_endpoint: exchange } = await discover(issuer);
  return requestToken(exchange, {
    grant_type: 'client_credentials',
    client_id: client,
    client_secret: secret,
  });
}

/** The ids of the keys that the issuer signs with now. */
export async function signingKeyIds(issuer: string): Promise<string[]> {
  const { jwks_uri: address } = await discover(issuer);
  const { keys } = (await (await call(new URL(address))).json()) as { keys: { kid: string }[] };
  return keys.map((key) => key.kid);
}

type Discovery = { authorization_endpoint: string; token_endpoint: string; jwks_uri: string };

async function discover(issuer: string): Promise<Discovery> {
  const response = await call(new URL('/.well-known/openid-configuration', issuer));
  if (!response.ok)
    throw new SignInError(`No OpenID Connect issuer answers at ${issuer} (HTTP ${response.status}).`);
  return (await response.json()) as Discovery;
}

/** Follows the redirects from the authorization to the callback and fills in the login form on the way. */
async function walk(start: URL, credentials: { login: string; password: string }): Promise<URL> {
  const jar = new CookieJar();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const cookie = jar.header(url);
    const response = await call(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'accept-language': 'en', ...(cookie && { cookie }) },
      ...(form && { method: 'POST', body: form }),
    });
    jar.keep(response);
    const location = response.headers.get('location');
    if (location === null) {
      if (form || response.status !== 200) throw await refusal(response, credentials.login);
      form = new URLSearchParams(credentials);
      continue;
    }
    form = undefined;
    url = new URL(location, url);
    if (url.href.startsWith(REDIRECT_URI)) return accepted(url);
  }
  throw new SignInError('The issuer redirects in a circle.');
}

function accepted(callback: URL): URL {
  const error = callback.searchParams.get('error');
  if (error === null) return callback;
  throw new SignInError(`The issuer refused: ${callback.searchParams.get('error_description') ?? error}.`);
}

async function refusal(response: Response, login: string): Promise<SignInError> {
  if (response.status === 403) return new SignInError(`Login "${login}" or its password is wrong.`);
  if (response.status === 429) {
    return new SignInError(
      `Too many attempts for "${login}"; try again in ${response.headers.get('retry-after') ?? 'some'} s.`,
    );
  }
  const text = (await response.text()).replace(/<style>.*?<\/style>/s, '').replace(/<[^>]*>/g, ' ');
  return new SignInError(`The issuer answered HTTP ${response.status}: ${text.replace(/\s+/g, ' ').trim()}`);
}

async function requestToken(endpoint: string, parameters: Record<string, string>): Promise<FetchedToken> {
  const response = await call(new URL(endpoint), { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = (await response.json()) as {
    access_token?: string;
    expires_in?: number;
    error?: string;
    error_description?: string;
  };
  if (!response.ok || answer.access_token === undefined) {
    throw new SignInError(
      `The issuer gave no token: ${answer.error_description ?? answer.error ?? response.status}.`,
    );
  }
  return { token: answer.access_token, expiresAt: new Date(Date.now() + (answer.expires_in ?? 0) * 1000) };
}

async function call(url: URL, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new SignInError(
      `Nothing answers at ${url.origin}. Is the platform running? Start it with "npm start".`,
      {
        cause,
      },
    );
  }
}
