import { createHash, randomBytes } from 'node:crypto';

export type Token = {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_in: number;
  error?: string;
};

export const REDIRECT_URI = 'http://127.0.0.1:8080/callback';

/** What a public client remembers between the authorization and the exchange. */
export type Pkce = { verifier: string; challenge: string };

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** A browser without a screen: keeps cookies by path, follows redirects of the issuer only. */
export class Browser {
  private readonly cookies = new Map<string, { path: string; pair: string }>();

  constructor(private readonly issuer: string) {}

  /** Requests an address and follows its redirects; ends at a page or at the first address outside the issuer. */
  async open(
    address: string | URL,
    form?: Record<string, string>,
  ): Promise<{ url: URL; response: Response }> {
    let url = new URL(address, this.issuer);
    let body = form && new URLSearchParams(form);
    for (;;) {
      const cookie = [...this.cookies.values()].filter(({ path }) => url.pathname.startsWith(path));
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: cookie.map(({ pair }) => pair).join('; ') },
        ...(body && { method: 'POST', body }),
      });
      for (const line of response.headers.getSetCookie()) this.keep(line);
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      url = new URL(location, url);
      body = undefined;
      if (url.origin !== this.issuer) return { url, response };
    }
  }

  authorize(
    { challenge }: Pkce,
    more: Record<string, string> = {},
  ): Promise<{ url: URL; response: Response }> {
    const query = new URLSearchParams({
      client_id: 'steward-web',
      response_type: 'code',
      scope: 'openid profile',
      redirect_uri: REDIRECT_URI,
      state: 'the-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    });
    return this.open(`/auth?${query.toString()}`);
  }

  /** Authorizes, fills in the login form and gives the callback's code. */
  async signIn(login: string, proof: Pkce, more: Record<string, string> = {}): Promise<string> {
    const form = await this.authorize(proof, more);
    const { url } = await this.open(form.url, { login, password: 'steward' });
    const code = url.searchParams.get('code');
    if (code === null) throw new Error(`no code at ${url.href}`);
    return code;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (attributes.some((attribute) => attribute.includes('01 Jan 1970'))) this.cookies.delete(path + name);
    else this.cookies.set(path + name, { path, pair });
  }
}

/** Asks the token endpoint; gives status and answer. */
export async function tokenRequest(
  issuer: string,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Token }> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(parameters),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Token };
}

export const exchange = (issuer: string, code: string, proof: Pkce, more: Record<string, string> = {}) =>
  tokenRequest(issuer, {
    grant_type: 'authorization_code',
    client_id: 'steward-web',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: proof.verifier,
    ...more,
  });
