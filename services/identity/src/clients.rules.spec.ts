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
    ['http://localhost:8081', false],
    ['https://demo.example', true],
    ['http://demo.example', false],
    ['https://evil.example:8080', false],
    ['null', false],
  ])('%s: %s', (origin, answer) => {
    expect(originAllowed(origin, allowed)).toBe(answer);
  });
});
