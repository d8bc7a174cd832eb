import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CalendarDefined,
  MonthClosed,
  PolicySet,
  RoleGranted,
  RoleRevoked,
  UnitChanged,
  UnitRegistered,
} from '@steward/contracts';
import { definePolicy, newId, type BusinessCalendar } from '@steward/kernel';
import { GROUP_SCOPE } from '@steward/platform';
import { eventually } from '@steward/testing';
import { DirectoryWorld, grant, NOW, policy, unit } from '../test/directory.world.js';

let world: DirectoryWorld;

const HQ = unit('group', 'HQ', null, { timeZone: 'Asia/Shanghai', locale: 'zh-CN' });
const East = unit('region', 'East', HQ, { timeZone: 'Asia/Urumqi' });
const EB1 = unit('branch', 'EB1', East, { timeZone: 'Asia/Shanghai', locale: 'en' });
const EB2 = unit('branch', 'EB2', East);
const NB1 = unit('branch', 'NB1', HQ);
const S1 = unit('site', 'EB1-S1', EB1);

beforeAll(async () => {
  world = await DirectoryWorld.create();
  await world.apply(...[HQ, East, EB1, EB2, NB1, S1].map((one) => [UnitRegistered, one] as const));
}, 60_000);
afterAll(() => world?.close());

const later = (days: number): string => new Date(NOW.getTime() + days * 86_400_000).toISOString();

describe('units', () => {
  it('are found by id and branches by code, each with its place', async () => {
    const { directory } = world;
    expect(await directory.branch(EB1.unitId)).toMatchObject({
      code: 'EB1',
      timeZone: 'Asia/Shanghai',
      active: true,
    });
    expect(await directory.branchByCode('EB2')).toMatchObject({ id: EB2.unitId });
    expect(await directory.branchByCode('East')).toBeUndefined();
    expect(await directory.branch(S1.unitId)).toBeUndefined();
    expect(await directory.unit(S1.unitId)).toMatchObject({ kind: 'site', branchId: EB1.unitId });
    expect((await directory.branches()).map(({ code }) => code).sort()).toEqual(['EB1', 'EB2', 'NB1']);
  });

  it('take zone and language from above where they have none of their own', async () => {
    const placeOf = async (id: string) => {
      const found = await world.directory.unit(id);
      return [found!.timeZone, found!.locale];
    };
    expect(await placeOf(EB1.unitId)).toEqual(['Asia/Shanghai', 'en']);
    expect(await placeOf(S1.unitId)).toEqual(['Asia/Shanghai', 'en']);
    expect(await placeOf(EB2.unitId)).toEqual(['Asia/Urumqi', 'zh-CN']);
    expect(await placeOf(NB1.unitId)).toEqual(['Asia/Shanghai', 'zh-CN']);
  });

  it('POL-02 tell the path from the branch up, with and without a region', async () => {
    const path = { groupId: HQ.unitId, regionId: East.unitId, branchId: EB1.unitId };
    expect(await world.directory.pathOf(EB1.unitId)).toEqual(path);
    expect(await world.directory.pathOf(NB1.unitId)).toEqual({ groupId: HQ.unitId, branchId: NB1.unitId });
    expect(await world.directory.pathOf(newId())).toBeUndefined();
  });

  it('change with their events, and the same event again changes nothing', async () => {
    const changed = { ...EB2, name: 'East Branch 2', active: false };
    await world.apply([UnitChanged, changed], [UnitChanged, changed]);
    expect(await world.directory.branch(EB2.unitId)).toMatchObject({ name: 'East Branch 2', active: false });
    await world.apply([UnitChanged, EB2]);
  });
});

