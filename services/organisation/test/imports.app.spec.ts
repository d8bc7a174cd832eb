import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { SmallGroup } from './organisation.builder.js';
import { itemsOf, OrganisationUnderTest, type Answer, type Item } from './organisation.harness.js';

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
    const headers = { authorization: `Bearer ${service.token(as)}` };
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
