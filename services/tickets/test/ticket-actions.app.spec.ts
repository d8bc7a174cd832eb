import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { Answer, Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  for (const branch of ['EB1', 'EB2']) await service.category('water-leak', branch);
}, 90_000);
afterAll(() => service?.stop());

const HOUR = 3_600_000;
const at = (value: unknown): number => new Date(value as string).getTime();
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();
const due = (ticket: Json): number => at(ticket['deadline']['dueAt']);
const engineer = (): Json => ({ assigneeId: service.group.employees.get('eb1.engineer')! });
const eb2 = (changes: Json = {}): Promise<Json> =>
  service.ticket({ branchId: service.group.id('EB2'), ...changes }, 'eb2.agent');
const problem = ({ status, body }: Answer) => ({ status, code: body['code'] as unknown });
const history = async (ticket: Json, as = 'eb1.cs-agent'): Promise<Json[]> =>
  (await service.get(`/api/v1/tickets/${ticket['id']}/history`, as)).body['items'] as Json[];

describe('the way of a ticket', () => {
  it('goes from intake to its end by the transition table, each step on the version before', async () => {
    const states: unknown[] = [];
    let ticket = await service.ticket({ kind: 'complaint' });
    const step = async (action: string, body: Json, as?: string) => {
      ticket = await service.act(ticket, action, body, as);
      states.push([ticket['state'], ticket['version']]);
    };
    await step('classification', { kind: 'complaint', categoryCode: 'water-leak' });
    await step('assignment', engineer());
    await step('start', {}, 'eb1.engineer');
    await step('pause', { reason: 'no-access', until: inHours(1) }, 'eb1.engineer');
    await step('resumption', {}, 'eb1.engineer');
    await step('completion', { outcome: 'Seal replaced.' }, 'eb1.engineer');
    await step('reopening', { reason: 'It drips again.' });
    await step('cancellation', { reason: 'Twice.' }, 'eb1.cs-manager');
    expect(states).toEqual([
      ['classified', 2],
      ['assigned', 3],
      ['in-progress', 4],
      ['waiting', 5],
      ['in-progress', 6],
      ['completed', 7],
      ['classified', 8],
      ['cancelled', 9],
    ]);
    expect(ticket).toMatchObject({
      assigneeName: '姓名 eb1.engineer',
      outcome: null,
      onTime: null,
      actions: [],
    });
  });

  it('TKT-28 the verdict is made at completion against the deadline in force', async () => {
    const late = await eb2({ receivedAt: inHours(-49) });
    const done = await service.act(late, 'cancellation', { reason: 'x' }, 'eb2.cs-manager');
    expect(done['onTime']).toBeNull();
    const filed = { categoryCode: 'water-leak' };
    const tooLate = await service.ticket({ ...filed, receivedAt: inHours(-300) });
    expect(await service.act(tooLate, 'completion', { outcome: 'ok' })).toMatchObject({ onTime: false });
    const inTime = await service.ticket(filed);
    expect(await service.act(inTime, 'completion', { outcome: 'ok' })).toMatchObject({
      onTime: true,
      outcome: 'ok',
    });
    const without = await service.ticket();
    const filedWithout = await service.act(without, 'classification', { kind: 'inquiry' });
    expect(await service.act(filedWithout, 'completion', { outcome: 'ok' })).toMatchObject({ onTime: null });
  });

  it('is told to each role as the actions that it may take now', async () => {
    const ticket = await service.ticket({ categoryCode: 'water-leak' });
    const actionsOf = async (as: string) =>
      (await service.get(`/api/v1/tickets/${ticket['id']}`, as)).body['actions'] as unknown;
    expect(ticket['actions']).toEqual(['amend', 'classify', 'assign', 'pause', 'complete']);
    expect(await actionsOf('eb1.cs-manager')).toEqual([
      'amend',
      'classify',
      'assign',
      'pause',
      'complete',
      'cancel',
    ]);
    expect(await actionsOf('eb1.engineer')).toEqual(['amend', 'receive-slip', 'pause', 'complete']);
    expect(await actionsOf('eb1.driver')).toEqual([]);
    expect(await actionsOf('hq.auditor')).toEqual([]);
  });

  it('refuses an action of another state by naming what is possible', async () => {
    const ticket = await service.ticket();
    const answer = await service.post(
      `/api/v1/tickets/${ticket['id']}/start`,
      'eb1.engineer',
      {},
      { match: 1 },
    );
    expect(problem(answer)).toEqual({ status: 409, code: 'ticket.action-not-allowed' });
    expect(answer.body['detail']).toContain('Possible: amend, classify, cancel.');
    expect(answer.body['params']).toEqual({
      state: 'registered',
      action: 'start',
      possible: ['amend', 'classify', 'cancel'],
    });
  });

  it('refuses an action whose role one does not have', async () => {
    const ticket = await service.ticket();
    const cancel = (as: string) =>
      service.post(`/api/v1/tickets/${ticket['id']}/cancellation`, as, { reason: 'x' }, { match: 1 });
    for (const as of ['eb1.cs-agent', 'eb1.engineer', 'eb1.driver', 'hq.auditor', 'hq.admin'])
      expect(problem(await cancel(as))).toEqual({ status: 403, code: 'access.role-missing' });
    expect((await cancel('eb1.cs-supervisor')).status).toBe(200);
  });

  it('changes the version that the caller has seen, or nothing', async () => {
    const ticket = await service.ticket();
    const classify = (options: Parameters<typeof service.post>[3]) =>
      service.post(
        `/api/v1/tickets/${ticket['id']}/classification`,
        'eb1.cs-agent',
        { kind: 'hazard' },
        options,
      );
    expect(problem(await classify({}))).toEqual({ status: 428, code: 'precondition.required' });
    expect(problem(await classify({ match: 2 }))).toEqual({ status: 412, code: 'precondition.stale' });
    expect(problem(await classify({ headers: { 'if-match': 'x' } }))).toEqual({
      status: 400,
      code: 'precondition.malformed',
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => classify({ match: 1 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...new Array<number>(7).fill(412)]);
    expect(answers.find(({ status }) => status === 200)?.headers.get('etag')).toBe('"v2"');
  });

  it('assigns to who works on tickets there, never to somebody of another branch or site', async () => {
    const ticket = await service.ticket({ categoryCode: 'water-leak', siteId: service.group.id('EB1-S1') });
    const assign = (login: string, match = 1) => {
      const assigneeId = service.group.employees.get(login) ?? login;
      return service.post(
        `/api/v1/tickets/${ticket['id']}/assignment`,
        'eb1.cs-agent',
        { assigneeId },
        { match },
      );
    };
    for (const login of [
      'eb2.engineer',
      's2.engineer',
      'eb1.driver',
      'no.roles',
      '0197a2c4-5d00-7000-8000-000000000005',
    ])
      expect(problem(await assign(login))).toEqual({ status: 422, code: 'ticket.assignee-unknown' });
    const answer = await assign('s1.engineer');
    expect(answer).toMatchObject({
      status: 200,
      body: { assigneeName: '姓名 s1.engineer', state: 'assigned' },
    });
    expect((await assign('eb1.engineer', 2)).body).toMatchObject({
      assigneeName: '姓名 eb1.engineer',
      state: 'assigned',
    });
  });

  it('stays quick when many are filed at once, more than the service has connections', async () => {
    await service.category('crowd');
    const tickets = await Promise.all(Array.from({ length: 24 }, () => service.ticket()));
    const filed = await Promise.all(
      tickets.map((ticket) =>
        service.act(ticket, 'classification', { kind: 'repair', categoryCode: 'crowd' }),
      ),
    );
    expect(filed.map(({ state }) => state as unknown)).toEqual(new Array(24).fill('classified'));
  });
});

describe('pauses', () => {
  it('TKT-27 move the deadline by the time they stop the clock, with a reason and an end', async () => {
    const ticket = await eb2({ categoryCode: 'water-leak', kind: 'repair' });
    const paused = await service.act(
      ticket,
      'pause',
      { reason: 'waiting-for-customer', until: inHours(5) },
      'eb2.agent',
    );
    const [entry] = (await history(paused, 'eb2.agent')).slice(-1);
    const pauses = (entry!['changes'] as Json[]).find(({ field }) => field === 'pauses')!['to'] as Json[];
    expect(paused).toMatchObject({ state: 'waiting', pausedUntil: pauses[0]!['until'] });
    expect(due(paused) - due(ticket)).toBe(at(pauses[0]!['until']) - at(pauses[0]!['from']));
    const resumed = await service.act(paused, 'resumption', {}, 'eb2.agent');
    const spans = (await service.get(`/api/v1/tickets/${ticket['id']}/deadline`, 'eb2.agent')).body[
      'spans'
    ] as Json[];
    const [stop] = spans.filter(({ reason }) => reason === 'pause');
    expect(resumed).toMatchObject({ state: 'classified', pausedUntil: null });
    expect(due(resumed) - due(ticket)).toBe(at(stop!['to']) - at(stop!['from']));
    expect(stop!['counted']).toBe(false);
    expect(due(resumed)).toBeLessThan(due(paused));
  });

  it('TKT-27 outside the running time do not move the deadline at all', async () => {
    const ticket = await service.ticket({
      categoryCode: 'water-leak',
      receivedAt: '2025-09-26T16:30:00+08:00',
    });
    const paused = await service.act(ticket, 'pause', { reason: 'no-access', until: inHours(5) });
    expect(paused['deadline']).toEqual(ticket['deadline']);
  });

  it('TKT-27 keep what was consumed and paused when the ticket is filed anew', async () => {
    const ticket = await eb2({ kind: 'complaint' });
    const paused = await service.act(
      ticket,
      'classification',
      { kind: 'repair', categoryCode: null },
      'eb2.agent',
    );
    const stopped = await service.act(
      paused,
      'pause',
      { reason: 'appointment-agreed', until: inHours(3) },
      'eb2.agent',
    );
    const resumed = await service.act(stopped, 'resumption', {}, 'eb2.agent');
    const lost = due(resumed) - due(paused);
    const filed = await service.act(resumed, 'classification', { kind: 'complaint' }, 'eb2.agent');
    expect(due(filed)).toBe(due(ticket) + lost);
    expect(lost).toBeGreaterThan(0);
  });

  it('TKT-27 end by themselves, and the trail says who ended them', async () => {
    const ticket = await eb2({ kind: 'repair', categoryCode: 'water-leak' });
    const until = new Date(Date.now() + 2500).toISOString();
    const paused = await service.act(
      ticket,
      'pause',
      { reason: 'waiting-for-authority', until },
      'eb2.agent',
    );
    const resumed = await eventually(async () => {
      const { body } = await service.get(`/api/v1/tickets/${ticket['id']}`, 'eb2.agent');
      return body['state'] === 'classified' && body;
    });
    expect(resumed).toMatchObject({ pausedUntil: null, version: 3, deadline: paused['deadline'] });
    const [last] = (await history(ticket, 'eb2.agent')).slice(-1);
    expect(last).toMatchObject({ actor: 'resume-paused-tickets', action: 'resume' });
  });

  it('TKT-27 one that cannot be ended keeps none of the others waiting', async () => {
    const [stuck, other] = await Promise.all([
      eb2({ categoryCode: 'water-leak' }),
      eb2({ categoryCode: 'water-leak' }),
    ]);
    const until = new Date(Date.now() + 4000).toISOString();
    await service.act(stuck, 'pause', { reason: 'no-access', until }, 'eb2.agent');
    await service.rows(
      `update ticket set due_basis = jsonb_set(due_basis, '{calendarVersion}', '99') where id = $1`,
      [stuck['id']],
    );
    await service.act(other, 'pause', { reason: 'no-access', until }, 'eb2.agent');
    await eventually(async () => {
      const { body } = await service.get(`/api/v1/tickets/${other['id']}`, 'eb2.agent');
      return body['state'] === 'classified';
    });
    const { body } = await service.get(`/api/v1/tickets/${stuck['id']}`, 'eb2.agent');
    expect(body['state']).toBe('waiting');
  });

  it('TKT-27 want a known reason and an end in the future, within a year', async () => {
    const ticket = await service.ticket({ categoryCode: 'water-leak' });
    const pause = async (body: Json) =>
      problem(
        await service.post(`/api/v1/tickets/${ticket['id']}/pause`, 'eb1.cs-agent', body, { match: 1 }),
      );
    expect(await pause({ reason: 'no-access', until: inHours(-1) })).toEqual({
      status: 422,
      code: 'ticket.pause-in-past',
    });
    expect(await pause({ reason: 'no-access', until: '2199-12-31T23:59:59Z' })).toEqual({
      status: 422,
      code: 'ticket.pause-too-long',
    });
    expect(await pause({ reason: 'lunch', until: inHours(1) })).toEqual({
      status: 400,
      code: 'request.invalid-body',
    });
    expect(await pause({ reason: 'no-access' })).toEqual({ status: 400, code: 'request.invalid-body' });
  });
});

describe('repeated commands', () => {
  it('get the first answer again to the byte', async () => {
    const send = () =>
      service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake({ categoryCode: 'water-leak' }), {
        key: 'once',
      });
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(201);
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([201, first.text, '"v1"']);
    const classify = () =>
      service.post(
        `/api/v1/tickets/${first.body['id']}/classification`,
        'eb1.cs-agent',
        { kind: 'hazard' },
        { key: 'c', match: 1 },
      );
    const [done, repeated] = [await classify(), await classify()];
    expect(done.status).toBe(200);
    expect([repeated.status, repeated.text, repeated.headers.get('etag')]).toEqual([200, done.text, '"v2"']);
    expect(await history(first.body)).toHaveLength(2);
  });

  it('ORG-05 twenty at once make one ticket, one number, one event and one trail row', async () => {
    const before = await service.ticket();
    const body = service.intake({ content: 'Twenty clicks.' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        service.post('/api/v1/tickets', 'eb1.cs-agent', body, { key: 'twenty' }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const after = await service.ticket();
    const numberOf = (ticket: Json) => Number((ticket['number'] as string).slice(-6));
    expect(numberOf(after)).toBe(numberOf(before) + 2);
    const id = answers[0]!.body['id'] as string;
    const counts = await service.rows(
      `select (select count(*)::int from ticket where content = 'Twenty clicks.') tickets,
         (select count(*)::int from outbox where aggregateid = $1) events,
         (select count(*)::int from audit where entity_id = $1) trail`,
      [id],
    );
    expect(counts).toEqual([{ tickets: 1, events: 1, trail: 1 }]);
  });

  it('with another body are refused, and another caller has keys of its own', async () => {
    const send = (content: string, as = 'eb1.cs-agent') =>
      service.post('/api/v1/tickets', as, service.intake({ content }), { key: 'mine' });
    expect((await send('one')).status).toBe(201);
    expect(problem(await send('two'))).toEqual({ status: 422, code: 'idempotency.key-reused' });
    expect((await send('two', 'eb1.driver')).status).toBe(201);
  });

  it('after a refusal are tried again', async () => {
    const send = () =>
      service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake({ categoryCode: 'later' }), {
        key: 'later',
      });
    expect((await send()).status).toBe(422);
    await service.category('later');
    expect((await send()).status).toBe(201);
  });
});

describe('history', () => {
  it('ORG-02 tells who changed what from what to what and why, and is chained soon after', async () => {
    const ticket = await service.ticket({ requesterName: '王晓梅' });
    const filed = await service.act(ticket, 'classification', { kind: 'hazard', categoryCode: 'water-leak' });
    await service.act(filed, 'cancellation', { reason: 'Registered twice.' }, 'eb1.cs-manager');
    const items = await history(ticket);
    expect(items.map(({ actor, action, reason }) => [actor, action, reason] as unknown)).toEqual([
      ['eb1.cs-agent', 'register', null],
      ['eb1.cs-agent', 'classify', null],
      ['eb1.cs-manager', 'cancel', 'Registered twice.'],
    ]);
    expect(items[0]!['changes']).toContainEqual({ field: 'requesterName', from: null, to: '王晓梅' });
    expect(items[0]!['changes']).toContainEqual({ field: 'number', from: null, to: ticket['number'] });
    expect(items[1]!['changes']).toContainEqual({ field: 'kind', from: 'repair', to: 'hazard' });
    expect(items[1]!['changes']).toContainEqual({ field: 'state', from: 'registered', to: 'classified' });
    const masked = await history(ticket, 'eb1.auditor');
    expect(masked[0]!['changes']).toContainEqual({ field: 'requesterName', from: '***', to: '***' });
    await eventually(async () => (await history(ticket)).every(({ sealed }) => sealed === true));
  });

  it('ORG-02 is seen by whoever sees the ticket, also from one site', async () => {
    const ticket = await service.ticket({ siteId: service.group.id('EB1-S1') }, 's1.agent');
    expect(await history(ticket, 's1.engineer')).toHaveLength(1);
    const answer = await service.get(`/api/v1/tickets/${ticket['id']}/history`, 's2.engineer');
    expect(answer.status).toBe(404);
  });
});
