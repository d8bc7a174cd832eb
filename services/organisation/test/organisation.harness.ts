import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { CallContext } from '@steward/platform';
import {
  createTestDatabase,
  eventually,
  startTestIssuer,
  testTopicPrefix,
  type TestDatabase,
  type TestIssuer,
  type TestTokenOptions,
} from '@steward/testing';
import type { RunningService } from '@steward/platform';
import { configFromEnv, createApp, type OrganisationConfig } from '../src/index.js';

// The engines are shared by all specs of a run.
jest.setTimeout(60_000);

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
type Json = Record<string, any>;

export type Item = Record<string, unknown>;

/** The items of a page. */
export const itemsOf = (body: Item): Item[] => body['items'] as Item[];

/** The instant so many days from now. */
export const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();

export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;

export type CallOptions = Readonly<{
  key?: string;
  match?: number;
  headers?: Record<string, string>;
  token?: string;
}>;

/** The service over real HTTP, PostgreSQL and Kafka, with an issuer of its own. */
export class OrganisationUnderTest {
  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
    readonly config: OrganisationConfig,
    readonly running: RunningService,
    private readonly admin: pg.Client,
  ) {}

  /** Boots it on an empty database with `hq.admin` as the first administrator. */
  static async start(): Promise<OrganisationUnderTest> {
    const [issuer, database] = await Promise.all([startTestIssuer(), createTestDatabase('organisation')]);
    const config = configFromEnv({
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      DATABASE_URL: database.appUrl,
      WORKER_DATABASE_URL: database.workerUrl,
      MIGRATION_URL: database.ownerUrl,
      KAFKA_BROKERS: process.env['STEWARD_TEST_BROKERS'],
      OIDC_ISSUER: issuer.url,
      BOOTSTRAP_ADMIN_SUBJECT: 'hq.admin',
      BOOTSTRAP_GROUP_NAME: '示范集团',
    });
    const kafka = { ...config.kafka, topicPrefix: testTopicPrefix() };
    const own = { ...config, kafka };
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    return new OrganisationUnderTest(issuer, database, own, await createApp(own), admin);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.issuer.close();
    await this.admin.end();
    await this.database.drop();
  }

  /** A request as a subject; null sends no token. */
  async call(
    method: string,
    path: string,
    as: string | null,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const token = options.token ?? (as === null ? undefined : this.token(as));
    const answer = await fetch(this.running.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.match === undefined ? {} : { 'if-match': `"v${options.match}"` }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
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

  token(subject: string, options?: TestTokenOptions): string {
    return this.issuer.token(subject, options);
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
  async rows(sql: string, values: unknown[] = []): Promise<Item[]> {
    return (await this.admin.query<Item>(sql, values)).rows;
  }

  /** Waits until the guard knows what a subject holds. */
  async holds(subject: string, roles: number): Promise<void> {
    await eventually(async () => {
      const { body } = await this.get('/api/v1/me', subject);
      return (body['grants'] as CallContext['grants'] | undefined)?.length === roles;
    });
  }
}
