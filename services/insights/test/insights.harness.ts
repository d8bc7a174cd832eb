import { toHeaders, type EventDefinition, type EventEnvelope } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { OrganisationBuilder } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import { createKafka, type Kafka, type OutgoingMessage, type Publisher } from '@steward/messaging';
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

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
export type Json = Record<string, any>;
export type Answer = Readonly<{ status: number; body: Json }>;

/** The service over real HTTP, PostgreSQL and Kafka; the test is the source of all events. */
export class InsightsUnderTest {
  private readonly publisher: Publisher;
  private running!: RunningService;

  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
    readonly config: InsightsConfig,
    readonly kafka: Kafka,
    readonly admin: pg.Client,
    readonly group: OrganisationBuilder,
  ) {
    this.publisher = kafka.publisher();
  }

  static async start(state: (group: OrganisationBuilder) => void): Promise<InsightsUnderTest> {
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
    const admin = new pg.Client({ connectionString: database.adminUrl });
    admin.on('error', () => undefined);
    const group = new OrganisationBuilder(kafka);
    state(group);
    const under = new InsightsUnderTest(issuer, database, own, kafka, admin, group);
    await Promise.all([
      admin.connect(),
      kafka.topics.ensure([{ name: 'tickets.v1', kind: 'events' }]),
      group.publish(),
    ]);
    await under.boot();
    return under;
  }

  async boot(): Promise<void> {
    this.running = await createApp(this.config);
    const directory = this.running.app.get(Directory, { strict: false });
    await eventually(() => this.group.knownTo(directory), { timeoutMs: 40_000 });
  }

  async shutDown(): Promise<void> {
    await this.running.stop();
  }

  async stop(): Promise<void> {
    await this.shutDown();
    await this.publisher.close();
    await this.group.close();
    await this.kafka.close();
    await this.admin.end();
    await this.issuer.close();
    await this.database.drop();
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    await this.publisher.publish([...messages]);
  }

  async get(path: string, as: string | null): Promise<Answer> {
    return this.call('GET', path, as);
  }

  async call(method: string, path: string, as: string | null, body?: unknown): Promise<Answer> {
    const answer = await fetch(this.running.url + path, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${this.issuer.token(as)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  }

  /** Figures once they count so many tickets; the question may narrow them. */
  async figures(as: string, question: string, received: number): Promise<Json> {
    return eventually(
      async () => {
        const { body } = await this.get(`/api/v1/figures/tickets?${question}`, as);
        if (body['total']?.received !== received) throw new Error(JSON.stringify(body['total'] ?? body));
        return body;
      },
      { timeoutMs: 30_000 },
    );
  }

  /** All records behind an address, page by page. */
  async records(as: string, address: string): Promise<Json[]> {
    const items: Json[] = [];
    for (let after = ''; ;) {
      const { status, body } = await this.get(
        `${address}&limit=2${after && `&after=${encodeURIComponent(after)}`}`,
        as,
      );
      if (status !== 200) throw new Error(`${address} answered ${status} ${JSON.stringify(body)}`);
      items.push(...(body['items'] as Json[]));
      if (body['next'] === null) return items;
      after = body['next'] as string;
    }
  }
}

/** One ticket's facts as the tickets service publishes them: in order, gapless. */
export class TicketFacts {
  readonly id = newId();
  readonly messages: OutgoingMessage[] = [];
  private sequence = 0;

  constructor(
    private readonly branch: string,
    readonly number: string,
  ) {}

  then<T>(
    definition: EventDefinition<T>,
    data: Omit<T, 'ticketId'>,
    more: Partial<EventEnvelope> = {},
  ): this {
    const time = new Date();
    const headers = toHeaders({
      id: newId(),
      type: definition.type,
      source: 'tickets',
      subject: this.id,
      time,
      branch: this.branch,
      sequence: (this.sequence += 1),
      recordedTime: time,
      actor: 'eb1.clerk',
      correlationId: newId(),
      origin: 'live',
      late: false,
      ...more,
    });
    const value = JSON.stringify(definition.parseStrict({ ticketId: this.id, ...data }));
    this.messages.push({ topic: definition.topic, key: this.id, value, headers });
    return this;
  }
}
