import { startTestIssuer, type TestIssuer } from '@steward/testing';
import {
  createApp,
  configFromEnv,
  type GatewayConfig,
  type ReferenceSource,
  type SourceListener,
} from '../src/index.js';
import { API_SERVICES, type ApiService } from '../src/routing/api-services.rules.js';
import { startFixtureUpstream, type FixtureUpstream } from './fixture-upstream.js';

type Deep<T> = { [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] };

/** A source of references that a test feeds by hand. */
export type FakeSource = ReferenceSource & { listener: SourceListener | null };

export function fakeSource(): FakeSource {
  const source: FakeSource = {
    listener: null,
    start: (listener) => void (source.listener = listener),
    stop: () => Promise.resolve(),
    health: () => ({ ok: true }),
  };
  return source;
}

export type Harness = Readonly<Record<ApiService, FixtureUpstream>> &
  Readonly<{
    url: string;
    issuer: TestIssuer;
    source: FakeSource;
    /** The header of a good token of this subject. */
    as(subject: string, clientId?: string): Record<string, string>;
    get(path: string, headers?: Record<string, string>): Promise<Response>;
    stop(): Promise<void>;
  }>;

function merged<T extends object>(base: T, over: Deep<T>): T {
  const entries = Object.entries(over).map(([name, value]) => {
    const own = (base as Record<string, unknown>)[name];
    const nested = value !== null && typeof value === 'object' && !Array.isArray(value);
    return [name, nested ? merged(own ?? {}, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) } as T;
}

/** A gateway before services of a few lines and an issuer. */
export async function startHarness(
  overrides: Deep<GatewayConfig> = {},
  options: Readonly<{ nowMs?: () => number }> = {},
): Promise<Harness> {
  const issuer = await startTestIssuer();
  const named = await Promise.all(
    API_SERVICES.map(async (name) => [name, await startFixtureUpstream(name)] as const),
  );
  const upstreams = Object.fromEntries(named) as Record<ApiService, FixtureUpstream>;
  const config = configFromEnv({
    NODE_ENV: 'test',
    LINGER_MS: '0',
    PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_MS: '2000',
    OIDC_ISSUER: issuer.url,
    ...Object.fromEntries(named.map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url])),
    RATE_LIMIT: '100000',
  });
  const source = fakeSource();
  const service = await createApp(merged(config, overrides), { source, ...options });
  const as = (subject: string, clientId = 'console'): Record<string, string> => ({
    authorization: `Bearer ${issuer.token(subject, { clientId })}`,
  });
  return {
    url: service.url,
    issuer,
    ...upstreams,
    source,
    as,
    get: (path, headers = {}) => fetch(service.url + path, { headers, redirect: 'manual' }),
    stop: async () => {
      await service.stop();
      await Promise.all([issuer, ...Object.values(upstreams)].map((part) => part.close()));
    },
  };
}

/** The body of an answer, as JSON of any form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- specs look at many forms
export const bodyOf = async (response: Response): Promise<any> => response.json();
