import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '@steward/directory/testing';
import { eventually } from '@steward/testing';
import { randomUUID } from 'node:crypto';
import { SmallGroup } from './organisation.builder.js';
import { days, itemsOf, OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const value = async (key: string, unit: string, at: string): Promise<Item> => {
  const path = `/api/v1/policies/effective?key=${key}&unitId=${group.unit(unit)}&at=${at}`;
  return itemsOf((await service.get(path, 'hq.admin')).body)[0]!;
};
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

describe('imports', () => {
  async function upload(
    kind: string,
    csv: string,
    as = 'hq.admin',
    fields: Record<string, string> = {},
  ): Promise<Answer> {
    const form = new FormData();
    for (const [name, text] of Object.entries(fields)) form.set(name, text);
    form.set('file', new Blob([csv], { type: 'text/csv' }), `${kind}.csv`);
    const headers = { authorization: `Bearer ${service.issuer.token(as)}` };
    const answer = await fetch(`${service.running.url}/api/v1/imports?kind=${kind}`, {
      method: 'POST',
      headers,
      body: form,
    });
    return { status: answer.status, headers: answer.headers, text: '', body: (await answer.json()) as Item };
  }

  async function run(
    kind: string,
    csv: string,
    fields: Record<string, string> = {},
  ): Promise<{ job: Item; problems: Item[] }> {
    const { status, body } = await upload(kind, csv, 'hq.admin', fields);
    expect(status).toBe(202);
    const path = `/api/v1/imports/${String(body['id'])}`;
    const job = await eventually(async () => {
      const { body: now } = await service.get(path, 'hq.admin');
      return now['endedAt'] !== null && now['state'] !== 'uploaded' && now['state'] !== 'running' && now;
    });
    const { body: problems } = await service.get(`${path}/rows?state=rejected`, 'hq.admin');
    return { job, problems: itemsOf(problems) };
  }

  it('units come in under units of the same file; bad rows are named, good ones are in', async () => {
    const csv = [
      'kind,parent,code,name',
      'region,HQ,West,西部大区',
      'branch,West,WB1,成都分公司',
      'site,WB1,WB1-S1,锦江花园',
      'site,WB9,WB9-S1,不存在',
      'branch,West,EB1,代码重复',
      'planet,HQ,X,火星',
    ].join('\n');
    const { job, problems } = await run('units', csv);
    expect(job['rows']).toMatchObject({ created: 3, rejected: 3 });
    expect(problems.map((row) => [row['rowNumber'], row['code']])).toEqual([
      [5, 'unit.parent-unknown'],
      [6, 'unit.code-taken'],
      [7, 'import.invalid-value'],
    ]);
    const { body } = await service.get('/api/v1/units?code=WB1', 'hq.admin');
    expect(itemsOf(body)).toMatchObject([{ kind: 'branch', timeZone: 'Asia/Shanghai', active: true }]);
    expect((await run('units', csv.split('\n').slice(0, 4).join('\n'))).job['rows']).toMatchObject({
      unchanged: 3,
    });
    const renamed = 'kind,parent,code,name\nbranch,West,WB1,蓉城分公司';
    expect((await run('units', renamed)).job['rows']).toMatchObject({ rejected: 1 });
    expect((await run('units', renamed, { mode: 'update' })).job['rows']).toMatchObject({ updated: 1 });
  });

  it('employees come in with their roles, one row per role', async () => {
    const csv = [
      'subject,name,phone,home,role,unit',
      'wb1.clerk,李雷,13812345678,WB1,cs-agent,WB1',
      'wb1.clerk,李雷,13812345678,WB1,front-desk,WB1-S1',
      'wb1.boss,韩梅梅,,WB1,hq-admin,WB1',
      'wb1.plain,吉姆,,WB1,,',
      'wb1.half,露西,,WB1,driver,',
    ].join('\n');
    const { job, problems } = await run('employees', csv);
    expect(job['rows']).toMatchObject({ created: 2, updated: 1, rejected: 2 });
    expect(problems.map((row) => row['rowNumber'])).toEqual([4, 6]);
    await service.holds('wb1.clerk', 2);
    expect((await run('employees', csv.split('\n').slice(0, 3).join('\n'))).job['rows']).toMatchObject({
      unchanged: 2,
    });
    expect(await rows("select 1 from employee where subject = 'wb1.boss'")).toEqual([]);
    const moved = 'subject,name,phone,home\nwb1.plain,吉姆·格林,13800000000,WB1';
    expect((await run('employees', moved, { mode: 'update' })).job['rows']).toMatchObject({ updated: 1 });
  });

  it('POL-03 policies come in dated back; a dry run changes nothing', async () => {
    const csv = [
      'key,unit,value,effectiveFrom,reason',
      'tickets.sla.category.noise.resolve,WB1,"{""amount"": 5, ""unit"": ""calendar-days""}",2011-01-01T00:00:00Z,history',
      'tickets.sla.category.heat.resolve,WB1,"{""amount"": 1, ""unit"": ""calendar-days""}",2011-01-01T00:00:00Z,history',
      'tickets.sla.category.cold.resolve,WB1,five days,2011-01-01T00:00:00Z,history',
      'tickets.sla.category.cold.resolve,WB1,5,2011-01-01T00:00:00Z,history',
    ].join('\n');
    const dry = await run('policies', csv, { dryRun: 'true' });
    expect(dry.job['rows']).toMatchObject({ created: 2, rejected: 2 });
    expect(await rows("select 1 from policy where key like '%noise%'")).toEqual([]);
    const { job, problems } = await run('policies', csv);
    expect(job['rows']).toMatchObject({ created: 2, rejected: 2 });
    expect(problems.map((row) => row['rowNumber'])).toEqual([4, 5]);
    const { body } = await service.get('/api/v1/units?code=WB1', 'hq.admin');
    group.units.set('WB1', String(itemsOf(body)[0]!['id']));
    expect(await value('tickets.sla.category.noise.resolve', 'WB1', '2011-07-01T00:00:00Z')).toMatchObject({
      value: { amount: 5 },
    });
    expect((await run('policies', csv.split('\n').slice(0, 3).join('\n'))).job['rows']).toMatchObject({
      unchanged: 2,
    });
  });

  it('ORG-01 only headquarters imports them', async () => {
    for (const kind of ['units', 'employees', 'policies'])
      expect((await upload(kind, 'key\nx', 'eb1.manager')).status).toBe(403);
  });
});

describe('ORG-02 the trail over HTTP', () => {
  const trail = (as: string, query = '', accept?: string) =>
    service.get(`/api/v1/audit/organisation${query}`, as, accept ? { headers: { accept } } : {});

  it('ORG-01 a manager reads the trail of his branch, headquarters all of it, a clerk none', async () => {
    const branches = async (as: string) =>
      new Set(itemsOf((await trail(as, '?limit=200')).body).map(({ branchId }) => branchId));
    expect(await branches('eb1.manager')).toEqual(new Set([group.unit('EB1')]));
    expect((await branches('hq.auditor')).size).toBeGreaterThan(3);
    expect((await trail('eb1.clerk')).status).toBe(403);
    expect((await trail('eb1.manager', '/verification')).status).toBe(403);
    expect(itemsOf((await trail('eb1.manager', `?branchId=${group.unit('EB2')}`)).body)).toEqual([]);
  });

  it('ORG-02 is filtered by record, kind, actor and time', async () => {
    const { body } = await trail(
      'hq.auditor',
      `?entity=calendar&actor=hq.admin&action=define&from=${days(-1)}&to=${days(1)}`,
    );
    expect(itemsOf(body).length).toBeGreaterThan(0);
    for (const row of itemsOf(body))
      expect(row).toMatchObject({ entity: 'calendar', actor: 'hq.admin', action: 'define' });
    expect(itemsOf((await trail('hq.auditor', `?to=${days(-1)}`)).body)).toEqual([]);
  });

  it('ORG-02 is exported whole as CSV, formulas defused, personal values masked', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({
      key: `tickets.sla.category.many-${n}.resolve`,
      unit: 'NB1',
      value: { amount: n + 1, unit: 'minutes' },
    }));
    await service.make('/api/v1/policies/batch', 'hq.admin', { values: many });
    const id = await group.addEmployee(`csv.${randomUUID()}`, 'EB1', '王"小",晓');
    await service.patch(`/api/v1/employees/${id}`, 'eb1.hr', { name: 'Y', reason: '=1+1' }, 1);
    const file = await trail('hq.auditor', '', 'text/csv');
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toContain('audit-organisation.csv');
    const [count] = await rows(
      'select sum(greatest(jsonb_array_length(changes), 1))::int n from audit where pos <= (select max(pos) from audit)',
    );
    const lines = file.text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/at,actor,branch/);
    expect(lines.length - 1).toBe(count!['n']);
    expect(lines.length).toBeGreaterThan(1000);
    expect(file.text).toContain("'=1+1");
    expect(file.text).not.toContain('王"');
    const own = await trail('eb1.manager', '', 'text/csv');
    expect(own.text).not.toContain(group.unit('EB2'));
  });

  it('ORG-02 verification finds a changed row', async () => {
    await eventually(async () => (await trail('hq.auditor', '/verification')).body['unsealed'] === 0);
    expect((await trail('hq.auditor', '/verification')).body).toMatchObject({ ok: true, faults: [] });
    await rows(
      "alter table audit disable trigger audit_append_only; update audit set reason = 'forged' where chain_seq = 2 and branch_id is null",
    );
    expect(await trail('hq.admin', '/verification?after=AAAA')).toMatchObject({
      status: 400,
      body: { code: 'list.bad-cursor', errors: [{ path: 'after', code: 'bad-cursor' }] },
    });
    const { body } = await trail('hq.admin', '/verification');
    expect(body).toMatchObject({
      ok: false,
      faults: [{ branchId: null, sequence: '2', fault: expect.stringContaining('changed') }],
    });
  });
});
