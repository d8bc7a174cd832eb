import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '@steward/directory/testing';
import { eventually } from '@steward/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { RetentionService } from '../src/customer/retention.service.js';
import { AccountsUnderTest } from './accounts.harness.js';

let service: AccountsUnderTest;
beforeAll(async () => void (service = await AccountsUnderTest.start()), 60_000);
afterAll(() => service?.stop());

const path = (customer: Json, more = ''): string => `/api/v1/customers/${customer['id']}${more}`;
const events = (id: string): Promise<Json[]> =>
  service.rows(
    'select type, sequence, payload, branch branch_id from outbox where aggregateid = $1 order by sequence',
    [id],
  );
const types = async (id: string): Promise<string[]> =>
  (await events(id)).map((row) => row['type'].split('.')[1]);
const phoneOf = (): string => `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;

describe('ACC-01 the customer master', () => {
  it('takes a customer in with a number of the branch, facts without personal values, and a trail', async () => {
    const customer = await service.customer({
      name: '欧阳锋',
      phones: ['13900001234'],
      idNumber: '31010119900101123X',
    });
    expect(customer).toMatchObject({ name: '欧阳锋', phones: ['***1234'], version: 1, active: true });
    expect(customer['number']).toMatch(/^EB1-C-\d{4}-\d{6}$/);
    const told = await events(customer['id']);
    expect(told.map(({ type, sequence }) => [type, Number(sequence)])).toEqual([
      ['accounts.customer-registered.v1', 1],
      ['accounts.customer-linked.v1', 2],
    ]);
    expect(JSON.stringify(told)).not.toContain('欧阳锋');
    const [trail] = await service.rows('select changes from audit where entity_id = $1', [customer['id']]);
    expect(JSON.stringify(trail)).not.toContain('31010119900101123X');
    const [person] = await service.rows('select value from personal_outbox where key = $1', [customer['id']]);
    expect(person!['value']).toMatchObject({
      name: '欧阳锋',
      phones: ['13900001234'],
      branchIds: [service.group.id('EB1')],
    });
  });

  it('answers a repeated command with the same customer', async () => {
    const body = service.person({ acceptDuplicates: true, name: '重复' });
    const key = randomUUID();
    const first = await service.post('/api/v1/customers', 'eb1.cs-agent', body, { key });
    const again = await service.post('/api/v1/customers', 'eb1.cs-agent', body, { key });
    expect([first.status, again.text]).toEqual([201, first.text]);
  });

  it('changes only the version that was seen, and says what changed without its value', async () => {
    const customer = await service.customer();
    const change = { phones: ['13911112222'], reason: '客户来电更新' };
    expect((await service.patch(path(customer), 'eb1.cs-agent', change)).status).toBe(428);
    expect((await service.patch(path(customer), 'eb1.cs-agent', change, 7)).status).toBe(412);
    const after = await service.patch(path(customer), 'eb1.cs-agent', change, 1);
    expect(after.body).toMatchObject({ version: 2, phones: ['***2222'] });
    expect((await events(customer['id'])).at(-1)).toMatchObject({
      type: 'accounts.customer-changed.v1',
      payload: { fields: ['phones'] },
    });
  });

  it.each([
    ['an unknown site', { siteId: randomUUID() }, 404, 'customer.site-unknown'],
    ['a bad phone', { phones: ['call me'] }, 400, 'request.invalid-body'],
    ['an unknown field', { nickname: 'x' }, 400, 'request.invalid-body'],
    ['no name', { name: ' ' }, 400, 'request.invalid-body'],
  ])('refuses %s', async (_title, changes, status, code) => {
    const body = service.person({ acceptDuplicates: true, ...changes });
    expect(await service.post('/api/v1/customers', 'eb1.cs-agent', body)).toMatchObject({
      status,
      body: { code },
    });
  });

  it('finds by the beginning of a name, its pinyin, a phone, its end, a number', async () => {
    const customer = await service.customer({ name: '司徒浩然', phones: ['+86 137 1111 9876'] });
    for (const search of ['司徒浩', 'situhao', '137 1111', '9876', customer['number']]) {
      const { body } = await service.get(
        `/api/v1/customers?search=${encodeURIComponent(search)}`,
        'eb1.cs-agent',
      );
      expect(body['items'].map((item: Json) => item['id'])).toContain(customer['id']);
    }
    const strange = await service.get(
      `/api/v1/customers?search=${encodeURIComponent('司徒%')}`,
      'eb2.cs-agent',
    );
    expect(strange.body['items']).toEqual([]);
  });
});

describe('ORG-01 who sees a customer', () => {
  it('its branch, headquarters, and at a site only what is linked there', async () => {
    const ofBranch = await service.customer();
    const ofSite = await service.make(
      '/api/v1/customers',
      's1.clerk',
      service.person({ siteId: service.group.id('EB1-S1'), acceptDuplicates: true }),
    );
    const sees = async (customer: Json, as: string) => (await service.get(path(customer), as)).status;
    expect([
      await sees(ofBranch, 'hq.auditor'),
      await sees(ofBranch, 'eb2.cs-agent'),
      await sees(ofBranch, 's1.clerk'),
    ]).toEqual([200, 404, 404]);
    expect([
      await sees(ofSite, 'eb1.security'),
      await sees(ofSite, 's1.clerk'),
      await sees(ofSite, 's2.clerk'),
    ]).toEqual([200, 200, 404]);
  });

  it('a list of ids gives those of them that the caller sees', async () => {
    const [one, other] = [await service.customer(), await service.customer()];
    const found = async (as: string) => {
      const ids = `${one['id']},${other['id']},${randomUUID()}`;
      const { body } = await service.get(`/api/v1/customers?ids=${ids}`, as);
      return body['items'].map((item: Json) => item['id']).sort();
    };
    expect(await found('eb1.cs-agent')).toEqual([one['id'], other['id']].sort());
    expect(await found('eb2.cs-agent')).toEqual([]);
    expect((await service.get('/api/v1/customers?ids=x', 'eb1.cs-agent')).status).toBe(400);
  });

  it('a site-bound clerk does not register for the whole branch or another site', async () => {
    for (const siteId of [null, service.group.id('EB1-S2')])
      expect(
        (
          await service.post(
            '/api/v1/customers',
            's1.clerk',
            service.person({ siteId, acceptDuplicates: true }),
          )
        ).status,
      ).toBe(404);
  });

  it('nobody comes to see a customer by writing a link, whatever a route would ask', async () => {
    const [own, stranger] = [service.group.id('EB2'), await service.customer()];
    const app = new pg.Client({ connectionString: service.database.appUrl });
    await app.connect();
    const as = async (sql: string, values: unknown[]): Promise<number | null> => {
      await app.query('begin');
      try {
        await app.query("select set_config('app.scope', $1, true)", [`${own};${own};${own}`]);
        return (await app.query(sql, values)).rowCount;
      } finally {
        await app.query('rollback');
      }
    };
    const id = stranger['id'];
    const link = `insert into customer_branch (id, customer_id, branch_id, how, linked_at, linked_by)
      values (gen_random_uuid(), $1, $2, 'registered', now(), 'x')`;
    await expect(as(link, [id, own])).rejects.toThrow('row-level security');
    await expect(as('select keep_customer_keys($1, $2)', [id, '[]'])).rejects.toThrow('out of scope');
    expect(await as('select 1 from customer_person where customer_id = $1', [id])).toBe(0);
    expect(await as('update customer_person set name = $2 where customer_id = $1', [id, 'x'])).toBe(0);
    expect(await as('select 1 from unnest(branches_of_customer($1))', [id])).toBe(0);
    await expect(as('select * from customer_key where customer_id = $1', [id])).rejects.toThrow(
      'permission denied',
    );
    await expect(as('select * from carry_links($1, $1, $2, now())', [id, 'x'])).rejects.toThrow(
      'out of scope',
    );
    await app.end();
  });
});

describe('ORG-03 personal values', () => {
  it('names are for those who need them, numbers are masked for all, reading them in full is logged', async () => {
    const customer = await service.customer({
      name: '王小明',
      phones: ['13788889999'],
      vehicles: [{ brand: '大众', plate: '沪A12345' }],
    });
    expect((await service.get(path(customer), 'eb1.security')).body).toMatchObject({
      name: '王**',
      phones: ['***9999'],
    });
    expect((await service.get(path(customer), 'eb1.engineer')).body).toMatchObject({
      name: '王小明',
      vehicles: [{ plate: '***2345' }],
    });
    expect((await service.get(path(customer, '/personal-data'), 'eb1.engineer')).status).toBe(403);
    const full = await service.get(path(customer, '/personal-data'), 'eb1.cs-agent');
    expect(full.body).toMatchObject({ name: '王小明', phones: ['13788889999'] });
    const trail = await service.rows(
      "select actor from audit where entity_id = $1 and action = 'read-personal-data'",
      [customer['id']],
    );
    expect(trail).toEqual([{ actor: 'eb1.cs-agent' }]);
  });

  it('ACC-09 contacts have roles, days and proofs; an agent needs a power of attorney', async () => {
    const customer = await service.customer();
    const contacts = path(customer, '/contacts');
    const agent = { role: 'agent', name: '王芳', phone: '13900009999', validFrom: '2026-03-01' };
    expect((await service.post(contacts, 'eb1.cs-agent', agent)).body['code']).toBe('contact.proof-missing');
    const added = await service.make(contacts, 'eb1.cs-agent', { ...agent, proof: '委托书' });
    expect(added).toMatchObject({ name: '王芳', phone: '13900009999', validTo: null, version: 1 });
    const ended = await service.patch(
      `${contacts}/${added['id']}`,
      'eb1.cs-agent',
      { validTo: '2026-08-31' },
      1,
    );
    expect(ended.body).toMatchObject({ validTo: '2026-08-31', version: 2 });
    const list = async (query: string, as = 'eb1.security') =>
      (await service.get(`${contacts}?${query}`, as)).body['items'];
    expect(await list('validOn=2026-08-31')).toMatchObject([{ name: '王*', phone: '***9999', proof: null }]);
    expect(await list('validOn=2026-09-01')).toEqual([]);
    expect((await service.get(contacts, 'eb2.cs-agent')).status).toBe(404);
  });
});

describe('ORG-04 erasure', () => {
  it('makes the values disappear everywhere; the trail stays whole; a hold stops it', async () => {
    const phone = phoneOf();
    const customer = await service.customer({ name: '钱忘忧', phones: [phone], idNumber: 'X-998877' });
    await service.make(path(customer, '/contacts'), 'eb1.cs-agent', {
      role: 'owner',
      name: '钱家人',
      validFrom: '2026-03-01',
    });
    const held = await service.make(
      path(customer, '/legal-hold'),
      'hq.admin',
      { held: true, reason: '诉讼' },
      { match: 1 },
    );
    const erase = (match: number) =>
      service.post(
        path(customer, '/erasure'),
        'eb1.cs-manager',
        { reason: '客户要求' },
        { match, key: randomUUID() },
      );
    expect((await erase(held['version'])).body['code']).toBe('customer.legal-hold');
    await service.make(
      path(customer, '/legal-hold'),
      'hq.admin',
      { held: false, reason: '诉讼结束' },
      { match: 2 },
    );
    const erased = await erase(3);
    expect(erased.body).toMatchObject({ name: null, phones: [], actions: [] });
    for (const [table, column] of [
      ['customer_person', 'customer_id'],
      ['customer_key', 'customer_id'],
      ['contact', 'customer_id'],
      ['audit_personal', 'person_id'],
    ])
      expect(await service.rows(`select 1 from ${table} where ${column} = $1`, [customer['id']])).toEqual([]);
    const everything = await service.rows(
      `select (select jsonb_agg(to_jsonb(i)) from idempotency i)::text || (select jsonb_agg(to_jsonb(a)) from audit a)::text
         || (select jsonb_agg(to_jsonb(o)) from outbox o)::text all_text`,
    );
    for (const secret of ['钱忘忧', '钱家人', phone, 'X-998877'])
      expect(everything[0]!['all_text']).not.toContain(secret);
    const [tombstone] = await service.rows('select value from personal_outbox where key = $1', [
      customer['id'],
    ]);
    expect(tombstone!['value']).toBeNull();
    expect(await types(customer['id'])).toContain('customer-erased');
  });

  it('comes on schedule to customers who were given up long ago', async () => {
    const customer = await service.customer({ name: '早已离开' });
    await service.patch(path(customer), 'eb1.cs-agent', { active: false, reason: '迁出' }, 1);
    const retention = service.running.app.get(RetentionService, { strict: false });
    await retention.run();
    expect((await service.get(path(customer), 'eb1.cs-agent')).body['erasedAt']).toBeNull();
    await service.rows("update customer set inactive_since = now() - interval '3651 days' where id = $1", [
      customer['id'],
    ]);
    await retention.run();
    expect((await service.get(path(customer), 'eb1.cs-agent')).body['erasedAt']).not.toBeNull();
  });
});

describe('import of customers', () => {
  it('registers, repeats without effect, updates, and rejects who looks like somebody known', async () => {
    const phone = phoneOf();
    await service.customer({ name: '老客户', phones: [phone] });
    const file = (name: string) => `id,姓名,电话\n1,${name},\n2,新客户二,${phone}\n`;
    const upload = async (text: string, mode: string): Promise<Json> => {
      const form = new FormData();
      const fields = { name: { column: '姓名', required: true }, phone: { column: '电话' } };
      form.set('mapping', JSON.stringify({ source: 'paper', externalId: 'id', fields }));
      form.set('branch', 'EB1');
      form.set('mode', mode);
      form.set('file', new Blob([text], { type: 'text/csv' }), 'customers.csv');
      const job = (await service.post('/api/v1/imports?kind=customers', 'eb1.cs-manager', form)).body;
      return eventually(async () => {
        const { body } = await service.get(`/api/v1/imports/${job['id']}`, 'eb1.cs-manager');
        return body['state'] === 'done' && body;
      });
    };
    expect(await upload(file('进口一'), 'insert')).toMatchObject({ rows: { created: 1, rejected: 1 } });
    expect(await upload(file('进口一'), 'update')).toMatchObject({ rows: { unchanged: 1, rejected: 1 } });
    expect(await upload(file('进口改名'), 'update')).toMatchObject({ rows: { updated: 1, rejected: 1 } });
  });
});
