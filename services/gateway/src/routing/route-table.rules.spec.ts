import { describe, expect, it } from '@jest/globals';
import { SERVICES } from './api-services.rules.js';
import {
  collections,
  destinationOf,
  IMPORT_SERVICES,
  isPlainPath,
  isPublished,
  PREFIXES,
} from './route-table.rules.js';

const ID = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11';

const to = (method: string, path: string, query = ''): string => {
  const destination = destinationOf(method, path, query);
  return destination.to === 'service'
    ? `${destination.service}${destination.upload ? ' upload' : ''}`
    : destination.to;
};

describe('the table of routes', () => {
  it.each([
    ['GET', '/api/v1/units', '', 'organisation'],
    ['GET', `/api/v1/units/${ID}/sites`, '', 'organisation'],
    ['POST', '/api/v1/tickets', '', 'tickets'],
    ['GET', '/api/v1/categories', '', 'tickets'],
    ['GET', '/api/v1/figures/tickets', 'month=2026-01', 'insights'],
    ['POST', '/api/v1/imports', 'kind=tickets', 'tickets upload'],
    ['POST', '/api/v1/imports', 'dryRun=true&kind=units', 'organisation upload'],
    ['GET', '/api/v1/imports', 'kind=policies', 'organisation'],
    ['GET', '/api/v1/imports', '', 'all-imports'],
    ['HEAD', '/api/v1/imports', '', 'all-imports'],
    ['POST', '/api/v1/imports', '', 'unknown-kind'],
    ['GET', '/api/v1/imports', 'kind=constructor', 'unknown-kind'],
    ['GET', `/api/v1/imports/tickets-${ID}`, '', 'tickets'],
    ['POST', `/api/v1/imports/organisation-${ID}/cancel`, '', 'organisation'],
    ['GET', `/api/v1/imports/identity-${ID}`, '', 'nowhere'],
    ['GET', `/api/v1/imports/${ID}`, '', 'nowhere'],
    ['GET', '/api/v1/audit/organisation/verify', '', 'organisation'],
    ['GET', '/api/v1/parked/tickets', '', 'tickets'],
    ['POST', '/api/v1/republications/tickets', '', 'tickets'],
    ['POST', '/api/v1/imports', 'kind=', 'unknown-kind'],
    ['GET', '/api/v1/audit/identity', '', 'nowhere'],
    ['GET', '/api/v1/parked', '', 'nowhere'],
    ['GET', '/api/v1/unitsx', '', 'nowhere'],
    ['GET', '/api/v1/', '', 'nowhere'],
    ['GET', '/api/v1', '', 'nowhere'],
    ['GET', '/units', '', 'nowhere'],
    ['GET', '/other1/units', '', 'nowhere'],
    ['GET', `/api/v1/imports/1tickets-${ID}`, '', 'nowhere'],
    ['GET', `/api/v1/imports/tickets-${ID}0`, '', 'nowhere'],
  ])('%s %s?%s goes to %s', (method, path, query, expected) => {
    expect(to(method, path, query)).toBe(expected);
  });

  it('names few routes, whatever ids stand in the path', () => {
    const routes = [1, 2, 3].map((n) => destinationOf('GET', `/api/v1/tickets/${n}`, ''));
    expect(new Set(routes.map((route) => JSON.stringify(route))).size).toBe(1);
  });

  it.each([
    [`/api/v1/tickets/${ID}`, '', '/api/v1/tickets'],
    ['/api/v1/audit/organisation/verify', '', '/api/v1/audit/organisation'],
    ['/api/v1/imports', 'kind=tickets', '/api/v1/imports'],
    [`/api/v1/imports/tickets-${ID}/rows`, '', '/api/v1/imports/{id}'],
  ])('%s?%s belongs to the family %s', (path, query, route) => {
    expect(destinationOf('GET', path, query)).toMatchObject({ route });
  });

  it('asks the services that take imports in the order of their names', () => {
    expect(IMPORT_SERVICES).toEqual(['accounts', 'billing', 'organisation', 'premises', 'tickets']);
  });

  it('knows the services behind the door, and the one that only shows its state', () => {
    expect(SERVICES).toEqual(
      expect.arrayContaining([...IMPORT_SERVICES, 'insights', 'partners', 'identity']),
    );
    expect(new Set(SERVICES).size).toBe(SERVICES.length);
  });

  it('lists every collection with the address where one enters it', () => {
    const list = collections();
    expect(list).toContainEqual({ name: 'tickets', href: '/api/v1/tickets', service: 'tickets' });
    expect(list).toContainEqual({ name: 'figures', href: '/api/v1/figures/tickets', service: 'insights' });
    expect(list.at(-1)).toEqual({ name: 'imports', href: '/api/v1/imports', service: 'by kind' });
    for (const { name, href } of list.slice(0, -1)) expect([name, to('GET', href)]).not.toContain('nowhere');
  });

  it('gives the router every prefix once', () => {
    expect(new Set(PREFIXES).size).toBe(PREFIXES.length);
    expect(PREFIXES).toEqual(
      expect.arrayContaining(['/api/v1/imports', '/api/v1/audit/tickets', '/api/v1/me']),
    );
  });

  it.each([
    ['/api/v1/tickets/%2e%2e/units', false],
    ['/api/v1/tickets/..', false],
    ['/api/v1/tickets/./x', false],
    ['/api/v1/tickets/.%2E/x', false],
    ['/api/v1/tickets/a%2fb', false],
    ['/api/v1/tickets/a%5Cb', false],
    ['/api/v1//tickets', false],
    ['/api/v1/tickets/%00', false],
    ['/api/v1/tickets/\u00e9', false],
    ['../api/v1/tickets', false],
    ['/api/v1/tickets/...', true],
    ['/api/v1/tickets/a.b', true],
    ['/api/v1/tickets/.hidden', true],
    ['/api/v1/tickets/EB1-T-2026-000001', true],
    ['/api/v1/tickets/%E6%B0%B4', true],
  ])('reads %s as plain: %s', (path, plain) => {
    expect(isPlainPath(path)).toBe(plain);
  });

  it.each([
    ['tickets', '/api/v1/tickets/{id}', true],
    ['tickets', '/api/v1/units', false],
    ['tickets', '/api/v1/imports', true],
    ['organisation', '/api/v1/imports/{id}/rows', true],
    ['insights', '/api/v1/imports/{id}', false],
    ['insights', '/api/v1/audit/insights', true],
    ['tickets', '/health/ready', false],
  ] as const)('publishes of %s the path %s: %s', (service, path, published) => {
    expect(isPublished(service, path)).toBe(published);
  });
});
