import { describe, expect, it } from '@jest/globals';
import { clientsOf, originAllowed } from './clients.rules.js';

const client = (id: string, origins: string[] = []) =>
  clientsOf(origins, [{ clientId: 'demo-partner', clientSecret: 'x'.repeat(16) }]).find(
    (metadata) => metadata.client_id === id,
  );

describe('clients', () => {
  it('gives the web client loopback addresses, and other origins literally', () => {
    const redirects = client('steward-web', ['http://127.0.0.1:8080', 'https://demo.example'])?.redirect_uris;
    expect(redirects).toEqual(
      expect.arrayContaining(['http://localhost/callback', 'https://demo.example/callback']),
    );
    expect(redirects?.every((uri) => !uri.includes(':8080'))).toBe(true);
  });

  it('lets browsers and the terminal in by code without a secret, partners by their secret alone', () => {
    const loopback = ['http://127.0.0.1', 'http://localhost', 'http://[::1]'];
    const open = { application_type: 'native', token_endpoint_auth_method: 'none', response_types: ['code'] };
    expect(client('steward-web')).toEqual({
      ...open,
      client_id: 'steward-web',
      client_name: 'Steward',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: loopback.flatMap((origin) => [
        `${origin}/callback`,
        `${origin}/docs/oauth2-redirect.html`,
      ]),
      post_logout_redirect_uris: loopback.map((origin) => `${origin}/`),
    });
    expect(client('steward-cli')).toEqual({
      ...open,
      client_id: 'steward-cli',
      client_name: 'Steward CLI',
      grant_types: ['authorization_code'],
      redirect_uris: loopback.map((origin) => `${origin}/callback`),
    });
    expect(client('demo-partner')).toEqual({
      client_id: 'demo-partner',
      client_secret: 'x'.repeat(16),
      client_name: 'demo-partner',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    });
  });

  it('gives refresh tokens to the web client only', () => {
    expect(client('steward-web')?.grant_types).toContain('refresh_token');
    expect(client('steward-cli')?.grant_types).toEqual(['authorization_code']);
    expect(client('demo-partner')?.grant_types).toEqual(['client_credentials']);
  });
});

describe('origins that may call the token endpoint', () => {
  const allowed = ['http://127.0.0.1:8080', 'https://demo.example'];
  it.each([
    ['http://127.0.0.1:8080', true],
    ['http://localhost:8080', true],
    ['http://[::1]:8080', true],
    ['http://localhost:8081', false],
    ['https://demo.example', true],
    ['http://demo.example', false],
    ['https://evil.example:8080', false],
    ['null', false],
  ])('%s: %s', (origin, answer) => {
    expect(originAllowed(origin, allowed)).toBe(answer);
  });
});
