import { bootService, ServiceUnderTest, type Json } from '@steward/directory/testing';
import * as service from '../src/index.js';

export const NOTES = '/api/v1/newcomer-notes';

/** The service with East: EB1 and EB2, and who works there. */
export class NewcomerUnderTest extends ServiceUnderTest {
  static async start(): Promise<NewcomerUnderTest> {
    const started = new NewcomerUnderTest(await bootService(service));
    started.group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('eb1.agent', 'cs-agent@EB1')
      .employee('eb2.agent', 'cs-agent@EB2');
    await started.learn();
    return started;
  }

  /** Writes a note in EB1 and gives it. */
  note(changes: Json = {}): Promise<Json> {
    return this.make(NOTES, 'eb1.agent', { branchId: this.group.id('EB1'), text: 'Spare key.', ...changes });
  }
}
