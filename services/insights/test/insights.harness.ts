import { bootService, ServiceUnderTest, type Answer, type Json } from '@steward/directory/testing';
import { eventually } from '@steward/testing';
import * as insights from '../src/index.js';
import { BillingFacts } from './billing-facts.builder.js';
import { FactsBuilder } from './facts.builder.js';

export type Query = Readonly<Record<string, string>>;

const FIGURES = '/api/v1/figures/tickets';

/** The service with East: EB1 (one site) and EB2 in Shanghai, and North: NB1 in New York. */
export class InsightsUnderTest extends ServiceUnderTest {
  readonly facts = new FactsBuilder(this.kafka, (code) => this.group.id(code));
  readonly billing = new BillingFacts(this.kafka, (code) => this.group.id(code));

  static async start(): Promise<InsightsUnderTest> {
    const service = new InsightsUnderTest(await bootService(insights));
    const histories = ['tickets.v1', 'billing.v1'];
    await service.kafka.topics.ensure(histories.map((name) => ({ name, kind: 'events' })));
    service.group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('region', 'North', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .unit('branch', 'NB1', { parent: 'North', timeZone: 'America/New_York' })
      .unit('site', 'EB1-S1', { parent: 'EB1' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('east.manager', 'general-manager@East')
      .employee('eb1.manager', 'branch-manager@EB1')
      .employee('eb2.manager', 'branch-manager@EB2')
      .employee('s1.supervisor', 'cs-supervisor@EB1-S1')
      .employee('eb1.agent', 'cs-agent@EB1')
      .employee('eb1.accountant', 'accountant@EB1');
    await service.learn();
    return service;
  }

  override async stop(): Promise<void> {
    await this.facts.close();
    await this.billing.close();
    await super.stop();
  }

  async figures(query: Query = {}, as = 'hq.admin'): Promise<Json> {
    const answer = await this.call('GET', `${FIGURES}?${new URLSearchParams(query).toString()}`, as);
    if (answer.status !== 200) throw new Error(`answered ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** Every record behind an address, page by page. */
  async records(address: string, as = 'hq.admin'): Promise<Json[]> {
    const found: Json[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Answer = await this.call(
        'GET',
        `${address}&limit=2${after && `&after=${encodeURIComponent(after)}`}`,
        as,
      );
      if (page.status !== 200) throw new Error(`answered ${page.status} ${page.text}`);
      found.push(...(page.body['items'] as Json[]));
      after = page.body['next'] as string | null;
    }
    return found;
  }

  /** Publishes what was told of tickets and billing and waits until every event of it is applied. */
  async publishAll(): Promise<void> {
    await this.facts.publish();
    await this.billing.publish();
    const told = new Map<string, number>();
    for (const { key } of [...this.facts.published, ...this.billing.published])
      told.set(key, (told.get(key) ?? 0) + 1);
    await eventually(
      async () => {
        const rows = await this.rows<{ aggregate_id: string; sequence: string }>(
          `select aggregate_id, sequence from applied_sequence where consumer like 'insights-tickets%'`,
        );
        const applied = new Map(rows.map((row) => [row.aggregate_id, Number(row.sequence)]));
        return [...told].every(([key, events]) => applied.get(key) === events);
      },
      { timeoutMs: 30_000 },
    );
  }

  /** Waits until the facts that were published are counted. */
  async counted(received: number): Promise<void> {
    await eventually(async () => (await this.figures())['total']['received'] === received, {
      timeoutMs: 30_000,
    });
  }
}
