import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Answer, Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;
let ticket: Json;
let category: Json;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  category = await service.category('water-leak');
  ticket = await service.ticket({ siteId: service.group.id('EB1-S1') });
}, 90_000);
afterAll(() => service?.stop());

/** Who may (`owner`), whose role does not allow it (`wrong`), whose role does but not for this record (`foreign`). */
type Route = Readonly<{
  method: string;
  path: () => string;
  body?: () => Json;
  owner: string;
  wrong: readonly string[];
  foreign: readonly string[];
}>;

const AGENTS = ['eb2.agent', 'nb1.agent'];
const WORKERS = [...AGENTS, 's2.engineer'];

const action = (name: string, body: Json, foreign = WORKERS, wrong = ['eb1.driver']): Route => ({
  method: 'POST',
  path: () => `/api/v1/tickets/${ticket['id']}/${name}`,
  body: () => body,
  owner: 'eb1.cs-manager',
  wrong: [...wrong, 'eb1.auditor', 'hq.auditor'],
  foreign,
});
const look = (path: () => string): Route => ({
  method: 'GET',
  path,
  owner: 'eb1.driver',
  wrong: ['eb1.partner'],
  foreign: WORKERS,
});

/** Every route of the service that a token opens, with somebody who may and others whose role does not. */
const ITEM_ROUTES: Readonly<Record<string, Route>> = {
  'GET /tickets/:id': look(() => `/api/v1/tickets/${ticket['id']}`),
  'GET /tickets/:id/deadline': look(() => `/api/v1/tickets/${ticket['id']}/deadline`),
  'GET /tickets/:id/history': look(() => `/api/v1/tickets/${ticket['id']}/history`),
  'POST /tickets/:id/classification': action('classification', { kind: 'repair' }, AGENTS, ['eb1.engineer']),
  'POST /tickets/:id/assignment': action(
    'assignment',
    { assigneeId: '0197a2c4-5d00-7000-8000-000000000005' },
    AGENTS,
    ['eb1.engineer'],
  ),
  'POST /tickets/:id/start': action('start', {}),
  'POST /tickets/:id/pause': action('pause', { reason: 'no-access', until: '2999-01-01T00:00:00Z' }),
  'POST /tickets/:id/resumption': action('resumption', {}),
  'POST /tickets/:id/completion': action('completion', { outcome: 'x' }),
  'POST /tickets/:id/reopening': action('reopening', { reason: 'x' }, AGENTS, ['eb1.engineer']),
  'POST /tickets/:id/cancellation': action(
    'cancellation',
    { reason: 'x' },
    ['eb2.cs-manager'],
    ['eb1.cs-agent'],
  ),
  'PATCH /categories/:id': {
    method: 'PATCH',
    path: () => `/api/v1/categories/${category['id']}`,
    body: () => ({ name: 'x' }),
    owner: 'eb1.cs-manager',
    wrong: ['eb1.cs-agent', 'hq.auditor'],
    foreign: ['eb2.cs-manager'],
  },
};

const OTHER_ROUTES: Readonly<Record<string, Route>> = {
  'GET /tickets': look(() => '/api/v1/tickets'),
  'GET /categories': look(() => '/api/v1/categories'),
  'POST /tickets': {
    method: 'POST',
    path: () => '/api/v1/tickets',
    body: () => service.intake(),
    owner: 'eb1.driver',
    wrong: ['eb1.partner', 'eb1.auditor', 'hq.auditor'],
    foreign: WORKERS,
  },
  'POST /categories': {
    method: 'POST',
    path: () => '/api/v1/categories',
    body: () => ({ branchId: service.group.id('EB1'), code: 'lift', name: 'x', kind: 'repair' }),
    owner: 'eb1.cs-manager',
    wrong: ['eb1.cs-agent', 'hq.auditor'],
    foreign: ['eb2.cs-manager'],
  },
  'GET /imports': { ...look(() => '/api/v1/imports'), wrong: ['no.roles'] },
  'GET /audit/tickets': {
    ...look(() => '/api/v1/audit/tickets'),
    owner: 'eb1.branch-manager',
    wrong: ['eb1.partner', 'eb1.cs-agent'],
  },
};

const ROUTES = { ...ITEM_ROUTES, ...OTHER_ROUTES };

const send = ({ method, path, body }: Route, as: string | null, options: Json = {}): Promise<Answer> =>
  service.call(method, path(), as, body?.(), options);
const problem = ({ status, body }: Answer) => ({ status, code: body['code'] as unknown });

describe.each(Object.entries(ROUTES))('ORG-01 %s', (_name, route) => {
  it('wants a good token: none, an expired, a foreign one and one for somebody else are refused', async () => {
    expect(problem(await send(route, null))).toEqual({ status: 401, code: 'auth.token-missing' });
    const { issuer } = service;
    const expired = issuer.token(route.owner, { expiresIn: -60 });
    expect(problem(await send(route, null, { token: expired }))).toEqual({
      status: 401,
      code: 'auth.token-expired',
    });
    for (const token of [
      issuer.token(route.owner, { audience: 'another-api' }),
      issuer.token(route.owner, { foreignKey: true }),
      issuer.token(route.owner, { issuer: 'http://127.0.0.1:9' }),
      'x.y.z',
    ])
      expect(problem(await send(route, null, { token }))).toEqual({
        status: 401,
        code: 'auth.token-invalid',
      });
  });

  it('wants a role that allows it', async () => {
    for (const as of [...route.wrong, 'no.roles', 'stranger'])
      expect({ as, ...problem(await send(route, as)) }).toEqual({
        as,
        status: 403,
        code: 'access.role-missing',
      });
  });

  it('opens to who may', async () => {
    const { status } = await send(route, route.owner);
    expect([200, 201, 409, 422, 428]).toContain(status);
  });
});

