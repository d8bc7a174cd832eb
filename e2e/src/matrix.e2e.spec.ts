import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclaredRoute } from '@steward/platform';
import { OWN_DOCUMENT } from '@steward/service-gateway';
import { eventually } from '@steward/testing';
import { API_SERVICE_NAMES } from '@steward/tools';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { operationsOf, type Operation } from '../test/api-operations.js';
import { checkTokens } from '../test/matrix/check-door.js';
import { checkImport, importKinds } from '../test/matrix/check-imports.js';
import { pagesOf } from '../test/matrix/check-lists.js';
import { checkOtherBranch } from '../test/matrix/check-scope.js';
import { CHECKS } from '../test/matrix/checks.js';
import { hiddenRoutes } from '../test/matrix/hidden-routes.js';
import { listen, type Listening } from '../test/matrix/listening.js';
import { addRecord } from '../test/matrix/records.js';
import { stewardWorld } from '../test/matrix/steward-world.js';
import { nameOf, type Place, type World } from '../test/matrix/world.js';
import { ServicesInOne } from '../test/services-in-one.js';

const committed = (service: string): Operation[] => {
  const file = resolve(import.meta.dirname, `../../services/${service}/openapi.json`);
  return operationsOf(JSON.parse(readFileSync(file, 'utf8')));
};

const SERVICES = new Map(API_SERVICE_NAMES.map((name) => [name as string, committed(name)]));

/** Every route of the platform; the gateway's own answer stands before a service's at the same address. */
const ROUTES = new Map<string, Operation>();
for (const operation of [...operationsOf(OWN_DOCUMENT), ...[...SERVICES.values()].flat()])
  if (!ROUTES.has(nameOf(operation))) ROUTES.set(nameOf(operation), operation);

let all: ServicesInOne;
let world: World;
beforeAll(async () => {
  all = await ServicesInOne.start({ gateway: { RATE_LIMIT: '10000000' } });
  world = await stewardWorld(all);
}, 300_000);
afterAll(() => all?.stop(), 60_000);

const live = (route: string): Operation => {
  const found = world.operations.find((operation) => nameOf(operation) === route);
  if (!found) throw new Error(`${route} is not in the gateway's document`);
  return found;
};

