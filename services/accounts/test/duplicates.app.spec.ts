import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '@steward/directory/testing';
import { randomUUID } from 'node:crypto';
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

describe('ACC-02 possible duplicates', () => {
  const find = async (body: Json, as: string): Promise<Json[]> =>
    (await service.make('/api/v1/customers/duplicates', as, body))['candidates'];

  it('are shown at entry with their reasons: own ones in full, foreign ones only masked', async () => {
    const phone = phoneOf();
    const known = await service.customer({ name: '张伟', phones: [phone] });
    const { branchId, kind } = service.person();
    const own = await find({ branchId, kind, name: '张炜', phones: [`+86 ${phone}`] }, 'eb1.cs-agent');
    expect(own.find(({ customerId }) => customerId === known['id'])).toMatchObject({
      reasons: ['name-sounds-alike', 'phone'],
      number: known['number'],
      token: null,
    });
    const [foreign] = await find(
      { branchId: service.group.id('NB1'), kind, name: '别人', phones: [phone] },
      'nb1.cs-agent',
    );
    expect(foreign).toEqual({
      customerId: null,
      number: null,
      maskedName: '张*',
      reasons: ['phone'],
      token: expect.any(String),
    });
    const refused = await service.post(
      '/api/v1/customers',
      'nb1.cs-agent',
      service.person({ phones: [phone], name: '别人' }, 'NB1'),
    );
    expect(refused).toMatchObject({ status: 409, body: { code: 'customer.possible-duplicate' } });
    expect(refused.text).not.toContain(known['id']);
  });

  it('a foreign customer is linked after confirmation, by whom it was shown to, once', async () => {
    const phone = phoneOf();
    const known = await service.customer({ name: '赵敏', phones: [phone] });
    const body = { branchId: service.group.id('NB1'), kind: 'person', name: '赵敏', phones: [phone] };
    const [shown] = (await find(body, 'nb1.cs-agent')).filter(({ reasons }) => reasons.includes('phone'));
    const link = { token: shown!['token'], reason: '出示身份证' };
    expect((await service.post('/api/v1/customers/links', 'nb1.cs-manager', link)).status).toBe(422);
    const linked = await service.make('/api/v1/customers/links', 'nb1.cs-agent', link);
    expect(linked).toMatchObject({ id: known['id'], name: '赵敏', phones: [`***${phone.slice(-4)}`] });
    expect((await service.get(path(known), 'nb1.engineer')).status).toBe(200);
    expect((await service.post('/api/v1/customers/links', 'nb1.cs-agent', link)).body['code']).toBe(
      'customer.sighting-expired',
    );
    expect((await events(known['id'])).at(-1)).toMatchObject({
      type: 'accounts.customer-linked.v1',
      branch_id: service.group.id('NB1'),
    });
    const trail = await service.rows(
      "select branch_id, reason from audit where entity_id = $1 and action = 'link'",
      [known['id']],
    );
    expect(trail).toEqual([{ branch_id: service.group.id('NB1'), reason: '出示身份证' }]);
    const [person] = await service.rows('select value from personal_outbox where key = $1', [known['id']]);
    expect(person!['value'].branchIds).toHaveLength(2);
  });

  it('nobody looks for duplicates in the name of another branch', async () => {
    const body = { ...service.person({}, 'NB1') };
    expect((await service.post('/api/v1/customers/duplicates', 'eb1.cs-agent', body)).status).toBe(404);
  });
});

