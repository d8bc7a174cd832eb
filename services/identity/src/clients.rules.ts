import type { ClientMetadata } from 'oidc-provider';
import type { PartnerClient } from './config.js';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
// RFC 8252: a native client's loopback address matches with any port, which also suits a gateway on a port of its choice.
const LOOPBACK_ORIGINS = LOOPBACK_HOSTS.map((host) => `http://${host}`);
const WEB_PATHS = ['/callback', '/docs/oauth2-redirect.html'];

/** Whether the address names this machine only. */
export const isLoopback = (url: string): boolean => LOOPBACK_HOSTS.includes(new URL(url).hostname);

const join = (origins: readonly string[], paths: readonly string[]): string[] =>
  origins.flatMap((origin) => paths.map((path) => origin + path));

const publicClient = (id: string, name: string): ClientMetadata => ({
  client_id: id,
  client_name: name,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  response_types: ['code'],
});

const partnerClient = ({ clientId, clientSecret }: PartnerClient): ClientMetadata => ({
  client_id: clientId,
  client_secret: clientSecret,
  client_name: clientId,
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
});

/**
 * The issuer's clients: `steward-web` (public, code + PKCE, refresh), `steward-cli` (public, code + PKCE, short-lived)
 * and the partners. `webOrigins` are the console's origins; those that are not loopback are registered literally.
 */
export function clientsOf(
  webOrigins: readonly string[],
  partners: readonly PartnerClient[],
): ClientMetadata[] {
  const origins = [...LOOPBACK_ORIGINS, ...webOrigins.filter((origin) => !isLoopback(origin))];
  return [
    {
      ...publicClient('steward-web', 'Steward'),
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: join(origins, WEB_PATHS),
      post_logout_redirect_uris: join(origins, ['/']),
    },
    {
      ...publicClient('steward-cli', 'Steward CLI'),
      grant_types: ['authorization_code'],
      redirect_uris: join(LOOPBACK_ORIGINS, ['/callback']),
    },
    ...partners.map(partnerClient),
  ];
}

/** Whether a page of this origin may call the token endpoint; loopback host names with the same port are one origin. */
export function originAllowed(origin: string, webOrigins: readonly string[]): boolean {
  if (webOrigins.includes(origin)) return true;
  const parsed = URL.parse(origin);
  if (parsed === null || !isLoopback(origin)) return false;
  return webOrigins.some((allowed) => isLoopback(allowed) && new URL(allowed).port === parsed.port);
}
