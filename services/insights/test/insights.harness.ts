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
import { configFromEnv, createApp } from '../src/index.js';
import { FactsBuilder } from './facts.builder.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
export type Json = Record<string, any>;
export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;
export type Query = Readonly<Record<string, string>>;

const FIGURES = '/api/v1/figures/tickets';

/** The service over real HTTP, PostgreSQL and Kafka; East with EB1 (one site) and EB2 in Shanghai, NB1 in New York. */
export class InsightsUnderTest {
  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
    readonly kafka: Kafka,
    readonly admin: pg.Pool,
    readonly running: RunningService,
    readonly facts: FactsBuilder,
  ) {}

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
    const service = new InsightsUnderTest(
      issuer,
      database,
      kafka,
      admin,
      await createApp(own),
      new FactsBuilder(kafka),
    );
    try {
      await service.organise();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.facts.close();
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
    const { facts } = this;
    facts.unit('group', 'HQ', null, 'Asia/Shanghai');
    facts.unit('region', 'East', 'HQ');
    facts.unit('region', 'North', 'HQ');
    facts.unit('branch', 'EB1', 'East');
    facts.unit('branch', 'EB2', 'East');
    facts.unit('branch', 'NB1', 'North', 'America/New_York');
    facts.unit('site', 'EB1-S1', 'EB1');
    for (const [subject, role, unit] of [
      ['hq.admin', 'hq-admin', 'HQ'],
      ['hq.auditor', 'hq-auditor', 'HQ'],
      ['east.manager', 'general-manager', 'East'],
      ['eb1.manager', 'branch-manager', 'EB1'],
      ['eb2.manager', 'branch-manager', 'EB2'],
      ['s1.supervisor', 'cs-supervisor', 'EB1-S1'],
      ['eb1.agent', 'cs-agent', 'EB1'],
    ] as const)
      facts.role(subject, role, unit);
    await facts.publish();
    const logins = ['hq.admin', 'hq.auditor', 'east.manager', 'eb1.manager', 'eb2.manager', 's1.supervisor'];
    await eventually(
      async () => {
        const answers = await Promise.all(logins.map((login) => this.call('GET', FIGURES, login)));
        const units = await this.rows('select 1 from directory_unit');
        return units.length === 7 && answers.every(({ status }) => status === 200);
      },
      { timeoutMs: 40_000 },
    );
  }
}