describe('the copy', () => {
  it('takes a new revision with each change, and every reader sees it within a second', async () => {
    const before = await world.repository.revision();
    world.elsewhere.onModuleInit();
    const fresh = unit('branch', 'NB7', HQ);
    expect(await world.elsewhere.branchByCode('NB7')).toBeUndefined();
    await world.apply([UnitRegistered, fresh]);
    expect(BigInt(await world.repository.revision())).toBe(BigInt(before) + 1n);
    const seen = () => world.elsewhere.branchByCode('NB7');
    expect(await eventually(seen, { timeoutMs: 1000, intervalMs: 20 })).toMatchObject({ id: fresh.unitId });
  });

  it('is read once while nothing changes, whoever asks', async () => {
    const [one, two] = await Promise.all([world.directory.branches(), world.directory.branches()]);
    expect(one[0]).toBe(two[0]);
    expect(await world.directory.branch(EB1.unitId)).toBe(await world.directory.branch(EB1.unitId));
  });

  it('ORG-01 is closed to the role that routes work under', async () => {
    const look = world.app.read(GROUP_SCOPE, (tx) => tx.query('select * from directory_grant'));
    await expect(look).rejects.toMatchObject({ code: '42501' });
  });
});

describe('closed months', () => {
  it('GRP-02 tell which facts are late, by the zone of the branch; a repeat changes nothing', async () => {
    const closed = { monthId: newId(), month: '2026-02', closedAt: later(0) };
    const late = async (branch: string, at: string): Promise<boolean> =>
      (await world.directory.lateRule())(branch, new Date(at));
    expect(await late(EB1.unitId, '2026-02-10T00:00:00.000Z')).toBe(false);
    await world.apply([MonthClosed, closed, EB1.unitId], [MonthClosed, closed, EB1.unitId]);
    expect(await late(EB1.unitId, '2026-01-31T15:59:59.999Z')).toBe(false);
    expect(await late(EB1.unitId, '2026-01-31T16:00:00.000Z')).toBe(true);
    expect(await late(EB1.unitId, '2026-02-28T16:00:00.000Z')).toBe(false);
    expect(await late(EB2.unitId, '2026-02-10T00:00:00.000Z')).toBe(false);
  });
});

