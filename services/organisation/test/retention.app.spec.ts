import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Directory } from '@steward/directory';
import { eventually } from '@steward/testing';
import { RetentionService } from '../src/employee/retention.service.js';
import { SmallGroup } from './organisation.builder.js';
import { OrganisationUnderTest, type Item } from './organisation.harness.js';

let service: OrganisationUnderTest;
let group: SmallGroup;

const rows = (sql: string, values?: unknown[]): Promise<Item[]> => service.rows(sql, values);

beforeAll(async () => {
  service = await OrganisationUnderTest.start();
  group = await SmallGroup.make(service);
}, 60_000);

afterAll(() => service?.stop());

describe('retention', () => {
  it('ORG-04 former employees are erased on schedule, but not under legal hold or where the branch keeps them longer', async () => {
    const KEY = 'organisation.retention.former-employee';
    const former = async (login: string, unit: string): Promise<string> => {
      const id = await group.addEmployee(login, unit);
      await group.grant(login, 'driver', unit);
      await rows(
        `update role_grant set valid_from = now() - interval '5 years', valid_to = now() - interval '3 years'
         where employee_id = $1`,
        [id],
      );
      return id;
    };
    const [over, held, kept] = [
      await former('eb1.over', 'EB1'),
      await former('eb1.kept', 'EB1'),
      await former('eb2.kept', 'EB2'),
    ];
    await rows('update employee set legal_hold = true where id = $1', [held]);
    await service.make('/api/v1/policies', 'hq.admin', {
      key: KEY,
      unitId: group.unit('EB2'),
      value: 3650,
      reason: '仲裁周期',
    });
    const directory = service.running.app.get(Directory, { strict: false });
    await eventually(async () => (await directory.policyValues(KEY)).length === 1);
    await service.running.app.get(RetentionService, { strict: false }).run();
    const left = await rows(
      'select id from employee where id = any($1) and erased_at is null order by registered_at',
      [[over, held, kept]],
    );
    expect(left.map((row) => row['id'])).toEqual([held, kept]);
    const trail = await rows("select actor, reason from audit where entity_id = $1 and action = 'erase'", [
      over,
    ]);
    expect(trail).toEqual([{ actor: 'employee-retention', reason: `The time of ${KEY} is over.` }]);
    const working = await rows('select 1 from employee where subject = $1 and erased_at is null', [
      'eb1.clerk',
    ]);
    expect(working).toHaveLength(1);
  });
});
