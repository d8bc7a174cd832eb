import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '@steward/directory/testing';
import { nameId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { SmallGroup } from './organisation.builder.js';
import { days, itemsOf, OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const hours = (amount: number) => ({ amount, unit: 'calendar-hours' });

const set = (as: string, key: string, unit: string, value: unknown, more: object = {}): Promise<Answer> =>
  service.post('/api/v1/policies', as, { key, unitId: group.unit(unit), value, reason: '测试', ...more });

const effective = (as: string, key: string, unit: string, at?: string): Promise<Answer> =>
  service.get(`/api/v1/policies/effective?key=${key}&unitId=${group.unit(unit)}${at ? `&at=${at}` : ''}`, as);

const value = async (key: string, unit: string, at?: string): Promise<Item> =>
  itemsOf((await effective('hq.admin', key, unit, at)).body)[0]!;

const rows = (sql: string, values?: unknown[]): Promise<Item[]> => service.rows(sql, values);

beforeAll(async () => {
  service = await OrganisationUnderTest.start();
  group = await SmallGroup.make(service);
}, 60_000);

afterAll(() => service?.stop());

describe('the catalogue', () => {
  it('POL-01 every parameter has a type, levels, description and source, and says who sets it', async () => {
    const { body } = await service.get('/api/v1/policies/definitions', 'eb1.clerk');
    expect(itemsOf(body).length).toBeGreaterThan(5);
    for (const definition of itemsOf(body))
      expect(definition).toMatchObject({
        key: expect.any(String),
        type: expect.any(String),
        description: expect.stringMatching(/\w/),
        source: expect.stringMatching(/\w/),
        setBy: { branch: ['hq-admin', 'general-manager', 'branch-manager'] },
      });
    expect(itemsOf(body).find(({ key }) => key === 'tickets.sla.complaint.resolve')).toMatchObject({
      type: 'duration',
      default: { amount: 3, unit: 'calendar-days' },
    });
  });
});

describe('setting', () => {
  const KEY = 'tickets.sla.repair.resolve';

  it('POL-02 the most specific value wins; each comes with its version and origin', async () => {
    expect((await set('hq.admin', KEY, 'HQ', hours(48))).status).toBe(201);
    expect((await set('east.manager', KEY, 'East', hours(36))).status).toBe(201);
    expect(await set('eb1.manager', KEY, 'EB1', hours(24))).toMatchObject({
      status: 201,
      body: { version: 1, unitKind: 'branch', setBy: 'eb1.manager', reason: '测试', locked: false },
    });
    expect(await value(KEY, 'EB1')).toMatchObject({
      value: hours(24),
      from: 'branch',
      version: 1,
      missing: null,
    });
    expect(await value(KEY, 'EB2')).toMatchObject({ value: hours(36), from: 'region' });
    expect(await value(KEY, 'NB1')).toMatchObject({ value: hours(48), from: 'group' });
    expect(await value(KEY, 'EB1-S1')).toMatchObject({ from: 'branch' });
    expect(await value('tickets.sla.intake', 'EB1')).toMatchObject({
      value: hours(24),
      from: 'default',
      version: 0,
    });
  });

  it('POL-03 a value counts from its date on; versions go up, history stays', async () => {
    const key = 'tickets.sla.suggestion.resolve';
    const first = await set('eb1.manager', key, 'EB1', hours(10));
    const second = await set('eb1.manager', key, 'EB1', hours(5), { effectiveFrom: days(2) });
    expect([first.body['version'], second.body['version']]).toEqual([1, 2]);
    expect(await value(key, 'EB1')).toMatchObject({ value: hours(10), version: 1 });
    expect(await value(key, 'EB1', days(3))).toMatchObject({ value: hours(5), version: 2 });
    const { body } = await service.get(
      `/api/v1/policies?key=${key}&unitId=${group.unit('EB1')}`,
      'eb1.clerk',
    );
    expect(itemsOf(body).map(({ version, setBy, reason }) => [version, setBy, reason])).toEqual([
      [2, 'eb1.manager', '测试'],
      [1, 'eb1.manager', '测试'],
    ]);
    const policyId = nameId(group.unit('EB1'), key);
    const events = await rows(
      'select type, sequence::int, payload from outbox where aggregateid = $1 order by pos',
      [policyId],
    );
    expect(events).toMatchObject([
      {
        type: 'organisation.policy-set.v1',
        sequence: 1,
        payload: { key, version: 1, value: hours(10), unitKind: 'branch' },
      },
      { sequence: 2, payload: { version: 2 } },
    ]);
    const trail = await service.get(`/api/v1/audit/organisation?entityId=${policyId}`, 'eb1.manager');
    expect(itemsOf(trail.body)[0]).toMatchObject({
      actor: 'eb1.manager',
      action: 'set',
      reason: '测试',
      branchId: group.unit('EB1'),
    });
  });

  it('POL-03 only headquarters reaches back, and says why', async () => {
    const key = 'tickets.sla.inquiry.resolve';
    const effectiveFrom = '2011-01-01T00:00:00-05:00';
    expect(await set('eb1.manager', key, 'EB1', hours(1), { effectiveFrom })).toMatchObject({
      status: 403,
      body: { code: 'policy.backdated' },
    });
    expect(await set('hq.admin', key, 'EB1', hours(1), { effectiveFrom, reason: null })).toMatchObject({
      status: 422,
      body: { code: 'policy.reason-missing' },
    });
    expect((await set('hq.admin', key, 'EB1', hours(1), { effectiveFrom })).status).toBe(201);
    expect(await value(key, 'EB1', '2012-01-01T00:00:00Z')).toMatchObject({ value: hours(1) });
    expect(await effective('hq.admin', key, 'EB1', '2010-01-01T00:00:00Z')).toMatchObject({
      status: 422,
      body: { code: 'policy.missing' },
    });
  });

  it('POL-05 a parameter without a value is named, with who may set it', async () => {
    const missing = await effective('eb1.clerk', 'tickets.sla.hazard.resolve', 'EB1');
    expect(missing).toMatchObject({
      status: 422,
      body: { code: 'policy.missing', params: { key: 'tickets.sla.hazard.resolve' } },
    });
    expect(missing.body['detail']).toMatch(/tickets\.sla\.hazard\.resolve.*branch-manager/);
    const all = await service.get(`/api/v1/policies/effective?unitId=${group.unit('EB1')}`, 'eb1.clerk');
    expect(itemsOf(all.body).find(({ key }) => key === 'tickets.sla.hazard.resolve')).toMatchObject({
      value: null,
      missing: expect.stringContaining('can be set by'),
    });
  });

  it('POL-01 a value has to be of the type, the key one of the catalogue, the unit one of its levels', async () => {
    expect(await set('hq.admin', KEY, 'EB1', 'soon')).toMatchObject({
      status: 400,
      body: { code: 'policy.invalid-value' },
    });
    expect(await set('hq.admin', KEY, 'EB1', { amount: -1, unit: 'weeks' })).toMatchObject({ status: 400 });
    expect(await set('hq.admin', 'tickets.sla.colour', 'EB1', 'red')).toMatchObject({
      status: 422,
      body: { code: 'policy.key-unknown' },
    });
    expect(await set('hq.admin', KEY, 'EB1-S1', hours(1))).toMatchObject({
      status: 422,
      body: { code: 'policy.level-not-allowed' },
    });
    expect(await set('eb1.manager', KEY, 'EB1', hours(1), { locked: true })).toMatchObject({
      status: 422,
      body: { code: 'policy.not-lockable' },
    });
    expect(await effective('hq.admin', 'tickets.sla.colour', 'EB1')).toMatchObject({
      status: 422,
      body: { code: 'policy.key-unknown' },
    });
  });

  it('ORG-01 each level is set by its own people', async () => {
    expect((await set('eb1.clerk', KEY, 'EB1', hours(1))).status).toBe(403);
    expect(await set('eb1.manager', KEY, 'East', hours(1))).toMatchObject({
      status: 403,
      body: { code: 'policy.role-missing' },
    });
    expect((await set('eb1.manager', KEY, 'HQ', hours(1))).status).toBe(403);
    expect((await set('east.manager', KEY, 'HQ', hours(1))).status).toBe(403);
    expect((await set('eb1.manager', KEY, 'EB2', hours(1))).status).toBe(404);
    expect((await set('east.manager', KEY, 'North', hours(1))).status).toBe(404);
    expect((await effective('eb1.clerk', KEY, 'EB2')).status).toBe(404);
  });

  it('ORG-01 values of another branch or region are not listed', async () => {
    await set('hq.admin', KEY, 'NB1', hours(2));
    await set('hq.admin', KEY, 'North', hours(3));
    const seen = async (as: string) =>
      new Set(
        itemsOf((await service.get(`/api/v1/policies?key=${KEY}`, as)).body).map(({ unitId }) => unitId),
      );
    const of = (...codes: string[]) => new Set(codes.map((code) => group.unit(code)));
    expect(await seen('eb1.clerk')).toEqual(of('HQ', 'East', 'EB1'));
    expect(await seen('eb1.engineer')).toEqual(of('HQ', 'East', 'EB1'));
    expect(await seen('demo-partner')).toEqual(of('HQ', 'East', 'EB1'));
    expect(await seen('hq.auditor')).toEqual(of('HQ', 'East', 'EB1', 'NB1', 'North'));
  });

  it('the same value of the same date again changes nothing', async () => {
    const effectiveFrom = days(30);
    const first = await set('eb1.manager', KEY, 'EB1', hours(7), { effectiveFrom });
    const again = await set('eb1.manager', KEY, 'EB1', hours(7), { effectiveFrom });
    expect(again).toMatchObject({
      status: 201,
      body: { id: first.body['id'], version: first.body['version'] },
    });
  });

  it('setters at the same time get versions one after another', async () => {
    const key = 'tickets.sla.category.rush.resolve';
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => set('eb1.manager', key, 'EB1', hours(n))),
    );
    expect(answers.map(({ body }) => Number(body['version'])).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('POL-02 locks', () => {
  const KEY = 'tickets.sla.emergency.resolve';

  it('POL-02 a lock from above refuses, and names who locked it; lifting it frees', async () => {
    await set('hq.admin', KEY, 'EB1', hours(9));
    expect((await set('hq.admin', KEY, 'HQ', hours(1), { locked: true })).status).toBe(201);
    expect(await value(KEY, 'EB1')).toMatchObject({ value: hours(1), from: 'group' });
    for (const [as, unit] of [
      ['eb1.manager', 'EB1'],
      ['east.manager', 'East'],
      ['hq.admin', 'EB1'],
    ] as const) {
      const refused = await set(as, KEY, unit, hours(2));
      expect(refused).toMatchObject({
        status: 409,
        body: {
          code: 'policy.locked',
          params: { key: KEY, lockedBy: 'hq.admin', unitKind: 'group', unitName: '示范集团' },
        },
      });
      expect(refused.body['detail']).toContain('hq.admin');
    }
    await set('hq.admin', KEY, 'HQ', hours(1), { locked: false });
    expect((await set('eb1.manager', KEY, 'EB1', hours(2))).status).toBe(201);
    expect(await value(KEY, 'EB1')).toMatchObject({ value: hours(2), from: 'branch' });
  });

  it('POL-02 a region locks its own branches only, from the date of the lock on', async () => {
    const key = 'tickets.sla.paid-service.resolve';
    await set('east.manager', key, 'East', hours(4), { locked: true, effectiveFrom: days(10) });
    expect((await set('eb1.manager', key, 'EB1', hours(5), { effectiveFrom: days(9) })).status).toBe(201);
    expect((await set('eb1.manager', key, 'EB1', hours(5), { effectiveFrom: days(11) })).status).toBe(409);
    expect((await set('hq.admin', key, 'NB1', hours(5), { effectiveFrom: days(11) })).status).toBe(201);
    expect(await value(key, 'EB1', days(9.5))).toMatchObject({ value: hours(5), from: 'branch' });
    expect(await value(key, 'EB1', days(11))).toMatchObject({ value: hours(4), from: 'region' });
  });
});

describe('profiles', () => {
  const profile = (unit: string, n = 3) => ({
    reason: '导入 2011 年档案',
    values: Array.from({ length: n }, (_, i) => ({
      key: `tickets.sla.category.type-${i}.resolve`,
      unit,
      value: hours(i + 1),
      effectiveFrom: '2011-01-01T00:00:00Z',
    })),
  });

  it('sets a thousand values at once, and the second time none', async () => {
    const body = profile('NB1', 1000);
    const first = await service.post('/api/v1/policies/batch', 'hq.admin', body);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ set: 1000, unchanged: 0 });
    expect((await service.post('/api/v1/policies/batch', 'hq.admin', body)).body).toMatchObject({
      set: 0,
      unchanged: 1000,
      items: [],
    });
    expect(await value('tickets.sla.category.type-999.resolve', 'NB1', '2011-06-01T00:00:00Z')).toMatchObject(
      { value: hours(1000) },
    );
    const over = profile('NB1', 1001);
    expect((await service.post('/api/v1/policies/batch', 'hq.admin', over)).status).toBe(400);
  });

  it('is set whole or not at all, and says which value is at fault', async () => {
    const body = profile('EB1');
    body.values[2]!.unit = 'EB2';
    const now = { ...body, values: body.values.map((each) => ({ ...each, effectiveFrom: days(1) })) };
    const refused = await service.post('/api/v1/policies/batch', 'eb1.manager', now);
    expect(refused).toMatchObject({
      status: 404,
      body: { code: 'policy.unit-unknown', errors: [{ path: 'values.2' }] },
    });
    expect(
      itemsOf(
        (
          await service.get(
            '/api/v1/policies?prefix=tickets.sla.category.type-&unitId=' + group.unit('EB1'),
            'hq.admin',
          )
        ).body,
      ),
    ).toEqual([]);
    const bad = { values: [{ key: 'tickets.sla.intake', unit: 'EB1', value: 'soon' }] };
    expect(await service.post('/api/v1/policies/batch', 'hq.admin', bad)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'values.0.value' }] },
    });
    const nameless = { values: [{ key: 'tickets.sla.intake', value: hours(1) }] };
    expect((await service.post('/api/v1/policies/batch', 'hq.admin', nameless)).status).toBe(400);
  });

  it('POL-02 a lock in the profile binds the values below in the same profile', async () => {
    const key = 'tickets.sla.category.lock-in-profile.resolve';
    const values = [
      { key, unit: 'HQ', value: hours(1), locked: true, effectiveFrom: days(1) },
      { key, unit: 'EB1', value: hours(2), effectiveFrom: days(2) },
    ];
    const refused = await service.post('/api/v1/policies/batch', 'hq.admin', { values });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'policy.locked', errors: [{ path: 'values.1' }] },
    });
  });
});

describe('POL-04 changes reach the services', () => {
  it('POL-04 the copy in a service follows within seconds, without restart', async () => {
    const key = 'tickets.sla.category.copied.resolve';
    await set('eb1.manager', key, 'EB1', hours(3));
    await eventually(async () => {
      const copied = await rows('select value from directory_policy where key = $1', [key]);
      return copied.length === 1 && (copied[0]!['value'] as Item)['amount'] === 3;
    });
  });
});
