import { CustomerLinked, PropertyUnitRegistered } from '@steward/contracts';
import { bootService, FactStream, ServiceUnderTest, type Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import * as tickets from '../src/index.js';
import { foundSmallGroup } from './small-group.js';

/** The service with a small group that it knows. */
export class TicketsUnderTest extends ServiceUnderTest {
  static async start(): Promise<TicketsUnderTest> {
    const service = new TicketsUnderTest(await bootService(tickets));
    foundSmallGroup(service.group);
    await service.learn();
    return service;
  }

  /** Registers a ticket in EB1 (unless told otherwise) and gives it. */
  async ticket(changes: Json = {}, as = 'eb1.cs-agent'): Promise<Json> {
    const answer = await this.post('/api/v1/tickets', as, this.intake(changes));
    if (answer.status !== 201) throw new Error(`answered ${answer.status} ${answer.text}`);
    return answer.body;
  }

  intake(changes: Json = {}): Json {
    return {
      branchId: this.group.id('EB1'),
      kind: 'repair',
      channel: 'hotline',
      content: 'Water drips.',
      ...changes,
    };
  }

  /** Takes an action on a ticket as it is now; fails unless it works. */
  async act(ticket: Json, action: string, body: Json = {}, as = 'eb1.cs-agent'): Promise<Json> {
    const answer = await this.post(`/api/v1/tickets/${ticket['id']}/${action}`, as, body, {
      match: ticket['version'],
    });
    if (answer.status !== 200) throw new Error(`${action} answered ${answer.status} ${answer.text}`);
    return answer.body;
  }

  async category(code: string, branch = 'EB1', kind = 'repair'): Promise<Json> {
    const body = { branchId: this.group.id(branch), code, name: `类别 ${code}`, kind };
    return (await this.post('/api/v1/categories', 'hq.admin', body)).body;
  }

  /** What other services state; published by its `publish`. */
  readonly facts = new FactStream(this.kafka);

  override async stop(): Promise<void> {
    await this.facts.close();
    await super.stop();
  }

  /** A customer whom accounts linked to the branch; known here when this ends. */
  async customer(branch = 'EB1'): Promise<string> {
    const customerId = newId();
    const linkedAt = new Date().toISOString();
    const data = { customerId, kind: 'person' as const, linkedAt, how: 'registered' };
    this.facts.state(CustomerLinked, customerId, { branch: this.group.id(branch) }, data);
    await this.facts.publish();
    await this.knows('seen_customer', 'customer_id', customerId);
    return customerId;
  }

  /** A property unit that premises registered at the site; known here when this ends. */
  async propertyUnit(site = 'EB1-S1', code = '180#1-1-1'): Promise<string> {
    const propertyUnitId = newId();
    const branch = this.group.id(site.split('-')[0]!);
    const data = {
      propertyUnitId,
      buildingId: newId(),
      siteId: this.group.id(site),
      code,
      use: 'residential',
      area: '86.50',
      active: true,
    };
    this.facts.state(PropertyUnitRegistered, propertyUnitId, { branch }, data);
    await this.facts.publish();
    await this.knows('known_property_unit', 'property_unit_id', propertyUnitId);
    return propertyUnitId;
  }

  private async knows(table: string, column: string, id: string): Promise<void> {
    await eventually(
      async () => (await this.rows(`select 1 from ${table} where ${column} = $1`, [id])).length > 0,
      { timeoutMs: 30_000 },
    );
  }
}
