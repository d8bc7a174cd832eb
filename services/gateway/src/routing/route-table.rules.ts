import { API_SERVICES, answeredBy, type ApiService } from './api-services.rules.js';

export const API_PREFIX = '/api/v1';

/** The first path segment under `/api/v1` names the service that answers. */
const COLLECTIONS = answeredBy('collections');

/** Collections that every service has for itself; the next segment names the service. */
const PER_SERVICE = ['audit', 'parked', 'republications'] as const;

const IMPORT_KINDS = answeredBy('imports');

/** Services that take imports, in the order in which their lists are asked. */
export const IMPORT_SERVICES: readonly ApiService[] = [...new Set(Object.values(IMPORT_KINDS))].sort();

export const IMPORT_KIND_NAMES: readonly string[] = Object.keys(IMPORT_KINDS);

const IMPORT_ID = /^([a-z]+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Where a request goes. `route` is its family: a name with few values, for metrics and logs. */
export type Destination =
  | Readonly<{ to: 'service'; service: ApiService; route: string; upload: boolean }>
  | Readonly<{ to: 'all-imports' }>
  | Readonly<{ to: 'nowhere' }>
  | Readonly<{ to: 'unknown-kind'; kind: string | null }>;

const NOWHERE: Destination = { to: 'nowhere' };

// One object per family, so that a request that is passed on makes none.
const DESTINATIONS = new Map<string, Destination>(
  Object.entries(COLLECTIONS).map(([name, service]) => [
    name,
    { to: 'service', service, route: `${API_PREFIX}/${name}`, upload: false },
  ]),
);

/**
 * Finds the service that answers. Takes the method, the path as sent (percent-encoded, without query) and the query
 * string without its question mark.
 */
export function destinationOf(method: string, path: string, query: string): Destination {
  if (!path.startsWith(`${API_PREFIX}/`)) return NOWHERE;
  const rest = path.slice(API_PREFIX.length + 1);
  const end = rest.indexOf('/');
  const first = end < 0 ? rest : rest.slice(0, end);
  const known = DESTINATIONS.get(first);
  if (known) return known;
  const [, second = ''] = rest.split('/', 2);
  if ((PER_SERVICE as readonly string[]).includes(first)) return ofNamedService(first, second);
  return first === 'imports' ? ofImport(method, second, query) : NOWHERE;
}

function ofNamedService(collection: string, service: string): Destination {
  if (!isApiService(service)) return NOWHERE;
  return { to: 'service', service, route: `${API_PREFIX}/${collection}/${service}`, upload: false };
}

function ofImport(method: string, id: string, query: string): Destination {
  const route = `${API_PREFIX}/imports`;
  if (id !== '') {
    const service = IMPORT_ID.exec(id)?.[1]?.toLowerCase() ?? '';
    return isApiService(service)
      ? { to: 'service', service, route: `${route}/{id}`, upload: false }
      : NOWHERE;
  }
  const kind = new URLSearchParams(query).get('kind');
  if (kind === null && (method === 'GET' || method === 'HEAD')) return { to: 'all-imports' };
  const service = kind !== null && Object.hasOwn(IMPORT_KINDS, kind) ? IMPORT_KINDS[kind] : undefined;
  return service
    ? { to: 'service', service, route, upload: method === 'POST' }
    : { to: 'unknown-kind', kind };
}

const isApiService = (name: string): name is ApiService => (API_SERVICES as readonly string[]).includes(name);

/** Whether a path of a service's own OpenAPI document is reachable through the door (`{x}` stands for a value). */
export function isPublished(service: ApiService, template: string): boolean {
  if (template === `${API_PREFIX}/imports` || template.startsWith(`${API_PREFIX}/imports/`)) {
    return IMPORT_SERVICES.includes(service);
  }
  const destination = destinationOf('GET', template, '');
  return destination.to === 'service' && destination.service === service;
}

const BAD_PATH = /%(?:00|2f|5c)|[\\\u0000-\u0020\u007f-\uffff]|\/\/|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Whether a path is one that every server reads alike: no dot segments, empty segments, encoded slashes or control
 * characters, so that nothing behind the door can be reached under another service's name.
 */
export function isPlainPath(path: string): boolean {
  return !BAD_PATH.test(path);
}

/** The addresses that are passed on, for the router: each stands for itself and for everything below it. */
export const PREFIXES: readonly string[] = [
  ...Object.keys(COLLECTIONS),
  'imports',
  ...PER_SERVICE.flatMap((name) => API_SERVICES.map((service) => `${name}/${service}`)),
].map((name) => `${API_PREFIX}/${name}`);

/** Where one enters a collection that has no list of its own. */
const ENTRANCES: Readonly<Record<string, string>> = { figures: 'figures/tickets' };

/** The collections of the API, for its index. */
export function collections(): readonly Readonly<{ name: string; href: string; service: string }>[] {
  const list = Object.entries(COLLECTIONS).map(([name, service]) => ({
    name,
    href: `${API_PREFIX}/${ENTRANCES[name] ?? name}`,
    service,
  }));
  return [...list, { name: 'imports', href: `${API_PREFIX}/imports`, service: 'by kind' }];
}
