import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { REGISTER_ROLES } from '../src/ticket/ticket.rules.js';
import { ALWAYS, OFFICE } from './small-group.js';
import type { Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  for (const branch of ['EB1', 'EB2']) await service.category('water-leak', branch);
  await service.category('noise', 'EB1', 'complaint');
}, 90_000);
afterAll(() => service?.stop());

const place = (ticket: Json): number => Number((ticket['number'] as string).slice(-6));
const ascending = (a: number, b: number): number => a - b;
const deadlineOf = async (ticket: Json): Promise<Json> =>
  (await service.get(`/api/v1/tickets/${ticket['id']}/deadline`, 'eb1.cs-agent')).body;

describe('intake', () => {
  it.each(REGISTER_ROLES.filter((role) => role !== 'hq-admin'))(
    'TKT-01 TKT-02 any role of the staff registers (%s) and has the number at once',
    async (role) => {
      const answer = await service.post('/api/v1/tickets', `eb1.${role}`, service.intake());
      expect(answer.status).toBe(201);
      expect(answer.headers.get('etag')).toBe('"v1"');
      expect(answer.body['number']).toMatch(/^EB1-T-\d{4}-\d{6}$/);
      expect(answer.body).toMatchObject({ state: 'registered', registeredBy: `eb1.${role}`, origin: 'live' });
    },
  );

  it('TKT-01 headquarters registers in any branch, in its own number series', async () => {
    const made = await service.ticket({ branchId: service.group.id('NB1') }, 'hq.admin');
    expect(made['number']).toMatch(/^NB1-T-\d{4}-000001$/);
  });

  it('TKT-02 records what was said, by whom, where and when, and gives the whole ticket back', async () => {
    const said = {
      channel: 'front-desk',
      requesterName: '王晓梅',
      requesterPhone: '+86 21 5555 0100',
      company: '示范公司',
      unitText: '2 号楼 1203',
      evidence: 'photo 1',
      witnesses: 'the neighbour',
      preferredTime: 'after six',
      siteId: service.group.id('EB1-S1'),
      priority: 'urgent',
      receivedAt: '2025-09-26T16:30:00.000+08:00',
    };
    const made = await service.ticket(said);
    expect(made).toMatchObject({ ...said, receivedAt: '2025-09-26T08:30:00.000Z', content: 'Water drips.' });
    const { body } = await service.get(`/api/v1/tickets/${made['id']}`, 'eb1.cs-agent');
    expect(body).toEqual(made);
  });

  it('TKT-04 customer service has 24 hours to file it; what it files itself at intake is met', async () => {
    const receivedAt = '2025-09-26T08:30:00.000Z';
    const byDriver = await service.ticket({ categoryCode: 'water-leak', receivedAt }, 'eb1.driver');
    expect(byDriver).toMatchObject({
      state: 'registered',
      intakeDueAt: '2025-09-27T08:30:00.000Z',
      intakeMetAt: null,
    });
    const unfiled = await service.ticket({ receivedAt });
    expect(unfiled).toMatchObject({ state: 'registered', intakeMetAt: null });
    const byAgent = await service.ticket({ categoryCode: 'water-leak', receivedAt });
    expect(byAgent).toMatchObject({ state: 'classified', intakeMetAt: byAgent['registeredAt'] });
    const filed = await service.act(byDriver, 'classification', {
      kind: 'repair',
      categoryCode: 'water-leak',
    });
    expect(filed).toMatchObject({ state: 'classified', version: 2 });
    expect(filed['intakeMetAt']).toEqual(expect.any(String));
  });

  it('says what is wrong with a request', async () => {
    const refusals: [Json, number, string][] = [
      [{ siteId: service.group.id('EB2-S1') }, 422, 'ticket.site-unknown'],
      [{ siteId: randomUUID() }, 422, 'ticket.site-unknown'],
      [{ branchId: service.group.id('EB2') }, 404, 'ticket.branch-unknown'],
      [{ branchId: service.group.id('EB1-S1') }, 404, 'ticket.branch-unknown'],
      [{ branchId: randomUUID() }, 404, 'ticket.branch-unknown'],
      [{ receivedAt: '2199-01-01T00:00:00Z' }, 422, 'ticket.received-in-future'],
      [{ kind: 'wish' }, 400, 'request.invalid-body'],
      [{ content: ' ' }, 400, 'request.invalid-body'],
      [{ number: 'EB1-T-2026-000001' }, 400, 'request.invalid-body'],
    ];
    for (const [changes, status, code] of refusals) {
      const answer = await service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake(changes));
      expect({ changes, status: answer.status, code: answer.body['code'] }).toEqual({
        changes,
        status,
        code,
      });
    }
    const closed = service.intake({ branchId: service.group.id('EB9') });
    expect((await service.post('/api/v1/tickets', 'hq.admin', closed)).status).toBe(404);
  });

  it('ORG-03 a role without need sees that there is a person, not which', async () => {
    const personal = { requesterName: '王晓梅', requesterPhone: '123', unitText: '2-1203', witnesses: 'x' };
    const made = await service.ticket(personal, 'eb1.driver');
    const masked = { requesterName: '***', requesterPhone: '***', unitText: '***', witnesses: '***' };
    expect(made).toMatchObject(masked);
    const seenBy = async (login: string) => (await service.get(`/api/v1/tickets/${made['id']}`, login)).body;
    expect(await seenBy('eb1.auditor')).toMatchObject(masked);
    expect(await seenBy('hq.auditor')).toMatchObject({ ...masked, company: null });
    expect(await seenBy('eb1.front-desk')).toMatchObject(personal);
    expect(await seenBy('eb1.engineer')).toMatchObject(personal);
    const { body } = await service.get('/api/v1/tickets?limit=200', 'eb1.cashier');
    const item = (body['items'] as Json[]).find(({ id }) => id === made['id']);
    expect(item).toMatchObject(masked);
  });
});

