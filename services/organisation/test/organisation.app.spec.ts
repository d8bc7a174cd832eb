import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SmallGroup } from './organisation.builder.js';
import { itemsOf, OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const codes = (body: Item): unknown[] => itemsOf(body).map((unit) => unit['code']);
const rows = (sql: string, values?: unknown[]): Promise<Item[]> => service.rows(sql, values);

beforeAll(async () => {
  service = await OrganisationUnderTest.start();
  group = await SmallGroup.make(service);
}, 60_000);

afterAll(() => service?.stop());

describe('first start', () => {
  it('makes the group and its first administrator once, with trail and events', async () => {
    const made = await rows(
      "select type, actor from (select type, headers->>'ce_actor' actor, pos from outbox where headers->>'ce_actor' = 'bootstrap' order by pos) o",
    );
    expect(made.map((row) => row['type'])).toEqual([
      'organisation.unit-registered.v1',
      'organisation.employee-registered.v1',
      'organisation.role-granted.v1',
    ]);
    const trail = await rows("select action from audit where actor = 'bootstrap' order by pos");
    expect(trail.map((row) => row['action'])).toEqual(['register', 'register', 'grant']);
    const again = await import('../src/index.js').then(({ createApp }) => createApp(service.config));
    await again.stop();
    expect(await rows("select 1 from unit where kind = 'group'")).toHaveLength(1);
    expect(await rows("select 1 from employee where subject = 'hq.admin'")).toHaveLength(1);
  });
});

describe('who gets in', () => {
  it('ORG-01 without a role nothing but oneself is shown', async () => {
    const me = await service.get('/api/v1/me', 'stranger');
    expect(me).toMatchObject({
      status: 200,
      body: { subject: 'stranger', employee: null, grants: [], units: [] },
    });
    for (const path of ['units', 'employees', 'grants', 'policies', 'calendars'])
      expect(await service.get(`/api/v1/${path}`, 'stranger')).toMatchObject({
        status: 403,
        body: { code: 'access.role-missing' },
      });
  });

  it('ORG-01 a partner sees the structure of the branches of its grant, and nobody who works there', async () => {
    const seen = await service.get('/api/v1/units', 'demo-partner');
    expect(codes(seen.body)).toEqual(['EB1', 'EB1-S1', 'East', 'HQ']);
    expect((await service.get('/api/v1/employees', 'demo-partner')).status).toBe(403);
  });

  it('tells callers who they are, which roles they hold and what the units are called', async () => {
    const { body } = await service.get('/api/v1/me', 'eb1.engineer');
    const [site, branch] = [group.unit('EB1-S1'), group.unit('EB1')];
    expect(body).toMatchObject({
      subject: 'eb1.engineer',
      kind: 'person',
      employee: { id: group.employee('eb1.engineer'), name: 'Name of eb1.engineer', homeUnitId: branch },
      grants: [{ role: 'engineer', level: 'site', units: [site], refs: [branch] }],
    });
    expect((body['units'] as Item[]).map((unit) => unit['code']).sort()).toEqual(['EB1', 'EB1-S1']);
    const hq = await service.get('/api/v1/me', 'hq.admin');
    expect(hq.body).toMatchObject({
      grants: [{ role: 'hq-admin', units: '*' }],
      units: [{ kind: 'group', code: 'HQ' }],
    });
  });
});

describe('units', () => {
  it.each([
    ['eb1.clerk', ['EB1', 'EB1-S1', 'East', 'HQ']],
    ['eb1.engineer', ['EB1', 'EB1-S1', 'East', 'HQ']],
    ['east.manager', ['EB1', 'EB1-S1', 'EB2', 'EB2-S1', 'East', 'HQ']],
    ['hq.auditor', ['EB1', 'EB1-S1', 'EB2', 'EB2-S1', 'East', 'HQ', 'NB1', 'North']],
  ])('ORG-01 %s sees %j', async (login, expected) => {
    const { body } = await service.get('/api/v1/units', login);
    expect(codes(body).sort()).toEqual([...expected].sort());
  });

  it('ORG-01 another branch is not there, by no route', async () => {
    const foreign = group.unit('EB2');
    const site = { kind: 'site', parentId: foreign, code: 'X', name: 'X' };
    expect(await service.get(`/api/v1/units/${foreign}`, 'eb1.manager')).toMatchObject({
      status: 404,
      body: { code: 'unit.not-found' },
    });
    expect((await service.patch(`/api/v1/units/${foreign}`, 'eb1.manager', { name: 'X' }, 1)).status).toBe(
      404,
    );
    expect((await service.post('/api/v1/units', 'eb1.manager', site)).status).toBe(404);
    expect(itemsOf((await service.get(`/api/v1/units?branchId=${foreign}`, 'eb1.manager')).body)).toEqual([]);
  });

  it('ORG-01 headquarters keeps the structure, a branch its sites, nobody else anything', async () => {
    const site = { kind: 'site', parentId: group.unit('EB1'), code: 'EB1-S2', name: '世纪大厦' };
    expect((await service.post('/api/v1/units', 'eb1.clerk', site)).status).toBe(403);
    const made = await service.post('/api/v1/units', 'eb1.manager', site);
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'site', branchId: group.unit('EB1'), version: 1, active: true },
    });
    expect(made.headers.get('etag')).toBe('"v1"');
    const branch = { kind: 'branch', parentId: group.unit('East'), code: 'EB9', name: 'X' };
    for (const login of ['eb1.manager', 'east.manager'])
      expect(await service.post('/api/v1/units', login, branch)).toMatchObject({
        status: 403,
        body: { code: 'unit.role-missing' },
      });
    expect(
      (await service.patch(`/api/v1/units/${group.unit('EB1')}`, 'eb1.manager', { name: 'X' }, 1)).status,
    ).toBe(403);
    expect(
      (await service.patch(`/api/v1/units/${group.unit('EB1')}`, 'east.manager', { name: '上海' }, 1)).status,
    ).toBe(200);
  });

  it('a code is given once, and units stand where they belong', async () => {
    const unit = (kind: string, code: string, parent: string) => ({
      kind,
      code,
      name: 'X',
      parentId: group.unit(parent),
    });
    const post = (body: object) => service.post('/api/v1/units', 'hq.admin', body);
    expect(await post(unit('branch', 'EB1', 'North'))).toMatchObject({
      status: 409,
      body: { code: 'unit.code-taken' },
    });
    expect((await post(unit('site', 'EB1-S1', 'EB2'))).status).toBe(201);
    expect(await post(unit('site', 'EB1-S1', 'EB1'))).toMatchObject({ status: 409 });
    expect(await post(unit('site', 'S', 'East'))).toMatchObject({
      status: 422,
      body: { code: 'unit.parent-does-not-fit' },
    });
    expect(await post({ ...unit('site', 'S', 'EB1'), parentId: randomUUID() })).toMatchObject({
      status: 404,
    });
    expect(await post({ ...unit('site', 'S', 'EB1'), calendarId: randomUUID() })).toMatchObject({
      status: 422,
      body: { code: 'unit.calendar-unknown' },
    });
  });

  it('ORG-02 a change names the version it was made from, and stands in the trail with its reason', async () => {
    const id = await group.addUnit('site', 'EB1-S3', 'EB1');
    const change = { name: '新名称', reason: '更名' };
    const path = `/api/v1/units/${id}`;
    expect(await service.patch(path, 'eb1.manager', change)).toMatchObject({
      status: 428,
      body: { code: 'precondition.required' },
    });
    expect(await service.patch(path, 'eb1.manager', change, 7)).toMatchObject({
      status: 412,
      body: { code: 'precondition.stale' },
    });
    expect(await service.patch(path, 'eb1.manager', change, 1)).toMatchObject({
      status: 200,
      body: { name: '新名称', version: 2 },
    });
    const { body } = await service.get(`/api/v1/audit/organisation?entityId=${id}`, 'eb1.manager');
    expect(itemsOf(body)[0]).toMatchObject({
      actor: 'eb1.manager',
      action: 'change',
      reason: '更名',
      changes: [{ field: 'name', from: 'Unit EB1-S3', to: '新名称' }],
    });
    const events = await rows('select type, sequence::int from outbox where aggregateid = $1 order by pos', [
      id,
    ]);
    expect(events).toEqual([
      { type: 'organisation.unit-registered.v1', sequence: 1 },
      { type: 'organisation.unit-changed.v1', sequence: 2 },
    ]);
  });

  it('a branch with open sites does not close; closed units open from the top', async () => {
    const branch = await group.addUnit('branch', 'NB9', 'North');
    const site = await group.addUnit('site', 'NB9-S1', 'NB9');
    const set = (id: string, active: boolean, version: number) =>
      service.patch(`/api/v1/units/${id}`, 'hq.admin', { active }, version);
    expect(await set(branch, false, 1)).toMatchObject({
      status: 409,
      body: { code: 'unit.open-units-below', params: { count: 1 } },
    });
    expect((await set(site, false, 1)).status).toBe(200);
    expect((await set(branch, false, 1)).status).toBe(200);
    expect(await set(site, true, 2)).toMatchObject({ status: 409, body: { code: 'unit.parent-closed' } });
    const another = { kind: 'site', parentId: branch, code: 'NB9-S2', name: 'X' };
    expect(await service.post('/api/v1/units', 'hq.admin', another)).toMatchObject({
      status: 409,
      body: { code: 'unit.parent-closed' },
    });
    expect((await set(branch, true, 2)).status).toBe(200);
    expect((await set(site, true, 2)).status).toBe(200);
    expect(
      codes((await service.get('/api/v1/units?kind=site&active=true&parentId=' + branch, 'hq.admin')).body),
    ).toEqual(['NB9-S1']);
  });

  it('a repeated command with its key is done once', async () => {
    const body = { kind: 'site', parentId: group.unit('EB1'), code: 'EB1-S8', name: 'X' };
    const key = randomUUID();
    const [first, second] = await Promise.all(
      [0, 1].map(() => service.post('/api/v1/units', 'eb1.manager', body, { key })),
    );
    expect([first!.status, second!.status]).toEqual([201, 201]);
    expect(first!.body).toEqual(second!.body);
    const other = await service.post('/api/v1/units', 'eb1.manager', { ...body, name: 'Y' }, { key });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key-reused' } });
  });
});

