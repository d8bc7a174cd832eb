import { Directory } from '@steward/directory';
import type { OrganisationBuilder } from '@steward/directory/testing';
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
import { configFromEnv, createApp, type TicketsConfig } from '../src/index.js';
import { smallGroup } from './small-group.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
export type Json = Record<string, any>;

export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;

export type CallOptions = Readonly<{
  key?: string;
  match?: number;
  token?: string;
  headers?: Record<string, string>;
}>;

/** The service over real HTTP, PostgreSQL and Kafka, with an issuer of its own and a small group that it knows. */
export class TicketsUnderTest {
  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
    readonly config: TicketsConfig,
    readonly kafka: Kafka,
    readonly admin: pg.Pool,
    readonly running: RunningService,
    readonly group: OrganisationBuilder,
  ) {}

  static async start(): Promise<TicketsUnderTest> {
    const [issuer, database] = await Promise.all([startTestIssuer(), createTestDatabase('tickets')]);
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
    const group = smallGroup(kafka);
    const running = await createApp(own);
    const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
    admin.on('error', () => undefined);
    const service = new TicketsUnderTest(issuer, database, own, kafka, admin, running, group);
    try {
      await service.learn();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.group.close();
    await this.kafka.close();
    await this.admin.end();
    await this.issuer.close();
    await this.database.drop();
  }

  /** States further facts of the organisation and waits until the service knows them. */
  async learn(): Promise<void> {
    const directory = this.running.app.get(Directory, { strict: false });
    await this.group.publish();
    await eventually(() => this.group.knownTo(directory), { timeoutMs: 40_000 });
  }

  /** A request as a subject; null sends no token. */
  async call(
    method: string,
    path: string,
    as: string | null,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const token = options.token ?? (as === null ? undefined : this.issuer.token(as));
    const form = body instanceof FormData;
    const answer = await fetch(this.running.url + path, {
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

  async rows<Row = Json>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query(sql, values)).rows as Row[];
  }
}