describe.each([
  ...Object.entries(ITEM_ROUTES),
  ...Object.entries(OTHER_ROUTES).filter(([name]) => name.startsWith('POST')),
])('ORG-01 %s', (name, route) => {
  it('answers for another branch, region or site as for one that does not exist', async () => {
    const missing = '0197a2c4-5d00-7000-8000-0000000000ff';
    const body = () => ({ ...route.body?.(), ...(name.includes(':id') ? {} : { branchId: missing }) });
    const nowhere = {
      ...route,
      path: () => route.path().replace(/[0-9a-f-]{36}/, missing),
      ...(route.body ? { body } : {}),
    };
    const unknown = await send(nowhere, route.owner, { match: 1 });
    expect(unknown.status).toBe(404);
    for (const as of route.foreign)
      expect({ as, ...problem(await send(route, as, { match: 1 })) }).toEqual({ as, ...problem(unknown) });
  });
});

describe('ORG-01 scopes', () => {
  const numbers = async (as: string, query = ''): Promise<string[]> =>
    ((await service.get(`/api/v1/tickets?limit=200${query}`, as)).body['items'] as Json[]).map(
      ({ number }) => number as string,
    );

  it('a branch sees its own, a region its branches, headquarters all, a site its own', async () => {
    const nb1 = await service.ticket({ branchId: service.group.id('NB1') }, 'nb1.agent');
    const branch = await service.ticket();
    await service.ticket({ branchId: service.group.id('EB2') }, 'eb2.agent');
    expect((await numbers('eb2.agent')).every((number) => number.startsWith('EB2-'))).toBe(true);
    expect(await numbers('nb1.agent')).toEqual([nb1['number']]);
    const region = await numbers('east.manager');
    expect(new Set(region.map((number) => number.slice(0, 3)))).toEqual(new Set(['EB1', 'EB2']));
    expect(await numbers('hq.auditor')).toEqual(
      expect.arrayContaining([nb1['number'], branch['number'], ticket['number']]),
    );
    expect(await numbers('s1.engineer')).toEqual([ticket['number']]);
    expect(await numbers('s2.engineer')).toEqual([]);
  });

  it('a filter for another branch shows nothing, and a list gives no hint of it', async () => {
    expect(await numbers('eb2.agent', `&branchId=${service.group.id('EB1')}`)).toEqual([]);
    expect(await numbers('eb2.agent', `&number=${ticket['number']}`)).toEqual([]);
    expect(await numbers('eb2.agent', `&siteId=${service.group.id('EB1-S1')}`)).toEqual([]);
  });

  it('a caller bound to a site registers there, with number, trail and event of the branch, and nowhere else', async () => {
    const made = await service.ticket(
      { siteId: service.group.id('EB1-S1'), categoryCode: 'water-leak' },
      's1.agent',
    );
    expect(made).toMatchObject({ state: 'classified', number: expect.stringMatching(/^EB1-T-/) });
    const [counts] = await service.rows(
      `select (select count(*)::int from audit where entity_id = $1 and branch_id = $2) trail,
              (select count(*)::int from outbox where aggregateid = $1 and branch = $2) events`,
      [made['id'], service.group.id('EB1')],
    );
    expect(counts).toEqual({ trail: 1, events: 1 });
    const done = await service.act(made, 'completion', { outcome: 'ok' }, 's1.agent');
    expect(done['state']).toBe('completed');
    for (const changes of [{}, { siteId: service.group.id('EB1-S2') }]) {
      const answer = await service.post('/api/v1/tickets', 's1.agent', service.intake(changes));
      expect(problem(answer)).toEqual({ status: 404, code: 'ticket.branch-unknown' });
    }
  });

  it('an auditor with a second role reads both branches and writes in one', async () => {
    const theirs = await service.ticket({ branchId: service.group.id('EB2') }, 'eb2.agent');
    expect((await service.get(`/api/v1/tickets/${theirs['id']}`, 'two.hats')).body).toMatchObject({
      actions: [],
    });
    const answer = await service.post(
      `/api/v1/tickets/${theirs['id']}/classification`,
      'two.hats',
      { kind: 'repair' },
      { match: 1 },
    );
    expect(answer.status).toBe(404);
    const own = await service.ticket({}, 'two.hats');
    expect((await service.act(own, 'classification', { kind: 'repair' }, 'two.hats'))['state']).toBe(
      'classified',
    );
  });

  it('a role that is withdrawn opens nothing any more', async () => {
    service.group.employee('leaver');
    const grant = service.group.grant('leaver', 'cs-agent@EB1');
    await service.learn();
    expect((await service.get('/api/v1/tickets', 'leaver')).status).toBe(200);
    service.group.revoke('leaver', grant, 'cs-agent@EB1');
    await service.learn();
    expect(problem(await service.get('/api/v1/tickets', 'leaver'))).toEqual({
      status: 403,
      code: 'access.role-missing',
    });
  });
});
