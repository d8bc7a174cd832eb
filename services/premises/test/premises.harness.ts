import { CustomerLinked, CustomerMerged, toHeaders, type EventDefinition } from '@steward/contracts';
import { bootService, ServiceUnderTest, type Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import * as premises from '../src/index.js';

/** The service with two branches, and customers that the accounts service told it of. */
export class PremisesUnderTest extends ServiceUnderTest {
  private readonly sequences = new Map<string, number>();

  static async start(): Promise<PremisesUnderTest> {
    const service = new PremisesUnderTest(await bootService(premises));
    service.group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .unit('site', 'EB1-S1', { parent: 'EB1' })
      .unit('site', 'EB1-S2', { parent: 'EB1' })
      .unit('site', 'EB2-S1', { parent: 'EB2' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('eb1.clerk', 'cs-agent@EB1')
      .employee('eb1.manager', 'branch-manager@EB1')
      .employee('eb1.security', 'security@EB1')
      .employee('eb2.clerk', 'cs-agent@EB2')
      .employee('eb2.manager', 'branch-manager@EB2')
      .employee('s2.clerk', 'cs-agent@EB1-S2');
    await service.learn();
    return service;
  }

  /** A customer whom the accounts service linked to the branch; known here when this ends. */
  async customer(branch = 'EB1'): Promise<string> {
    const customerId = newId();
    const branchId = this.group.id(branch);
    const linkedAt = new Date().toISOString();
    await this.state(CustomerLinked, customerId, branchId, {
      customerId,
      kind: 'person',
      linkedAt,
      how: 'registered',
    });
    await eventually(async () => {
      const sql = 'select 1 from seen_customer where customer_id = $1';
      return (await this.rows(sql, [customerId])).length > 0;
    });
    return customerId;
  }

  /** States that one customer was found to be another one. */
  async merged(customerId: string, intoCustomerId: string): Promise<void> {
    const data = { customerId, intoCustomerId, mergeId: newId(), mergedAt: new Date().toISOString() };
    await this.state(CustomerMerged, customerId, null, data);
  }

  async building(code: string, site = 'EB1-S1', as = 'eb1.clerk'): Promise<Json> {
    return this.make('/api/v1/buildings', as, { siteId: this.group.id(site), code, name: `楼栋 ${code}` });
  }

  async unit(code: string, site = 'EB1-S1', as = 'eb1.clerk'): Promise<Json> {
    const body = { siteId: this.group.id(site), code, use: 'residential', area: '86.50' };
    return this.make('/api/v1/property-units', as, body);
  }

  private async state<T>(
    definition: EventDefinition<T>,
    id: string,
    branch: string | null,
    data: T,
  ): Promise<void> {
    const sequence = (this.sequences.get(id) ?? 0) + 1;
    this.sequences.set(id, sequence);
    const now = new Date();
    const headers = toHeaders({
      id: newId(),
      type: definition.type,
      source: 'accounts',
      subject: id,
      time: now,
      branch,
      sequence,
      recordedTime: now,
      actor: 'test',
      correlationId: 'test',
      origin: 'live',
      late: false,
    });
    await this.kafka.topics.ensure([{ name: definition.topic, kind: 'events' }]);
    const publisher = this.kafka.publisher();
    const value = JSON.stringify(definition.parseStrict(data));
    await eventually(() => publisher.publish([{ topic: definition.topic, key: id, value, headers }]));
    await publisher.close();
  }
}
