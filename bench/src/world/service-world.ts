import { fileURLToPath } from 'node:url';
import { ALL_PERSONAL, PARTNER_CONTEXTS } from '@steward/contracts';
import { Directory } from '@steward/directory';
import type { OrganisationBuilder, ServiceCode } from '@steward/directory/testing';
import { createKafka, type Kafka } from '@steward/messaging';
import type { PlatformConfig, RunningService } from '@steward/platform';
import { createTestDatabase, eventually, freePort, uniqueName, type TestDatabase } from '@steward/testing';
import type { MeasuredProcess } from '../frame/measured-process.js';
import type { Stand } from '../frame/stand.js';

/** Connections of each of a service's pools: its default. */
export const POOL = 5;

const LEARN_MS = 120_000;

/** A service as a process of its own, on a port. */
export type Started = Readonly<{ url: string; port: number; process: MeasuredProcess }>;

type Options = Readonly<{
  /** states the group that the service is to know */
  group: (kafka: Kafka) => OrganisationBuilder;
  env?: Readonly<Record<string, string>>;
}>;

/** One service on a database and topics of its own that knows a group, as it is before its process starts. */
export class ServiceWorld {
  private constructor(
    readonly stand: Stand,
    readonly name: string,
    readonly database: TestDatabase,
    readonly kafka: Kafka,
    readonly prefix: string,
    readonly group: OrganisationBuilder,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Runs the service once in this process: it migrates its database and learns the group; then it is stopped. */
  static async start<Config extends PlatformConfig>(
    stand: Stand,
    code: ServiceCode<Config>,
    { group: build, env: more = {} }: Options,
  ): Promise<ServiceWorld> {
    const database = await createTestDatabase(uniqueName('bench'), { adminUrl: stand.postgres.url });
    const prefix = `${uniqueName('bench')}.`;
    const kafka = createKafka({ brokers: [stand.kafka.brokers], clientId: 'bench', topicPrefix: prefix });
    // the topics of the other services, of which none runs
    await kafka.topics.ensure([
      ...[...PARTNER_CONTEXTS, 'partners'].map((context) => ({
        name: `${context}.v1`,
        kind: 'events' as const,
      })),
      ...ALL_PERSONAL.map(({ topic }) => ({ name: topic, kind: 'personal' as const })),
    ]);
    const env = { ...environment(stand, database), KAFKA_TOPIC_PREFIX: prefix, ...more };
    const group = build(kafka);
    stand.onClose(async () => {
      await group.close();
      await kafka.close();
      await database.drop();
    });
    const running = await code.createApp(code.configFromEnv({ ...env, LOG_LEVEL: 'error' }));
    try {
      await learn(running, group);
    } finally {
      await running.stop();
    }
    return new ServiceWorld(stand, code.SERVICE, database, kafka, prefix, group, env);
  }

  /** Starts the service as in production, and waits until it is ready; `databaseName` is another database than its own. */
  async process(databaseName = this.database.name, name = this.name): Promise<Started> {
    const port = await freePort();
    const env = Object.fromEntries(
      Object.entries(this.env).map(([key, value]) => [key, value.replace(this.database.name, databaseName)]),
    );
    const process = this.stand.process({
      name,
      file: fileURLToPath(new URL(`../../../services/${this.name}/dist/main.js`, import.meta.url)),
      env: { ...env, SERVICE_PORT: String(port) },
    });
    const url = `http://127.0.0.1:${port}`;
    await process.answers(`${url}/health/ready`);
    return { url, port, process };
  }

  /** The address of a database of this world as the administrator. */
  adminUrl(databaseName = this.database.name): string {
    return this.database.adminUrl.replace(this.database.name, databaseName);
  }

  /** Rows as the administrator sees them; several statements may be given at once. */
  rows<Row extends Record<string, unknown>>(sql: string, databaseName?: string): Promise<Row[]> {
    return this.stand.query<Row>(sql, this.adminUrl(databaseName));
  }

  /** A further database with all that this one holds; nothing may be connected to it. */
  async copy(name: string): Promise<string> {
    const copy = `${this.database.name}_${name}`;
    await this.stand.query(`create database "${copy}" template "${this.database.name}"`);
    this.stand.onClose(
      async () => void (await this.stand.query(`drop database if exists "${copy}" with (force)`)),
    );
    return copy;
  }

  /** A request as a subject; gives the body. Throws when the answer is no success. */
  async call<T>(service: Started, method: string, path: string, as: string, body?: unknown): Promise<T> {
    const form = body instanceof FormData;
    const answer = await fetch(service.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.stand.issuer.token(as)}`,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'idempotency-key': uniqueName('bench') }),
        'if-match': '"v0"',
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

async function learn(running: RunningService, group: OrganisationBuilder): Promise<void> {
  const directory = running.app.get(Directory, { strict: false });
  await group.publish();
  await eventually(() => group.knownTo(directory), { timeoutMs: LEARN_MS });
}

/** The environment of a service on a database of the bench. */
export const environment = (stand: Stand, database: TestDatabase): Record<string, string> => ({
  NODE_ENV: 'production',
  DATABASE_URL: database.appUrl,
  WORKER_DATABASE_URL: database.workerUrl,
  MIGRATION_URL: database.ownerUrl,
  DATABASE_POOL: String(POOL),
  KAFKA_BROKERS: stand.kafka.brokers,
  OIDC_ISSUER: stand.issuer.url,
  AUDIT_KEY: 'of the bench, nobody keeps it anywhere',
  // as in production: a line per request in the log
  LOG_LEVEL: 'info',
});
