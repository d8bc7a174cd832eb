import { Directory } from '@steward/directory';
import { OrganisationBuilder } from '@steward/directory/testing';
import { createKafka, type Kafka } from '@steward/messaging';
import type { RunningService } from '@steward/platform';
import {
  createTestDatabase,
  eventually,
  startTestIssuer,
  testTopicPrefix,
  type TestDatabase,
  type TestIssuer,
} from '@steward/testing';
import pg from 'pg';
import { configFromEnv, createApp, type InsightsConfig } from '../src/index.js';
import { FactsBuilder } from './facts.builder.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
export type Json = Record<string, any>;
export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;
export type Query = Readonly<Record<string, string>>;

const FIGURES = '/api/v1/figures/tickets';

/** The service over real HTTP, PostgreSQL and Kafka; East with EB1 (one site) and EB2 in Shanghai, NB1 in New York. */
export class InsightsUnderTest {
  readonly facts: FactsBuilder;
  readonly group: OrganisationBuilder;

  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
    readonly kafka: Kafka,
    readonly admin: pg.Pool,
    private readonly config: InsightsConfig,
    private running: RunningService,
  ) {
    this.group = new OrganisationBuilder(kafka);
    this.facts = new FactsBuilder(kafka, (code) => this.group.id(code));
  }

  static async start(): Promise<InsightsUnderTest> {
    const [issuer, database] = await Promise.all([startTestIssuer(), createTestDatabase('insights')]);
    const config = configFromEnv({
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      DATABASE_URL: database.appUrl,
      WORKER_DATABASE_URL: database.workerUrl,
      MIGRATION_URL: database.ownerUrl,
      KAFKA_BROKERS: process.env['STEWARD_TEST_BROKERS'],
      OIDC_ISSUER: issuer.url,
    });
    const own = { ...config, kafka: { ...config.kafka, topicPrefix: testTopicPrefix() } };
    const kafka = createKafka({ ...own.kafka, clientId: 'spec' });
    const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
    admin.on('error', () => undefined);
    const service = new InsightsUnderTest(issuer, database, kafka, admin, own, await createApp(own));
    try {
      await service.organise();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** Stops the service and starts it again over the same database and topics. */
  async restart(): Promise<void> {
    await this.running.stop();
    this.running = await createApp(this.config);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.facts.close();
    await this.group.close();
    await this.kafka.close();
    await this.admin.end();
    await this.issuer.close();
    await this.database.drop();
  }

  async call(
    method: string,
    path: string,
    as: string | null,
    body?: unknown,
    token?: string,
  ): Promise<Answer> {
    const bearer = token ?? (as === null ? undefined : this.issuer.token(as));
    const answer = await fetch(this.running.url + path, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') && text !== '';
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: json ? (JSON.parse(text) as Json) : {},
    };
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

  /** Waits until the facts that were published are counted. */
  async counted(received: number): Promise<void> {
    await eventually(async () => (await this.figures())['total']['received'] === received, {
      timeoutMs: 30_000,
    });
  }

  async rows<Row = Json>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query(sql, values)).rows as Row[];
  }

  private async organise(): Promise<void> {
    this.group
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
      .employee('eb1.agent', 'cs-agent@EB1');
    await this.group.publish();
    const directory = this.running.app.get(Directory, { strict: false });
    await eventually(() => this.group.knownTo(directory), { timeoutMs: 40_000 });
  }
}
