import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallGroup } from './organisation.builder.js';
import { days, itemsOf, OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const rows = (sql: string, values?: unknown[]): Promise<Item[]> => service.rows(sql, values);

beforeAll(async () => {
  service = await OrganisationUnderTest.start();
  group = await SmallGroup.make(service);
}, 60_000);

afterAll(() => service?.stop());

describe('calendars', () => {
  const OFFICE = [{ from: '08:30', to: '17:30' }];
  const calendar = {
    timeZone: 'Asia/Shanghai',
    week: { 1: OFFICE, 2: OFFICE, 3: OFFICE, 4: OFFICE, 5: OFFICE, 6: [], 7: [] },
    holidays: { '2026-10-01': '国庆节' },
    makeUpDays: { '2026-10-10': { name: '国庆节调休' } },
  };
  const define = (as: string, more: object = {}) =>
    service.post('/api/v1/calendars', as, {
      name: '日历',
      calendar,
      effectiveFrom: '2026-01-01T00:00:00+08:00',
      ...more,
    });

  it('are kept by headquarters for the group and by a manager for his branch; units refer to them', async () => {
    const general = await define('hq.admin');
    expect(general).toMatchObject({
      status: 201,
      body: { branchId: null, version: 1, calendar, definedBy: 'hq.admin' },
    });
    const own = await define('eb1.manager', { branchId: group.unit('EB1') });
    expect(own).toMatchObject({ status: 201, body: { branchId: group.unit('EB1') } });
    expect(await define('eb1.manager')).toMatchObject({
      status: 403,
      body: { code: 'calendar.role-missing' },
    });
    expect((await define('eb1.manager', { branchId: group.unit('EB2') })).status).toBe(404);
    expect((await define('hq.admin', { branchId: group.unit('East') })).status).toBe(404);
    expect((await service.get(`/api/v1/calendars/${String(own.body['id'])}`, 'eb2.manager')).status).toBe(
      404,
    );
    expect((await service.get(`/api/v1/calendars/${String(general.body['id'])}`, 'eb2.manager')).status).toBe(
      200,
    );
    expect(itemsOf((await service.get('/api/v1/calendars', 'eb1.engineer')).body)).toHaveLength(2);
    const give = (unit: string, calendarId: unknown, as = 'hq.admin') =>
      service.patch(`/api/v1/units/${group.unit(unit)}`, as, { calendarId }, 1);
    expect((await give('EB1', own.body['id'], 'east.manager')).status).toBe(200);
    expect(await give('EB2', own.body['id'])).toMatchObject({
      status: 422,
      body: { code: 'unit.calendar-unknown' },
    });
    expect((await give('EB2', general.body['id'])).status).toBe(200);
  });

  it('POL-03 a change is a new dated version made from the last one', async () => {
    const { body: first } = await define('eb1.manager', { branchId: group.unit('EB1'), name: '夏令' });
    const path = `/api/v1/calendars/${String(first['id'])}/versions`;
    const changed = { calendar: { ...calendar, holidays: {} }, effectiveFrom: days(1), reason: '更正' };
    expect((await service.post(path, 'eb1.manager', changed)).status).toBe(428);
    expect((await service.post(path, 'eb1.manager', changed, { match: 9 })).status).toBe(412);
    expect(await service.post(path, 'eb1.manager', changed, { match: 1 })).toMatchObject({
      status: 201,
      body: { version: 2, name: '夏令' },
    });
    const past = { ...changed, effectiveFrom: days(-1) };
    expect(await service.post(path, 'eb1.manager', past, { match: 2 })).toMatchObject({
      status: 403,
      body: { code: 'calendar.backdated' },
    });
    expect((await service.post(path, 'hq.admin', past, { match: 2 })).status).toBe(201);
    expect((await service.post(path, 'eb2.manager', changed, { match: 3 })).status).toBe(404);
    const { body } = await service.get(path, 'eb1.clerk');
    expect(itemsOf(body).map(({ version, reason }) => [version, reason])).toEqual([
      [3, '更正'],
      [2, '更正'],
      [1, null],
    ]);
    const events = await rows(
      'select sequence::int, payload from outbox where aggregateid = $1 order by pos',
      [first['id']],
    );
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(events[0]!['payload']).toMatchObject({ version: 1, calendar });
  });

  it('a calendar with mistakes is refused, each named', async () => {
    const wrong = {
      ...calendar,
      timeZone: 'Mars/Olympus',
      holidays: { '2026-10-10': 'X' },
      week: { ...calendar.week, 1: [...OFFICE, ...OFFICE] },
    };
    const refused = await define('hq.admin', { calendar: wrong });
    expect(refused).toMatchObject({ status: 400, body: { code: 'calendar.invalid' } });
    expect((refused.body['errors'] as Item[]).map(({ path }) => path)).toEqual([
      'timeZone',
      'week.1',
      'makeUpDays.2026-10-10',
    ]);
    expect((await define('hq.admin', { calendar: { ...calendar, week: {} } })).status).toBe(400);
    expect((await define('hq.admin', { calendar: { ...calendar, holidays: { someday: 'X' } } })).status).toBe(
      400,
    );
  });
});
