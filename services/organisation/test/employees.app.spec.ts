import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SmallGroup } from './organisation.builder.js';
import { itemsOf, OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const rows = (sql: string, values?: unknown[]): Promise<Item[]> => service.rows(sql, values);

beforeAll(async () => {
  service = await OrganisationUnderTest.start();
  group = await SmallGroup.make(service);
}, 60_000);

afterAll(() => service?.stop());

describe('employees', () => {
  it('ORG-01 a branch sees its own staff and who holds a role in it', async () => {
    const logins = async (as: string) =>
      itemsOf((await service.get('/api/v1/employees?limit=200', as)).body).map((row) => row['subject']);
    expect(await logins('eb2.clerk')).toEqual(['eb2.clerk', 'eb2.manager']);
    expect(await logins('eb1.engineer')).toEqual(['eb1.engineer']);
    await group.grant('eb1.clerk', 'front-desk', 'EB2');
    expect(await logins('eb2.clerk')).toEqual(['eb1.clerk', 'eb2.clerk', 'eb2.manager']);
    expect(await logins('hq.auditor')).toContain('hq.admin');
    const foreign = `/api/v1/employees/${group.employee('eb1.manager')}`;
    for (const path of [foreign, `${foreign}/grants`])
      expect(await service.get(path, 'eb2.manager')).toMatchObject({
        status: 404,
        body: { code: 'employee.not-found' },
      });
  });

  it('ORG-01 the database itself keeps branches apart, whatever a route asks', async () => {
    const [own, other] = [group.unit('EB2'), group.unit('EB1')];
    const app = new pg.Client({ connectionString: service.database.appUrl });
    await app.connect();
    const as = async (sql: string, scope = `${own};${own};${own}`): Promise<number | null> => {
      await app.query('begin');
      try {
        await app.query("select set_config('app.scope', $1, true)", [scope]);
        return (await app.query(sql)).rowCount;
      } finally {
        await app.query('rollback');
      }
    };
    const clerk = group.employee('eb1.clerk');
    const ofOther = `where branch_id = '${other}'`;
    expect(await as(`select 1 from unit ${ofOther} union all select 1 from role_grant ${ofOther}`)).toBe(0);
    expect(await as(`select 1 from employee ${ofOther} and id <> '${clerk}'`)).toBe(0);
    // He holds a role in EB2 too: EB2 may move his record on, but his name and phone stay with EB1.
    expect(await as(`update employee set version = version + 1 where id = '${clerk}'`)).toBe(1);
    expect(await as(`update employee_person set name = 'X' where employee_id = '${clerk}'`)).toBe(0);
    expect(await as(`delete from employee_person where employee_id = '${clerk}'`)).toBe(0);
    expect(await as(`update unit set name = 'X' where id in ('${other}', '${group.unit('East')}')`)).toBe(0);
    const site = (branch: string) =>
      `insert into unit (id, kind, parent_id, branch_id, code, name, version) values (gen_random_uuid(), 'site', '${branch}', '${branch}', 'Q', 'Q', 1)`;
    await expect(as(site(other))).rejects.toMatchObject({ code: '42501' });
    expect(await as(site(own))).toBe(1);
    await expect(as('select 1 from unit_above')).rejects.toMatchObject({ code: '42501' });
    await expect(as('delete from policy_value')).rejects.toMatchObject({ code: '42501' });
    await expect(as('select 1 from unit', '')).rejects.toThrow('app.scope is not set');
    await app.end();
  });

  it('ORG-01 personnel registers people of its own branch', async () => {
    const person = (home: string) => ({
      subject: `new.${randomUUID()}`,
      name: '新人',
      homeUnitId: group.unit(home),
    });
    for (const login of ['eb1.hr', 'eb1.manager', 'hq.admin']) {
      const made = await service.post('/api/v1/employees', login, person('EB1-S1'));
      expect(made).toMatchObject({
        status: 201,
        body: { branchId: group.unit('EB1'), phone: null, version: 1 },
      });
    }
    expect((await service.post('/api/v1/employees', 'eb1.hr', person('EB2'))).status).toBe(404);
    expect(await service.post('/api/v1/employees', 'eb1.hr', person('East'))).toMatchObject({
      status: 403,
      body: { code: 'employee.role-missing' },
    });
    expect((await service.post('/api/v1/employees', 'eb1.clerk', person('EB1'))).status).toBe(403);
    const twice = { ...person('EB1'), subject: 'eb2.clerk' };
    expect(await service.post('/api/v1/employees', 'eb1.hr', twice)).toMatchObject({
      status: 409,
      body: { code: 'employee.subject-taken' },
    });
  });

  it('ORG-03 phones are masked everywhere; who needs one reads it and is logged', async () => {
    const id = group.employee('eb1.clerk');
    const path = `/api/v1/employees/${id}`;
    for (const login of ['eb1.clerk', 'eb1.manager', 'hq.auditor', 'hq.admin'])
      expect((await service.get(path, login)).body).toMatchObject({
        phone: '***1234',
        name: 'Name of eb1.clerk',
      });
    const full = await service.get(`${path}/personal-data`, 'eb1.hr');
    expect(full).toMatchObject({ status: 200, body: { employeeId: id, phone: '139 0000 1234' } });
    const { body } = await service.get(
      `/api/v1/audit/organisation?entityId=${id}&action=read-personal-data`,
      'hq.auditor',
    );
    expect(itemsOf(body)).toMatchObject([{ actor: 'eb1.hr', branchId: group.unit('EB1'), changes: [] }]);
    expect((await service.get(`${path}/personal-data`, 'eb1.clerk')).status).toBe(403);
    expect((await service.get(`${path}/personal-data`, 'hq.auditor')).status).toBe(403);
    // Holds a role in EB2 as well, yet EB2 does not employ him.
    expect((await service.get(`${path}/personal-data`, 'eb2.manager')).status).toBe(403);
    const trail = JSON.stringify(
      (await service.get(`/api/v1/audit/organisation?entityId=${id}`, 'hq.auditor')).body,
    );
    expect(trail).not.toContain('139 0000 1234');
  });

  it('a corrected phone moves the version on, travels to the copies, and is no fact of the history', async () => {
    const id = await group.addEmployee('eb1.temp', 'EB1');
    const path = `/api/v1/employees/${id}`;
    expect((await service.patch(path, 'eb1.hr', { phone: '13911112222' })).status).toBe(428);
    const changed = await service.patch(path, 'eb1.hr', { phone: '13911112222', reason: '换号' }, 1);
    expect(changed).toMatchObject({ status: 200, body: { phone: '***2222', version: 2 } });
    expect((await service.patch(path, 'eb1.hr', { name: 'X' }, 1)).status).toBe(412);
    const [latest] = await rows('select value from personal_outbox where key = $1', [id]);
    expect(latest!['value']).toMatchObject({
      name: 'Name of eb1.temp',
      phone: '13911112222',
      branchId: group.unit('EB1'),
    });
    await group.grant('eb1.temp', 'driver', 'EB1');
    const events = await rows('select type, sequence::int from outbox where aggregateid = $1 order by pos', [
      id,
    ]);
    expect(events.map((row) => row['sequence'])).toEqual([1, 2]);
    expect(
      JSON.stringify(await rows('select payload, headers from outbox where aggregateid = $1', [id])),
    ).not.toMatch(/1391111|Name of/);
  });

  it('a list pages in a stable order and ends', async () => {
    const seen: unknown[] = [];
    for (let after = ''; ;) {
      const { body } = await service.get(`/api/v1/employees?limit=3${after}`, 'hq.admin');
      seen.push(...itemsOf(body).map((row) => row['subject']));
      if (body['next'] === null) break;
      after = `&after=${String(body['next'])}`;
    }
    const [count] = await rows('select count(*)::int n from employee');
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toHaveLength(count!['n'] as number);
    expect(await service.get('/api/v1/employees?after=nonsense', 'hq.admin')).toMatchObject({
      status: 400,
      body: { code: 'list.bad-cursor' },
    });
  });
});

describe('roles', () => {
  it('ORG-01 one person holds four roles in two branches, each where it was given', async () => {
    await group.addEmployee('many.hats', 'EB1');
    await group.grant('many.hats', 'cs-agent', 'EB1');
    await group.grant('many.hats', 'engineer', 'EB1-S1');
    await group.grant('many.hats', 'cs-supervisor', 'EB2');
    await group.grant('many.hats', 'driver', 'EB2');
    await service.holds('many.hats', 4);
    const { body } = await service.get('/api/v1/me', 'many.hats');
    const of = (role: string) => (body['grants'] as Item[]).find((grant) => grant['role'] === role)!['units'];
    expect([of('cs-agent'), of('engineer'), of('cs-supervisor'), of('driver')]).toEqual([
      [group.unit('EB1')],
      [group.unit('EB1-S1')],
      [group.unit('EB2')],
      [group.unit('EB2')],
    ]);
    const own = await service.get(`/api/v1/employees/${group.employee('many.hats')}/grants`, 'eb2.manager');
    expect(itemsOf(own.body).map((grant) => grant['role'])).toEqual(['cs-supervisor', 'driver']);
    // To read the staff he has roles in both branches; none of them lets him write.
    expect(
      (
        await service.post('/api/v1/units', 'many.hats', {
          kind: 'site',
          parentId: group.unit('EB1'),
          code: 'S',
          name: 'X',
        })
      ).status,
    ).toBe(403);
  });

  it('ORG-01 a manager gives roles below his own in his branch, never to himself', async () => {
    const id = await group.addEmployee('eb1.new', 'EB1');
    const grant = (as: string, role: string, unit: string, employee = id) =>
      service.post(`/api/v1/employees/${employee}/grants`, as, { role, unitId: group.unit(unit) });
    expect(await grant('eb1.manager', 'cs-agent', 'EB1')).toMatchObject({
      status: 201,
      body: { state: 'active', grantedBy: 'eb1.manager' },
    });
    expect((await grant('east.manager', 'engineer', 'EB1-S1')).status).toBe(201);
    expect(await grant('eb1.manager', 'hr', 'EB1')).toMatchObject({
      status: 403,
      body: { code: 'grant.not-allowed' },
    });
    expect((await grant('eb1.manager', 'branch-manager', 'EB1')).status).toBe(403);
    expect((await grant('eb1.manager', 'hq-admin', 'HQ')).status).toBe(403);
    expect((await grant('eb1.manager', 'cs-agent', 'EB2')).status).toBe(404);
    expect((await grant('eb2.manager', 'cs-agent', 'EB2')).status).toBe(404);
    expect((await grant('eb1.clerk', 'cs-agent', 'EB1')).status).toBe(403);
    expect(await grant('eb1.manager', 'cashier', 'EB1', group.employee('eb1.manager'))).toMatchObject({
      status: 403,
      body: { code: 'grant.own' },
    });
    expect(await grant('eb1.manager', 'cs-agent', 'EB1')).toMatchObject({
      status: 409,
      body: { code: 'grant.already-granted' },
    });
    expect(await grant('hq.admin', 'hq-auditor', 'EB1')).toMatchObject({
      status: 422,
      body: { code: 'grant.role-does-not-fit' },
    });
    expect((await grant('hq.admin', 'customer', 'EB1')).status).toBe(422);
  });

  it('ORG-01 a role ends at its date by itself', async () => {
    const id = await group.addEmployee('eb1.temporary', 'EB1');
    const path = `/api/v1/employees/${id}/grants`;
    const unitId = group.unit('EB1');
    const soon = new Date(Date.now() + 2_500).toISOString();
    const past = new Date(Date.now() - 1000).toISOString();
    expect(await service.post(path, 'hq.admin', { role: 'driver', unitId, validTo: past })).toMatchObject({
      status: 422,
      body: { code: 'grant.bad-period' },
    });
    await service.make(path, 'hq.admin', { role: 'cs-agent', unitId, validTo: soon });
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const planned = await service.make(path, 'hq.admin', { role: 'driver', unitId, validFrom: later });
    expect(planned['state']).toBe('planned');
    await service.holds('eb1.temporary', 1);
    await service.holds('eb1.temporary', 0);
    expect((await service.get('/api/v1/units', 'eb1.temporary')).status).toBe(403);
  });

  it('ORG-01 a revocation works within seconds, is final and stands in the trail', async () => {
    const id = await group.addEmployee('eb1.leaver', 'EB1');
    const grantId = await group.grant('eb1.leaver', 'cs-agent', 'EB1');
    await service.holds('eb1.leaver', 1);
    const path = `/api/v1/employees/${id}/grants/${grantId}/revocation`;
    expect((await service.post(path, 'eb2.manager', { reason: 'X' })).status).toBe(404);
    expect((await service.post(path, 'eb1.manager', {})).status).toBe(400);
    const began = performance.now();
    const revoked = await service.post(path, 'eb1.manager', { reason: '离职' });
    expect(revoked).toMatchObject({
      status: 200,
      body: { state: 'revoked', revokedBy: 'eb1.manager', revocationReason: '离职' },
    });
    await eventually(async () => (await service.get('/api/v1/units', 'eb1.leaver')).status === 403);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await service.post(path, 'eb1.manager', { reason: 'X' })).toMatchObject({
      status: 409,
      body: { code: 'grant.already-revoked' },
    });
    const { body } = await service.get(
      `/api/v1/audit/organisation?entityId=${id}&action=revoke`,
      'eb1.manager',
    );
    expect(itemsOf(body)).toMatchObject([{ actor: 'eb1.manager', reason: '离职' }]);
    const listed = await service.get(`/api/v1/grants?employeeId=${id}&revoked=true`, 'eb1.clerk');
    expect(itemsOf(listed.body)).toMatchObject([{ id: grantId, role: 'cs-agent' }]);
  });

  it('the last administrator stays', async () => {
    const { body } = await service.get('/api/v1/grants?role=hq-admin', 'hq.admin');
    const [only] = itemsOf(body);
    const path = `/api/v1/employees/${String(only!['employeeId'])}/grants/${String(only!['id'])}/revocation`;
    expect(await service.post(path, 'hq.admin', { reason: 'X' })).toMatchObject({
      status: 409,
      body: { code: 'grant.last-administrator' },
    });
  });
});