describe('ACC-02 merging', () => {
  const merge = (from: Json, into: Json, as: string, match = from['version']) =>
    service.post(
      path(from, '/merge'),
      as,
      { intoCustomerId: into['id'], reason: '重复建档' },
      { match, key: randomUUID() },
    );

  it('within one branch is done at once, keeps both histories and can be undone', async () => {
    const [survivor, double] = [
      await service.customer({ name: '孙丽' }),
      await service.customer({ name: '孙莉' }),
    ];
    const done = await merge(double, survivor, 'eb1.cs-manager');
    expect(done.body).toMatchObject({ state: 'done', actions: ['undo'] });
    expect((await service.get(path(double), 'eb1.cs-agent')).body).toMatchObject({
      mergedInto: survivor['id'],
      active: false,
      name: '孙莉',
    });
    expect(await types(double['id'])).toContain('customer-merged');
    expect((await service.patch(path(double), 'eb1.cs-agent', { name: 'x' }, 2)).body['code']).toBe(
      'customer.merged',
    );
    const undone = await service.post(
      `/api/v1/customer-merges/${done.body['id']}/undoing`,
      'eb1.cs-manager',
      { reason: '不是同一人' },
      { match: 1 },
    );
    expect(undone.body).toMatchObject({ state: 'undone', actions: [] });
    expect((await service.get(path(double), 'eb1.cs-agent')).body).toMatchObject({
      mergedInto: null,
      active: true,
    });
    expect((await types(double['id'])).filter((type) => type.startsWith('customer-merge'))).toEqual([
      'customer-merged',
      'customer-merge-undone',
    ]);
  });

  it('over two branches of the caller: the survivor is seen where either was seen, until it is undone', async () => {
    const [survivor, double] = [
      await service.customer({ name: '周杰' }),
      await service.customer({ name: '周洁' }, 'EB2'),
    ];
    const done = await merge(double, survivor, 'east.manager');
    expect(done.body['state']).toBe('done');
    expect((await service.get(path(survivor), 'eb2.cs-agent')).status).toBe(200);
    await service.make(
      `/api/v1/customer-merges/${done.body['id']}/undoing`,
      'east.manager',
      { reason: '不是同一人' },
      { match: 1 },
    );
    expect((await service.get(path(survivor), 'eb2.cs-agent')).status).toBe(404);
    expect((await types(survivor['id'])).slice(2)).toEqual(['customer-linked', 'customer-unlinked']);
    const [person] = await service.rows('select value from personal_outbox where key = $1', [survivor['id']]);
    expect(person!['value'].branchIds).toEqual([service.group.id('EB1')]);
  });

  it('that reaches branches of others is a proposal, which headquarters decides', async () => {
    const phone = phoneOf();
    const survivor = await service.customer({ name: '吴刚', phones: [phone] });
    const body = { branchId: service.group.id('NB1'), kind: 'person', name: '吴刚', phones: [phone] };
    const [shown] = (await find(body)).filter(({ reasons }) => reasons.includes('phone'));
    await service.make('/api/v1/customers/links', 'nb1.cs-agent', {
      token: shown!['token'],
      reason: '同一人',
    });
    const double = await service.customer({ name: '吴钢' }, 'NB1');
    const proposed = await merge(double, survivor, 'nb1.cs-manager');
    expect(proposed.body).toMatchObject({ state: 'proposed', actions: [] });
    expect((await merge(double, survivor, 'nb1.cs-manager')).body['code']).toBe('merge.proposed');
    expect((await service.get(path(double), 'nb1.cs-agent')).body['mergedInto']).toBeNull();
    const decide = `/api/v1/customer-merges/${proposed.body['id']}`;
    expect(
      (await service.post(`${decide}/approval`, 'nb1.cs-manager', { reason: 'x' }, { match: 1 })).status,
    ).toBe(403);
    const approved = await service.make(`${decide}/approval`, 'hq.admin', { reason: '已核对' }, { match: 1 });
    expect(approved['state']).toBe('done');
    expect((await service.get(path(double), 'nb1.cs-agent')).body['mergedInto']).toBe(survivor['id']);
    const seen = (await service.get('/api/v1/customer-merges', 'eb1.cs-manager')).body['items'] as Json[];
    expect(seen.map(({ id }) => id)).not.toContain(proposed.body['id']);
  });

  it('takes nobody whom the caller does not see', async () => {
    const [own, foreign] = [await service.customer(), await service.customer({}, 'NB1')];
    expect((await merge(own, foreign, 'eb1.cs-manager')).status).toBe(404);
    expect((await merge(foreign, own, 'eb1.cs-manager')).status).toBe(404);
    expect((await merge(own, own, 'eb1.cs-manager')).body['code']).toBe('merge.same');
    expect((await merge(own, own, 'eb1.cs-agent')).status).toBe(403);
  });

  const find = async (body: Json): Promise<Json[]> =>
    (await service.make('/api/v1/customers/duplicates', 'nb1.cs-agent', body))['candidates'];
});