describe('numbers', () => {
  it('ORG-05 have no gaps and no repeats under 50 registrations at once', async () => {
    const first = place(await service.ticket());
    const made = await Promise.all(Array.from({ length: 50 }, () => service.ticket()));
    const places = made.map(place).sort(ascending);
    expect(places).toEqual(Array.from({ length: 50 }, (_, i) => first + 1 + i));
  });

  it('ORG-05 a registration that fails in the database takes no number with it', async () => {
    await service.rows(
      `create function refuse_row() returns trigger language plpgsql as $$
       begin raise exception 'refused' using errcode = '22000'; end $$`,
    );
    await service.rows(
      `create trigger refuse before insert on ticket for each row when (new.content = 'fails') execute function refuse_row()`,
    );
    const before = place(await service.ticket());
    const failed = await service.post(
      '/api/v1/tickets',
      'eb1.cs-agent',
      service.intake({ content: 'fails' }),
    );
    expect(failed.status).toBe(400);
    expect(place(await service.ticket())).toBe(before + 1);
    await service.rows('drop trigger refuse on ticket');
  });

  it('count per branch and by the year of the branch', async () => {
    const made = await service.ticket({ branchId: service.group.id('EB2') }, 'eb2.agent');
    const year = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', year: 'numeric' }).format();
    expect(made['number']).toMatch(new RegExp(`^EB2-T-${year}-`));
  });
});

describe('categories', () => {
  it('TKT-05 belong to a branch: an unknown, foreign or inactive one is refused', async () => {
    const gone = await service.category('gone', 'EB1');
    const path = `/api/v1/categories/${gone['id']}`;
    const used = await service.ticket({ categoryCode: 'gone' });
    expect(used['categoryCode']).toBe('gone');
    const answer = await service.call('PATCH', path, 'eb1.cs-manager', { active: false }, { match: 1 });
    expect(answer).toMatchObject({ status: 200, body: { active: false, version: 2 } });
    for (const categoryCode of ['gone', 'no-such']) {
      const refused = await service.post('/api/v1/tickets', 'eb1.cs-agent', service.intake({ categoryCode }));
      expect(refused).toMatchObject({ status: 422, body: { code: 'ticket.category-unknown' } });
    }
    const foreign = service.intake({ branchId: service.group.id('EB2'), categoryCode: 'noise' });
    expect((await service.post('/api/v1/tickets', 'eb2.agent', foreign)).status).toBe(422);
  });

  it('TKT-05 are kept by managers of the branch, with versions, and one code once', async () => {
    const body = { branchId: service.group.id('EB1'), code: 'lift', name: '电梯', kind: 'repair' };
    expect((await service.post('/api/v1/categories', 'eb1.cs-agent', body)).status).toBe(403);
    expect((await service.post('/api/v1/categories', 'eb2.cs-manager', body)).status).toBe(404);
    const first = await service.post('/api/v1/categories', 'eb1.cs-manager', body, { key: 'lift' });
    const again = await service.post('/api/v1/categories', 'eb1.cs-manager', body, { key: 'lift' });
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    const taken = await service.post('/api/v1/categories', 'eb1.cs-manager', body);
    expect(taken).toMatchObject({ status: 409, body: { code: 'category.code-taken' } });
    const change = (match?: number, as = 'eb1.cs-manager') =>
      service.call('PATCH', `/api/v1/categories/${first.body['id']}`, as, { name: '升降机' }, { match });
    expect((await change()).status).toBe(428);
    expect((await change(7)).status).toBe(412);
    expect((await change(1, 'eb2.cs-manager')).status).toBe(404);
    expect((await change(1)).body).toMatchObject({ name: '升降机', code: 'lift', version: 2 });
  });

  it('ORG-01 are listed within the branches one works in, also from one site', async () => {
    const codes = async (as: string, query = '') =>
      ((await service.get(`/api/v1/categories?limit=200${query}`, as)).body['items'] as Json[]).map(
        ({ branchId, code }) => `${branchId === service.group.id('EB1') ? 'EB1' : 'EB2'}/${code}`,
      );
    expect(await codes('eb2.agent')).toEqual(['EB2/water-leak']);
    expect(await codes('s1.engineer')).toContain('EB1/noise');
    expect(await codes('s1.engineer')).not.toContain('EB2/water-leak');
    expect(await codes('hq.auditor', `&branchId=${service.group.id('EB2')}`)).toEqual(['EB2/water-leak']);
    expect(await codes('eb1.driver', '&active=false')).toEqual(['EB1/gone']);
  });
});

