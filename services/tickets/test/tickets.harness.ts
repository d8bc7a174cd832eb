import { bootService, ServiceUnderTest, type Json } from '@steward/directory/testing';
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
}
