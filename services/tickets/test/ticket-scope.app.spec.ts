import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Answer, Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;
let ticket: Json;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  await service.category('water-leak');
  ticket = await service.ticket({ siteId: service.group.id('EB1-S1') });
}, 90_000);
afterAll(() => service?.stop());

const problem = ({ status, body }: Answer) => ({ status, code: body['code'] as unknown });

// Every route with every role, token and place: e2e/src/matrix.e2e.spec.ts.
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

  it('a number is found however its letters are typed', async () => {
    const typed = (ticket['number'] as string).toLowerCase();
    expect(await numbers('hq.auditor', `&number=${typed}`)).toEqual([ticket['number']]);
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
    const elsewhere = [
      {},
      { siteId: service.group.id('EB1-S2') },
      { siteId: service.group.id('EB1-S1'), branchId: service.group.id('EB2') },
    ];
    for (const changes of elsewhere) {
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