describe('deadlines', () => {
  it('TKT-28 follow the branch calendar over a make-up Sunday: 10 working hours from Friday 16:30 end Monday 10:00', async () => {
    const ticket = await service.ticket({
      categoryCode: 'water-leak',
      receivedAt: '2025-09-26T16:30:00+08:00',
    });
    expect(ticket['deadline']).toEqual({
      dueAt: '2025-09-29T02:00:00.000Z',
      missing: null,
      policy: 'tickets.sla.category.water-leak.resolve',
      policyVersion: 1,
    });
  });

  it('TKT-28 are explained span by span, without gaps, with the versions that decided', async () => {
    const ticket = await service.ticket({
      categoryCode: 'water-leak',
      receivedAt: '2025-09-30T16:30:00+08:00',
    });
    const told = await deadlineOf(ticket);
    expect(told).toMatchObject({
      dueAt: '2025-10-10T02:00:00.000Z',
      startsAt: '2025-09-30T08:30:00.000Z',
      missing: null,
      basis: {
        policy: 'tickets.sla.category.water-leak.resolve',
        policyVersion: 1,
        policyFrom: 'group',
        allowance: { amount: 10, unit: 'working-hours' },
        calendar: 'office',
        calendarVersion: 1,
        timeZone: 'Asia/Shanghai',
      },
    });
    const spans = told['spans'] as Json[];
    const minutes = spans.reduce((sum, span) => sum + ((span['minutes'] as number | undefined) ?? 0), 0);
    expect(minutes).toBe(600);
    const all = (field: string): unknown[] => spans.map((span) => span[field] as unknown);
    expect(all('from').slice(1)).toEqual(all('to').slice(0, -1));
    expect(spans).toContainEqual(
      expect.objectContaining({ reason: 'holiday', name: '国庆节', counted: false }),
    );
    expect([spans[0]!['from'], spans.at(-1)!['to']]).toEqual(['2025-09-30T08:30:00.000Z', told['dueAt']]);
  });

  it('TKT-20 a complaint has three days unless its category says otherwise', async () => {
    const receivedAt = '2025-09-26T08:30:00.000Z';
    const ticket = await service.ticket({ kind: 'complaint', categoryCode: 'noise', receivedAt });
    expect(ticket['deadline']).toMatchObject({
      dueAt: '2025-09-29T08:30:00.000Z',
      policy: 'tickets.sla.complaint.resolve',
      policyVersion: 0,
    });
  });

  it('POL-05 without an allowance there is no deadline, and the parameter to set is named', async () => {
    const plain = await service.ticket();
    expect(plain['deadline']).toMatchObject({ dueAt: null, missing: 'tickets.sla.repair.resolve' });
    const filed = await service.ticket({ categoryCode: 'noise' });
    const missing = 'tickets.sla.category.noise.resolve';
    expect(filed['deadline']).toEqual({ dueAt: null, missing, policy: null, policyVersion: null });
    expect(await deadlineOf(filed)).toMatchObject({ dueAt: null, missing, basis: null, spans: [] });
  });

  it('POL-03 TKT-28 a later policy or calendar moves no decided deadline and decides the next ones', async () => {
    const receivedAt = '2026-01-05T09:00:00+08:00';
    const intake = { categoryCode: 'water-leak', receivedAt };
    const before = await service.ticket(intake);
    expect(before['deadline']['dueAt']).toBe('2026-01-06T03:30:00.000Z');
    const shorter = { amount: 2, unit: 'working-hours' };
    service.group.policy('tickets.sla.category.water-leak.resolve', 'HQ', shorter, {
      from: '2026-01-01T00:00:00.000Z',
    });
    service.group.calendar('office', { ...OFFICE, week: ALWAYS.week }, '2026-01-01T00:00:00.000Z');
    await service.learn();
    const after = await service.ticket(intake);
    expect(after['deadline']).toMatchObject({ dueAt: '2026-01-05T03:00:00.000Z', policyVersion: 2 });
    const { body } = await service.get(`/api/v1/tickets/${before['id']}`, 'eb1.cs-agent');
    expect(body['deadline']).toEqual(before['deadline']);
    const told = await deadlineOf(before);
    expect(told).toMatchObject({
      dueAt: '2026-01-06T03:30:00.000Z',
      basis: { policyVersion: 1, calendarVersion: 1 },
    });
    const done = await service.act(before, 'completion', { outcome: 'Seal replaced.' });
    expect(done).toMatchObject({ onTime: false, deadline: { dueAt: '2026-01-06T03:30:00.000Z' } });
    const earlier = await service.ticket({ ...intake, receivedAt: '2025-12-22T09:00:00+08:00' });
    expect(earlier['deadline']).toMatchObject({ dueAt: '2025-12-23T03:30:00.000Z', policyVersion: 1 });
  });
});
