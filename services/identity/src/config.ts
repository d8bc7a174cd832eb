import {
  ConfigError,
  databaseEnv,
  developmentDefault,
  parseConfig,
  serviceConfig,
  serviceEnv,
  withPassword,
  type Env,
  type ServiceConfig,
} from '@steward/platform';
import { z } from 'zod';
import { isLoopback } from './clients.rules.js';

/** A person who may sign in at the development issuer; `login` becomes the token's subject. Roles are organisation's data. */
export type DemoUser = Readonly<{ login: string; displayName: string }>;

/** A machine client that fetches its own tokens by client credentials. */
export type PartnerClient = Readonly<{ clientId: string; clientSecret: string }>;

/** Everything the issuer needs to know. Of `oidc` it uses the audience: that is the `aud` of access tokens. */
export type IdentityConfig = ServiceConfig &
  Readonly<{
    /** The issuer's public origin, the same over restarts; by default the address listened on. */
    issuerUrl?: string | undefined;
    /** Connections of the application role and, for migrations only, of the owner. */
    database: Readonly<{ url: string; migrationUrl?: string; migrate?: boolean }>;
    tokenLifetimeSeconds: number;
    /** How long a browser stays signed in, and a refresh token can be used. */
    sessionLifetimeSeconds: number;
    /** Origins whose pages may call the token endpoint: the gateway's. */
    webOrigins: readonly string[];
    users: readonly DemoUser[];
    developmentPassword: string;
    partners: readonly PartnerClient[];
  }>;

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an address (http, https)' })
  .refine((url) => new URL(url).origin === url.replace(/\/$/, ''), 'must be an origin without a path')
  .transform((url) => new URL(url).origin);
const webOrigin = origin.refine(
  (url) => url.startsWith('https:') || isLoopback(url),
  'must be https unless it is loopback',
);
const originList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ) // prettier-ignore
  .pipe(z.array(webOrigin));

const json = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
const demoUsers = z.array(
  z.strictObject({ login: z.string().trim().min(1).max(100), displayName: z.string().min(1).max(200) }),
);
const seconds = z.coerce.number().int().positive();

/** The issuer's environment variables: those of every service and its own. */
export const identityEnv = serviceEnv.extend({
  ISSUER_URL: origin.optional(),
  ...databaseEnv.shape,
  TOKEN_LIFETIME_SECONDS: seconds.default(3600),
  SESSION_LIFETIME_SECONDS: seconds.default(43_200),
  WEB_ORIGINS: originList.default(['http://127.0.0.1:8080']),
  DEMO_USERS: json.pipe(demoUsers),
  DEV_PASSWORD: developmentDefault(z.string().min(1), 'steward'),
  DEMO_PARTNER_SECRET: z.string().min(16, 'must have at least 16 characters'),
});

/** Reads the issuer's settings. Throws `ConfigError` listing every problem, or `DevelopmentOnlyError`. */
export function configFromEnv(env: Env = process.env): IdentityConfig {
  refuseProduction(env.NODE_ENV);
  const value = parseConfig(identityEnv, env);
  return {
    ...serviceConfig(value),
    issuerUrl: value.ISSUER_URL,
    database: {
      url: withPassword(value.DATABASE_URL, value.DATABASE_PASSWORD),
      ...(value.MIGRATION_URL
        ? { migrationUrl: withPassword(value.MIGRATION_URL, value.MIGRATION_PASSWORD) }
        : {}),
      migrate: value.MIGRATE_ON_START,
    },
    tokenLifetimeSeconds: value.TOKEN_LIFETIME_SECONDS,
    sessionLifetimeSeconds: value.SESSION_LIFETIME_SECONDS,
    webOrigins: value.WEB_ORIGINS,
    users: value.DEMO_USERS,
    developmentPassword: value.DEV_PASSWORD,
    partners: [{ clientId: 'demo-partner', clientSecret: value.DEMO_PARTNER_SECRET }],
  };
}

/** Throws `DevelopmentOnlyError` in production mode: a shared password must not open accounts there. */
export function refuseProduction(mode: string | undefined): void {
  if (mode === 'production') throw new DevelopmentOnlyError();
}

/** The issuer was started in production mode; the message is one sentence that says what to do instead. */
export class DevelopmentOnlyError extends ConfigError {
  constructor() {
    super(['NODE_ENV: is production']);
    this.message =
      'The development issuer does not run in production: point OIDC_ISSUER of the services to your own OpenID Connect issuer.';
  }
}
