import { bootService, FactStream, ServiceUnderTest } from '@steward/directory/testing';
import { CustomerMerged, CustomerPersons, type EventDefinition } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import * as billing from '../src/index.js';

/** The service with two branches, and what other services told it of. */
export class BillingUnderTest extends ServiceUnderTest {
  readonly facts = new FactStream(this.kafka);

  static async start({ timeZone = 'Asia/Shanghai' } = {}): Promise<BillingUnderTest> {
    const service = new BillingUnderTest(await bootService(billing));
    service.group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East', timeZone })
      .unit('branch', 'EB2', { parent: 'East' })
      .unit('site', 'EB1-S1', { parent: 'EB1' })
      .unit('site', 'EB1-S2', { parent: 'EB1' })
      .unit('site', 'EB2-S1', { parent: 'EB2' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('eb1.accountant', 'accountant@EB1')
      .employee('eb1.cashier', 'cashier@EB1')
      .employee('eb1.manager', 'branch-manager@EB1')
      .employee('eb1.clerk', 'cs-agent@EB1')
      .employee('eb1.security', 'security@EB1')
      .employee('eb1.partner', 'partner@EB1')
      .employee('eb2.accountant', 'accountant@EB2')
      .employee('eb2.cashier', 'cashier@EB2')
      .employee('s2.cashier', 'cashier@EB1-S2');
    await service.learn();
    // a consumer waits for all of its topics
    await service.kafka.topics.ensure([
      { name: CustomerPersons.topic, kind: 'personal' },
      { name: CustomerMerged.topic, kind: 'events' },
    ]);
    return service;
  }

  override async stop(): Promise<void> {
    await this.facts.close();
    await super.stop();
  }

  /** States a fact of another service about a branch, and publishes it. */
  async tell<T>(definition: EventDefinition<T>, id: string, branch: string | null, data: T): Promise<void> {
    this.facts.state(definition, id, { branch: branch === null ? null : this.group.id(branch) }, data);
    await this.facts.publish();
  }

  /** A customer that accounts shows to branches; by the time that its id is given they are known here. */
  async customer(branches: readonly string[] = ['EB1'], customerId = newId()): Promise<string> {
    await this.stateCustomer(customerId, branches);
    const seen = 'select branch_id from customer_name where customer_id = $1';
    await eventually(async () => (await this.rows(seen, [customerId])).length === branches.length);
    return customerId;
  }

  /** States which branches see a customer; none: it was erased. */
  async stateCustomer(customerId: string, branches: readonly string[]): Promise<void> {
    const branchIds = branches.map((branch) => this.group.id(branch));
    const value = { customerId, kind: 'person', name: '李建国', phones: [], branchIds } as const;
    this.facts.put({
      topic: CustomerPersons.topic,
      key: customerId,
      value: branches.length > 0 ? JSON.stringify(CustomerPersons.parseStrict(value)) : null,
      headers: {},
    });
    await this.facts.publish();
  }

  /** The trial balance of everything: account of the ledger → minor units. */
  async books(): Promise<Record<string, string>> {
    const sql = 'select ledger_account a, sum(amount_minor)::text s from posting group by 1 order by 1';
    const rows = await this.rows<{ a: string; s: string }>(sql);
    return Object.fromEntries(rows.filter(({ s }) => s !== '0').map(({ a, s }) => [a, s]));
  }

  id(): string {
    return newId();
  }
}