describe('bad requests', () => {
  it.each([
    ['POST', 'units', '{"kind":'],
    ['POST', 'units', { kind: 'planet', parentId: 'x', code: '', name: '' }],
    ['POST', 'units', { kind: 'site', parentId: randomUUID(), code: 'a b', name: 'X' }],
    [
      'POST',
      'units',
      { kind: 'branch', parentId: randomUUID(), code: 'A', name: 'X', timeZone: 'Mars/Olympus' },
    ],
    ['POST', 'units', []],
    ['POST', 'employees', { subject: '', name: 'X', homeUnitId: randomUUID() }],
    ['POST', 'employees', { subject: 'a b', name: 'X', homeUnitId: randomUUID() }],
    ['POST', 'employees', { subject: 'x', name: 'X', homeUnitId: randomUUID(), phone: '<script>' }],
    ['POST', 'employees', { subject: 'x', name: 'X', homeUnitId: randomUUID(), admin: true }],
    ['POST', `employees/${randomUUID()}/grants`, { role: 'emperor', unitId: randomUUID() }],
    ['POST', 'employees/not-a-uuid/grants', { role: 'driver', unitId: randomUUID() }],
    ['PATCH', `units/${randomUUID()}`, {}],
    ['PATCH', `employees/${randomUUID()}`, { reason: 'nothing' }],
    ['GET', 'units?colour=red', undefined],
    ['GET', 'units?limit=1000', undefined],
    ['GET', 'audit/organisation?from=yesterday', undefined],
  ])('%s %s %j is answered with problem+json', async (method, path, body) => {
    const answer = await service.call(method, `/api/v1/${path}`, 'hq.admin', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status: 400,
      code: expect.any(String),
      correlationId: expect.any(String),
    });
  });

  it('NUL characters and huge bodies are refused without a fault of ours', async () => {
    const site = { kind: 'site', parentId: group.unit('EB1'), code: 'S9', name: 'a\u0000b' };
    expect((await service.post('/api/v1/units', 'hq.admin', site)).status).toBe(400);
    expect(
      (await service.post('/api/v1/units', 'hq.admin', { ...site, name: 'x'.repeat(2_000_000) })).status,
    ).toBe(413);
  });
});