describe('the document that the matrix is made from', () => {
  it('the gateway publishes every route of every service, and no other', () => {
    expect(world.operations.map(nameOf).sort()).toEqual([...ROUTES.keys()].sort());
  });

  it.each([...SERVICES])('ORG-01 %s answers nothing that its document does not list', (name, operations) => {
    expect(hiddenRoutes(all.running.get(name)!.routes, operations)).toEqual([]);
  });

  it('ORG-01 the gateway answers nothing that its document does not list', () => {
    const passedOn = (prefix: string): boolean =>
      world.operations.some(({ path }) => path.startsWith(prefix) && path !== '/api/v1');
    const routes = all.running.get('gateway')!.routes;
    // what the gateway answers itself at an address of its own, and what it passes on below a prefix
    const answers = Object.keys(OWN_DOCUMENT.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const isOwn = ({ url }: DeclaredRoute): boolean => !url.startsWith('/api/v1/') || answers.includes(url);
    const own = routes.filter((route) => isOwn(route) && route.url !== '/api/v1/imports');
    expect(
      hiddenRoutes(
        own,
        operationsOf(OWN_DOCUMENT).map((operation) => ({ ...operation, roles: [] })),
      ),
    ).toEqual([]);
    const prefixes = routes
      .filter((route) => !isOwn(route))
      .map(({ url }) => url.replace(/\/\*$/, ''))
      .filter((url) => url.startsWith('/api/v1/'));
    expect(prefixes.filter((prefix) => !passedOn(prefix))).toEqual([]);
  });

  it('there is something to hide: headquarters finds the other branch where it looks', async () => {
    const { secrets } = world.places.otherBranch;
    const telling: string[] = [];
    for (const operation of world.operations.filter(
      ({ method, path }) => method === 'get' && !path.includes('{'),
    )) {
      if (operation.answers.includes('text/event-stream')) continue;
      for (const { text, headers } of await pagesOf(world, operation, world.admin))
        if ([...secrets].some((secret) => text.includes(secret)))
          telling.push(`${operation.path} ${headers['content-type']?.split(';')[0]}`);
    }
    const json = [
      'units',
      'employees',
      'grants',
      'calendars',
      'policies',
      'imports',
      'tickets',
      'categories',
      'figures/tickets',
      'figures/tickets/records',
      'audit/organisation',
      'audit/tickets',
    ];
    const csv = ['organisation', 'tickets'].map((name) => `/api/v1/audit/${name} text/csv`);
    const expected = [...json.map((name) => `/api/v1/${name} application/json`), ...csv];
    expect(telling).toEqual(expect.arrayContaining(expected));
  });
});

describe.each([...ROUTES.keys()])('ORG-01 %s', (route) => {
  it.each(CHECKS)(
    '%s',
    async (_title, check) => {
      expect(await check(world, live(route))).toEqual([]);
    },
    60_000,
  );
});

describe.each([...SERVICES])('ORG-01 %s itself, asked past the gateway', (name, operations) => {
  const direct = (): World => ({ ...world, url: all.running.get(name)!.url });

  it.each(operations.map((operation) => [nameOf(operation), operation] as const))(
    '%s: no, expired, foreign or misdirected token → 401, other branch → 404',
    async (_route, operation) => {
      expect(await checkTokens(direct(), operation)).toEqual([]);
      // imports of several services stand at one address; the record is only in one of them
      if (operation.method === 'get') expect(await checkOtherBranch(direct(), operation)).toEqual([]);
    },
    60_000,
  );
});

describe('ORG-01 streams', () => {
  const opened: Listening[] = [];
  afterAll(() => opened.forEach(({ close }) => close()));
  const stream = async (login: string, lastEventId?: string): Promise<Listening> => {
    const [route] = [...ROUTES.values()].filter(({ answers }) => answers.includes('text/event-stream'));
    const heard = await listen(`${all.url}${route!.path}`, world.token(login), lastEventId);
    opened.push(heard);
    return heard;
  };
  const happens = (place: Place): Promise<string> => addRecord(world, '/api/v1/tickets', place);
  const silent = (heard: Listening, ids: readonly string[]) =>
    expect(
      [...world.places.otherBranch.secrets, ...ids].filter((secret) => heard.heard().includes(secret)),
    ).toEqual([]);

  it('tell a branch and a site nothing of another branch, neither as it happens nor on catching up', async () => {
    const { own, otherBranch } = world.places;
    const listeners = await Promise.all(
      [world.allInBranch, world.allAtSite].map(({ login }) => stream(login)),
    );
    const theirs = await stream(otherBranch.maker.login);
    const first = await happens(own);
    await eventually(() => listeners[0]!.heard().includes(first));
    const from = listeners[0]!.lastId()!;
    const foreign = await happens(otherBranch);
    await eventually(() => theirs.heard().includes(foreign));
    const last = await happens(own);
    await eventually(() => listeners[0]!.heard().includes(last));
    const late = await stream(world.allInBranch.login, from);
    await eventually(() => late.heard().includes(last));
    const borrowed = await stream(world.allInBranch.login, theirs.lastId());
    await eventually(() => borrowed.heard() !== '');
    for (const heard of [...listeners, late, borrowed]) silent(heard, [foreign]);
  });
});

describe('ORG-01 imports', () => {
  const kinds = importKinds([...ROUTES.values()]);

  it.each(kinds)(
    '%s: a row or a default that names another branch is refused like an unknown one',
    async (kind) => {
      expect(await checkImport(world, kind)).toEqual([]);
    },
  );
});
