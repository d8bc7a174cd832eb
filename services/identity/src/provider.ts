import Provider, { interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { clientsOf, originAllowed } from './clients.rules.js';
import type { IdentityConfig } from './config.js';
import { oidcEntries } from './entry/oidc-entry.repository.js';
import type { IssuerKeys } from './key/issuer-key.repository.js';
import type { LoginService } from './login/login.service.js';
import { pageHeaders } from './page/layout.js';
import { errorPage, signedOutPage, signOutPage } from './page/pages.js';
import { pickLanguage, type Language } from './page/texts.js';

/** Resource indicators are URIs; the audience in the token is the configured name. Clients never need to name either. */
const PLATFORM = 'urn:steward:platform';
const SCOPES = ['openid', 'profile', 'offline_access'];
const MINUTE = 60;

/** Where the login form of an interaction lives. */
export const LOGIN_PATH = '/login/';

/** The OpenID Connect provider of one running service; storage, keys and people are handed in. */
export function createProvider(
  issuer: string,
  config: IdentityConfig,
  parts: Readonly<{ pool: Pool; keys: IssuerKeys; logins: LoginService }>,
): Provider {
  const provider = new Provider(issuer, {
    adapter: oidcEntries(parts.pool),
    clients: clientsOf(config.webOrigins, config.partners),
    jwks: { keys: [{ ...parts.keys.signing }] },
    cookies: {
      keys: [parts.keys.cookie],
      names: { session: 'steward_session', interaction: 'steward_login', resume: 'steward_resume' },
    },
    scopes: SCOPES,
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin) => originAllowed(origin, config.webOrigins),
    findAccount: (_ctx, login) => accountOf(parts.logins, login),
    interactions: { policy: firstPartyPolicy(), url: (_ctx, interaction) => LOGIN_PATH + interaction.uid },
    loadExistingGrant: grantWithoutConsent,
    issueRefreshToken: (_ctx, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
    features: featuresOf(config),
    ttl: lifetimesOf(config),
    renderError: (ctx, { error, error_description: description }) => {
      const language = languageOf(ctx);
      show(ctx, errorPage(language, description ?? error, description ? error : undefined));
    },
  });
  provider.proxy = issuer.startsWith('https:'); // TLS ends in front of it
  return provider;
}

function featuresOf(config: IdentityConfig): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false }, // access tokens are for the platform; the person's name is in the ID token
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => PLATFORM,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: '',
        audience: config.oidc.audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: config.tokenLifetimeSeconds,
      }),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const returnTo = ctx.oidc.params?.post_logout_redirect_uri;
        show(ctx, signOutPage(languageOf(ctx), form), typeof returnTo === 'string' ? returnTo : undefined);
      },
      postLogoutSuccessSource: (ctx) => show(ctx, signedOutPage(languageOf(ctx))),
    },
  };
}

const lifetimesOf = (config: IdentityConfig): Configuration['ttl'] => ({
  AccessToken: config.tokenLifetimeSeconds,
  ClientCredentials: config.tokenLifetimeSeconds,
  IdToken: config.tokenLifetimeSeconds,
  AuthorizationCode: MINUTE,
  Interaction: 30 * MINUTE,
  Session: config.sessionLifetimeSeconds,
  Grant: config.sessionLifetimeSeconds,
  RefreshToken: config.sessionLifetimeSeconds,
});

/** All clients are first-party: nobody is asked for consent unless the client insists with `prompt=consent`. */
function firstPartyPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const checks = policy.get('consent')?.checks;
  for (const { reason } of [...(checks ?? [])]) if (reason !== 'consent_prompt') checks?.remove(reason);
  return policy;
}

async function grantWithoutConsent(ctx: KoaContextWithOIDC) {
  const { provider, session, client, requestParamScopes } = ctx.oidc;
  if (!session?.accountId || !client) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known ? await provider.Grant.find(known) : undefined) ??
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamScopes].filter((scope) => SCOPES.includes(scope)).join(' '));
  await grant.save();
  return grant;
}

function accountOf(logins: LoginService, login: string) {
  const user = logins.find(login);
  if (!user) return undefined;
  return {
    accountId: user.login,
    claims: () => ({ sub: user.login, name: user.displayName, preferred_username: user.login }),
  };
}

const languageOf = (ctx: KoaContextWithOIDC): Language => {
  const asked = ctx.oidc.params?.ui_locales;
  return pickLanguage(typeof asked === 'string' ? asked : undefined, ctx.get('accept-language'));
};

const show = (ctx: KoaContextWithOIDC, html: string, returnTo?: string): void => {
  ctx.set(pageHeaders(returnTo));
  ctx.body = html;
};