describe('bindings', () => {
  it('cover what their unit covers: all, the region’s branches, one branch, one site', async () => {
    await world.apply(
      [RoleGranted, grant('hq', 'hq-admin', HQ)],
      [RoleGranted, grant('east', 'general-manager', East)],
      [RoleGranted, grant('eb1', 'cs-agent', EB1)],
      [RoleGranted, grant('s1', 'engineer', S1)],
    );
    const { directory } = world;
    expect(await directory.grantsOf('hq')).toEqual([
      { role: 'hq-admin', level: 'group', units: '*', refs: '*' },
    ]);
    const [region] = await directory.grantsOf('east');
    expect(region).toMatchObject({ role: 'general-manager', level: 'region' });
    expect(new Set(region!.units)).toEqual(new Set([EB1.unitId, EB2.unitId]));
    expect(await directory.grantsOf('eb1')).toEqual([
      { role: 'cs-agent', level: 'branch', units: [EB1.unitId], refs: [EB1.unitId] },
    ]);
    expect(await directory.grantsOf('s1')).toEqual([
      { role: 'engineer', level: 'site', units: [S1.unitId], refs: [EB1.unitId] },
    ]);
    expect(await directory.grantsOf('nobody')).toEqual([]);
  });

  it('a new branch of the region belongs to who holds a role there', async () => {
    const EB3 = unit('branch', 'EB3', East);
    await world.apply([UnitRegistered, EB3]);
    const [region] = await world.directory.grantsOf('east');
    expect(region!.units).toContain(EB3.unitId);
  });

  it('lesson 9: one person holds different roles in several branches', async () => {
    await world.apply(
      [RoleGranted, grant('both', 'cs-agent', EB1)],
      [RoleGranted, grant('both', 'auditor', EB2)],
    );
    const held = await world.directory.grantsOf('both');
    expect(held.map(({ role, units }) => [role, units]).sort()).toEqual([
      ['auditor', [EB2.unitId]],
      ['cs-agent', [EB1.unitId]],
    ]);
  });

  it('count from their first day until their last, without any event', async () => {
    await world.apply([
      RoleGranted,
      grant('guest', 'cs-agent', EB1, { validFrom: later(1), validTo: later(3) }),
    ]);
    const held = async (): Promise<number> => (await world.directory.grantsOf('guest')).length;
    expect(await held()).toBe(0);
    expect(await world.directory.grantsOf('guest', new Date(later(1)))).toHaveLength(1);
    world.clock.advance(86_400_000);
    expect(await held()).toBe(1);
    world.clock.advance(2 * 86_400_000 - 1);
    expect(await held()).toBe(1);
    world.clock.advance(1);
    expect(await held()).toBe(0);
  });

  it('end when they are revoked; a repeat or a grant that comes again does not revive them', async () => {
    const given = grant('leaver', 'cs-agent', EB1);
    const { validFrom: _from, validTo: _to, ...rest } = given;
    await world.apply([RoleGranted, given]);
    expect(await world.directory.grantsOf('leaver')).toHaveLength(1);
    const revoked = { ...rest, revokedAt: NOW.toISOString() };
    await world.apply([RoleRevoked, revoked], [RoleRevoked, revoked], [RoleGranted, given]);
    expect(await world.directory.grantsOf('leaver')).toEqual([]);
  });

  it('of a unit that has not come yet cover nothing until it comes', async () => {
    const EB8 = unit('branch', 'EB8', East);
    await world.apply([RoleGranted, grant('early', 'cs-agent', EB8)]);
    expect(await world.directory.grantsOf('early')).toEqual([]);
    await world.apply([UnitRegistered, EB8]);
    expect(await world.directory.grantsOf('early')).toMatchObject([{ units: [EB8.unitId] }]);
  });

  it('tell the roles of an employee over one record', async () => {
    const employeeId = newId();
    await world.apply(
      [RoleGranted, grant('worker', 'engineer', S1, { employeeId })],
      [RoleGranted, grant('worker', 'auditor', EB2, { employeeId })],
    );
    const over = (branch: string, siteId: string | null = null) =>
      world.directory.rolesOver(employeeId, { branchId: branch, siteId });
    expect(await over(EB1.unitId, S1.unitId)).toEqual(['engineer']);
    expect(await over(EB1.unitId)).toEqual([]);
    expect(await over(EB2.unitId)).toEqual(['auditor']);
    expect(await world.directory.rolesOver(newId(), { branchId: EB1.unitId })).toEqual([]);
  });
});

describe('policies', () => {
  const WAIT = definePolicy({
    key: 'spec.wait.{kind}',
    type: 'integer',
    lockable: true,
    levels: ['group', 'region', 'branch'],
    description: 'For this spec.',
    source: 'practice',
  });
  const wait = (branchId: string, at = NOW) => world.policies.find(WAIT, branchId, at, { kind: 'x' });

  it('POL-02 POL-03 resolve by level and date, and a locked value above wins', async () => {
    expect(await wait(EB1.unitId)).toBeUndefined();
    await world.apply(
      [PolicySet, policy('spec.wait.x', HQ, 1)],
      [PolicySet, policy('spec.wait.x', East, 2)],
      [PolicySet, policy('spec.wait.x', EB1, 3)],
      [PolicySet, policy('spec.wait.x', EB1, 4, { version: 2, effectiveFrom: later(10) })],
    );
    expect(await wait(EB1.unitId)).toMatchObject({ value: 3, from: 'branch', version: 1 });
    expect(await wait(EB1.unitId, new Date(later(10)))).toMatchObject({ value: 4, version: 2 });
    expect(await wait(EB2.unitId)).toMatchObject({ value: 2, from: 'region' });
    expect(await wait(NB1.unitId)).toMatchObject({ value: 1, from: 'group' });
    await world.apply([PolicySet, policy('spec.wait.x', East, 5, { version: 2, locked: true })]);
    expect(await wait(EB1.unitId)).toMatchObject({ value: 5, from: 'region' });
  });

  it('POL-05 a missing one is named', async () => {
    const asked = world.policies.resolve(WAIT, EB1.unitId, NOW, { kind: 'y' });
    await expect(asked).rejects.toMatchObject({
      code: 'policy.missing',
      detail: expect.stringContaining('spec.wait.y'),
    });
    await expect(world.policies.resolve(WAIT, newId(), NOW, { kind: 'x' })).rejects.toMatchObject({
      code: 'branch.unknown',
    });
  });

  it('a version that is known stays as it is', async () => {
    await world.apply([PolicySet, policy('spec.wait.x', HQ, 99)]);
    expect(await wait(NB1.unitId)).toMatchObject({ value: 1 });
  });
});

