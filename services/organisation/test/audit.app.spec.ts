import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { randomUUID } from 'node:crypto';
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
    const { body } = await trail('hq.admin', '/verification');
    expect(body).toMatchObject({
      ok: false,
      faults: [{ branchId: null, sequence: '2', fault: expect.stringContaining('changed') }],
    });
  });
});
