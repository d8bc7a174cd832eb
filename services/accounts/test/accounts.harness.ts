import { bootService, ServiceUnderTest, type Json } from '@steward/directory/testing';
import * as accounts from '../src/index.js';

/** The service with two branches in two regions, and who works there. */
export class AccountsUnderTest extends ServiceUnderTest {
  static async start(): Promise<AccountsUnderTest> {
    const service = new AccountsUnderTest(await bootService(accounts));
    const { group } = service;
    group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('region', 'North', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .unit('branch', 'NB1', { parent: 'North' })
      .unit('site', 'EB1-S1', { parent: 'EB1' })
      .unit('site', 'EB1-S2', { parent: 'EB1' })
      .unit('site', 'EB2-S1', { parent: 'EB2' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('east.manager', 'cs-manager@East')
      .employee('s1.clerk', 'front-desk@EB1-S1')
      .employee('s2.clerk', 'front-desk@EB1-S2');
    for (const branch of ['EB1', 'EB2', 'NB1'])
      for (const role of ['cs-agent', 'cs-manager', 'security', 'engineer'])
        group.employee(`${branch.toLowerCase()}.${role}`, `${role}@${branch}`);
    await service.learn();
    return service;
  }

  person(changes: Json = {}, branch = 'EB1'): Json {
    return { branchId: this.group.id(branch), kind: 'person', name: '李建国', ...changes };
  }

  /** Registers a customer without asking for duplicates, and gives it. */
  customer(changes: Json = {}, branch = 'EB1', as = `${branch.toLowerCase()}.cs-agent`): Promise<Json> {
    return this.make('/api/v1/customers', as, this.person({ acceptDuplicates: true, ...changes }, branch));
  }
}