describe('calendars', () => {
  const week = { 1: [{ from: '09:00', to: '17:00' }], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] };
  const calendar: BusinessCalendar = { timeZone: 'Asia/Shanghai', week, holidays: {}, makeUpDays: {} };
  const group = { calendarId: newId(), version: 1, name: 'group', calendar, effectiveFrom: later(-10) };
  const own = { calendarId: newId(), version: 1, name: 'own', calendar, effectiveFrom: later(-10) };
  const nameOf = async (branchId: string, at = NOW) => {
    const { name, version } = await world.calendars.of(branchId, at);
    return `${name} ${version}`;
  };

  it('are missing until somebody sets one', async () => {
    await expect(world.calendars.of(EB1.unitId, NOW)).rejects.toMatchObject({
      kind: 'unprocessable',
      code: 'calendar.missing',
    });
  });

  it('come from the nearest unit above that has one, by date; versions stay', async () => {
    await world.apply([CalendarDefined, group], [UnitChanged, { ...HQ, calendarId: group.calendarId }]);
    expect(await nameOf(EB1.unitId)).toBe('group 1');
    await world.apply([CalendarDefined, own], [UnitChanged, { ...EB1, calendarId: own.calendarId }]);
    expect([await nameOf(EB1.unitId), await nameOf(EB2.unitId)]).toEqual(['own 1', 'group 1']);
    await world.apply([CalendarDefined, { ...own, version: 2, effectiveFrom: later(5) }]);
    expect([await nameOf(EB1.unitId), await nameOf(EB1.unitId, new Date(later(5)))]).toEqual([
      'own 1',
      'own 2',
    ]);
    expect(await nameOf(EB1.unitId, new Date(later(-99)))).toBe('own 1');
    expect(await world.calendars.version(own.calendarId, 1)).toMatchObject({ calendar });
    await expect(world.calendars.version(own.calendarId, 3)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('a unit that names a calendar which has not come yet takes the next above meanwhile', async () => {
    await world.apply([UnitChanged, { ...EB2, calendarId: newId() }]);
    expect(await nameOf(EB2.unitId)).toBe('group 1');
  });
});

describe('persons', () => {
  it('ORG-04 have a name until they are erased', async () => {
    const [one, two] = [newId(), newId()];
    await world.statePerson(one, '王晓梅');
    await world.statePerson(two, '李强');
    await world.statePerson(two, '李大强');
    const names = () => world.directory.personNames([one, two]);
    expect(Object.fromEntries(await names())).toEqual({ [one]: '王晓梅', [two]: '李大强' });
    await world.statePerson(one, null);
    await world.statePerson(one, null);
    expect(Object.fromEntries(await names())).toEqual({ [two]: '李大强' });
    const [row] = await world.worker.read(GROUP_SCOPE, (tx) =>
      tx.query<{ n: string }>('select count(*) n from directory_person where employee_id = $1', [one]),
    );
    expect(row!.n).toBe('0');
    expect((await world.directory.personNames([])).size).toBe(0);
  });
});
