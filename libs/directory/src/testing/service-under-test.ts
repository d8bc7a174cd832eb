import { randomUUID } from 'node:crypto';
import { MonthClosed } from '@steward/contracts';
import { createKafka, type GroupConsumer, type Kafka, type KafkaMessage } from '@steward/messaging';
import type { Env, PlatformConfig, RunningService } from '@steward/platform';
import {
  createTestDatabase,
  eventually,
  startTestIssuer,
  testTopicPrefix,
  uniqueName,
  type TestDatabase,
  type TestIssuer,
} from '@steward/testing';
import pg from 'pg';
import { Directory } from '../directory.js';
import { OrganisationBuilder } from './organisation.builder.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
export type Json = Record<string, any>;

export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;

export type CallOptions = Readonly<{
  /** Idempotency-Key */
  key?: string;
  /** the version for If-Match */
  match?: number;
  /** sent instead of a token of the subject */
  token?: string;
  headers?: Readonly<Record<string, string>>;
}>;

/** What a service's index exports, as far as a test needs it. */
export type ServiceCode<Config extends PlatformConfig> = Readonly<{
  SERVICE: string;
  configFromEnv(env: Env): Config;
  createApp(config: Config): Promise<RunningService>;
}>;

/** A service that runs for a test, with what it stands on. */
export type ServiceParts<Config extends PlatformConfig> = Readonly<{
  issuer: TestIssuer;
  database: TestDatabase;
  config: Config;
  kafka: Kafka;
  running: RunningService;
  start(config: Config): Promise<RunningService>;
}>;

/**
 * Boots a service on an empty database, topics and an issuer of its own; `env` adds to its variables. The engines are
 * those of the test run.
 */
export async function bootService<Config extends PlatformConfig>(
  { SERVICE, configFromEnv, createApp }: ServiceCode<Config>,
  env: Env = {},
): Promise<ServiceParts<Config>> {
  const [issuer, database] = await Promise.all([startTestIssuer(), createTestDatabase(SERVICE)]);
  const read = configFromEnv({
    NODE_ENV: 'test',
    LINGER_MS: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: database.appUrl,
    WORKER_DATABASE_URL: database.workerUrl,
    MIGRATION_URL: database.ownerUrl,
    KAFKA_BROKERS: process.env['STEWARD_TEST_BROKERS'],
    OIDC_ISSUER: issuer.url,
    ...env,
  });
  const config = { ...read, kafka: { ...read.kafka, topicPrefix: testTopicPrefix() } };
  try {
    const running = await createApp(config);
    const kafka = createKafka({ ...config.kafka, clientId: 'spec' });
    // the topic of the other service that every directory reads
    await kafka.topics.ensure([{ name: MonthClosed.topic, kind: 'events' }]);
    return { issuer, database, config, kafka, running, start: createApp };
  } catch (error) {
    await issuer.close();
    await database.drop();
    throw error;
  }
}

/** For tests: a service over real HTTP, PostgreSQL and Kafka, and the organisation that it hears of. */
export class ServiceUnderTest<Config extends PlatformConfig = PlatformConfig> {
  readonly issuer: TestIssuer;
  readonly database: TestDatabase;
  readonly config: Config;
  readonly kafka: Kafka;
  readonly group: OrganisationBuilder;
  private readonly admin: pg.Pool;
  private readonly readers: GroupConsumer[] = [];
  private current: RunningService;

  constructor(private readonly parts: ServiceParts<Config>) {
    this.issuer = parts.issuer;
    this.database = parts.database;
    this.config = parts.config;
    this.kafka = parts.kafka;
    this.current = parts.running;
    this.group = new OrganisationBuilder(parts.kafka);
    this.admin = new pg.Pool({ connectionString: parts.database.adminUrl, max: 2 });
    // a database that is dropped ends its idle connections
    this.admin.on('error', () => undefined);
  }

  get running(): RunningService {
    return this.current;
  }

  /** Stops the service and starts it again over the same database and topics. */
  async restart(): Promise<void> {
    await this.current.stop();
    this.current = await this.parts.start(this.config);
  }

  async stop(): Promise<void> {
    for (const reader of this.readers) await reader.stop();
    await this.current.stop();
    await this.group.close();
    await this.kafka.close();
    await this.admin.end();
    await this.issuer.close();
    await this.database.drop();
  }

  /** Publishes what `group` states and waits until the service knows it; stops the service when it does not come to know. */
  async learn(): Promise<void> {
    const directory = this.current.app.get(Directory, { strict: false });
    try {
      await this.group.publish();
      await eventually(() => this.group.knownTo(directory), { timeoutMs: 40_000 });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Reads a topic from its beginning; the array that it gives goes on filling. */
  async listen(topic: string): Promise<readonly KafkaMessage[]> {
    const seen: KafkaMessage[] = [];
    const reader = this.kafka.consumer({
      groupId: uniqueName('spec'),
      topics: [topic],
      onBatch: async (batch) => {
        seen.push(...batch.messages);
        for (const { offset } of batch.messages) batch.resolve(offset);
        await batch.heartbeat();
      },
      onCrash: () => undefined,
    });
    this.readers.push(reader);
    await reader.start();
    return seen;
  }

  /** A request as a subject; null sends no token. A body that is text or a form is sent as it is. */
  async call(
    method: string,
    path: string,
    as: string | null,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const token = options.token ?? (as === null ? undefined : this.issuer.token(as));
    const form = body instanceof FormData;
    const answer = await fetch(this.current.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.match === undefined ? {} : { 'if-match': `"v${options.match}"` }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
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

  get(path: string, as: string | null, options?: CallOptions): Promise<Answer> {
    return this.call('GET', path, as, undefined, options);
  }

  post(path: string, as: string | null, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', path, as, body, options);
  }

  patch(path: string, as: string | null, body: unknown, match?: number): Promise<Answer> {
    return this.call('PATCH', path, as, body, match === undefined ? {} : { match });
  }

  /** Posts and gives the body; fails with the answer's text unless it is 200 or 201. */
  async make(path: string, as: string, body: unknown, options: CallOptions = {}): Promise<Json> {
    const answer = await this.post(path, as, body, { key: randomUUID(), ...options });
    if (answer.status > 201) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** Rows of its database as the administrator sees them, past all policies. */
  async rows<Row = Json>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query(sql, values)).rows as Row[];
  }
}