describe('ORG-04 erasure', () => {
  const erase = (id: string, as: string, version: number) =>
    service.post(`/api/v1/employees/${id}/erasure`, as, { reason: '离职满两年' }, { match: version });

  it('ORG-04 a legal hold stops it', async () => {
    const id = await group.addEmployee('eb1.held', 'EB1');
    const hold = (held: boolean, match: number, as = 'hq.admin') =>
      service.post(`/api/v1/employees/${id}/legal-hold`, as, { held, reason: '仲裁' }, { match });
    expect((await hold(true, 1, 'eb1.hr')).status).toBe(403);
    expect(await hold(true, 1)).toMatchObject({ status: 200, body: { legalHold: true, version: 2 } });
    expect(await erase(id, 'eb1.hr', 2)).toMatchObject({
      status: 409,
      body: { code: 'employee.legal-hold' },
    });
    expect((await hold(false, 2)).status).toBe(200);
    expect((await erase(id, 'eb1.hr', 3)).status).toBe(200);
  });

  it('ORG-04 values go here, in the trail and in the copies; roles end; chain and history stay whole', async () => {
    const id = await group.addEmployee('eb1.gone', 'EB1', '独一无二的名字');
    await group.grant('eb1.gone', 'cs-agent', 'EB1');
    await group.grant('eb1.gone', 'driver', 'EB2');
    await service.holds('eb1.gone', 2);
    await service.get(`/api/v1/employees/${id}/personal-data`, 'eb1.hr');
    await eventually(
      async () => (await rows('select 1 from directory_person where employee_id = $1', [id])).length === 1,
    );
    expect((await erase(id, 'eb1.manager', 3)).status).toBe(403);
    expect((await erase(id, 'eb1.hr', 1)).status).toBe(412);
    const erased = await erase(id, 'eb1.hr', 3);
    expect(erased).toMatchObject({ status: 200, body: { name: null, phone: null, version: 6 } });
    expect(await rows('select 1 from employee_person where employee_id = $1', [id])).toEqual([]);
    expect(await rows('select 1 from audit_personal where person_id = $1', [id])).toEqual([]);
    await eventually(async () => {
      const [out] = await rows(
        'select value, published_version = version as sent from personal_outbox where key = $1',
        [id],
      );
      return out?.['value'] === null && out['sent'];
    });
    await eventually(
      async () => (await rows('select 1 from directory_person where employee_id = $1', [id])).length === 0,
    );
    await eventually(async () => (await service.get('/api/v1/units', 'eb1.gone')).status === 403);
    const events = await rows('select type, sequence::int from outbox where aggregateid = $1 order by pos', [
      id,
    ]);
    expect(events.map((row) => String(row['type']).split('.')[1])).toEqual([
      'employee-registered',
      'role-granted',
      'role-granted',
      'role-revoked',
      'role-revoked',
      'employee-erased',
    ]);
    expect(events.map((row) => row['sequence'])).toEqual([1, 2, 3, 4, 5, 6]);
    await eventually(async () => {
      const { body } = await service.get('/api/v1/audit/organisation/verification', 'hq.auditor');
      return body['unsealed'] === 0 && body['ok'] === true;
    });
    const tables = await rows(
      "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    for (const { table_name: table } of tables)
      expect([
        table,
        JSON.stringify(await rows(`select * from "${String(table)}"`)).includes('独一无二的名字'),
      ]).toEqual([table, false]);
    expect(await erase(id, 'eb1.hr', 6)).toMatchObject({ status: 409, body: { code: 'employee.erased' } });
    const again = { role: 'cs-agent', unitId: group.unit('EB1') };
    expect(await service.post(`/api/v1/employees/${id}/grants`, 'eb1.manager', again)).toMatchObject({
      status: 409,
      body: { code: 'grant.employee-erased' },
    });
    expect(await service.get(`/api/v1/employees/${id}/personal-data`, 'eb1.hr')).toMatchObject({
      status: 409,
      body: { code: 'employee.erased' },
    });
  });

  it('ORG-04 another branch cannot erase, nor learn that somebody is there', async () => {
    await group.addEmployee('eb2.hr', 'EB2');
    await group.grant('eb2.hr', 'hr', 'EB2');
    await service.holds('eb2.hr', 1);
    expect((await erase(group.employee('eb1.hr'), 'eb2.hr', 1)).status).toBe(404);
    expect((await erase(group.employee('eb1.clerk'), 'eb2.hr', 1)).status).toBe(404);
  });
});
