import { startTelemetry, type Logger, type RunningService } from '@steward/platform';
import * as gateway from '@steward/service-gateway';
import {
  createTestDatabase,
  startTestIssuer,
  testTopicPrefix,
  type TestDatabase,
  type TestIssuer,
} from '@steward/testing';
import { API_SERVICE_NAMES, API_SERVICES } from '@steward/tools';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';

/** `gateway` replaces variables of the gateway; `loggerOf` gives a service its logger in place of standard output. */
export type HostingOptions = Readonly<{
  gateway?: Readonly<Record<string, string>>;
  loggerOf?: (service: string) => Logger;
}>;

/** The services behind a gateway inside the test's own process, so that their spans can be looked at. */
export class ServicesInOne {
  readonly exporter = new InMemorySpanExporter();
  /** by name, the gateway among them */
  readonly running = new Map<string, RunningService>();
  private readonly stops: (() => Promise<void>)[] = [];
  issuer!: TestIssuer;
  url!: string;
  /** By service: where it listens itself, and its database. */
  readonly urls: Record<string, string> = {};
  readonly databases: Record<string, TestDatabase> = {};
  readonly topicPrefix = testTopicPrefix();

  static async start(options: HostingOptions = {}): Promise<ServicesInOne> {
    const all = new ServicesInOne();
    startTelemetry({ exporter: all.exporter });
    all.issuer = await startTestIssuer();
    all.stops.push(() => all.issuer.close());
    const { topicPrefix, urls } = all;
    const hosting = (name: string) => (options.loggerOf ? { logger: options.loggerOf(name) } : {});
    for (const name of API_SERVICE_NAMES) {
      const { configFromEnv, createApp } = await API_SERVICES[name]();
      const database = await createTestDatabase(`e2e_${name}`);
      all.databases[name] = database;
      all.stops.push(() => database.drop());
      const config = configFromEnv(all.env(database));
      const kafka = { ...config.kafka, topicPrefix };
      urls[name] = all.keep(await createApp({ ...config, kafka }, hosting(name)));
    }
    const addresses = Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url] as const);
    const own: Record<string, string> = { PORT: '0', ...Object.fromEntries(addresses), ...options.gateway };
    const door = gateway.configFromEnv({ ...all.common(), ...own });
    const config = { ...door, kafka: { ...door.kafka, topicPrefix } };
    all.url = all.keep(await gateway.createApp(config, hosting('gateway')));
    return all;
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop();
  }

  private keep(service: RunningService): string {
    this.running.set(service.name, service);
    this.stops.push(() => service.stop());
    return service.url;
  }

  private common() {
    return {
      NODE_ENV: 'test',
      LINGER_MS: '0',
      LOG_LEVEL: 'error',
      KAFKA_BROKERS: process.env['STEWARD_TEST_BROKERS']!,
      OIDC_ISSUER: this.issuer.url,
    };
  }

  private env(database: TestDatabase) {
    return {
      ...this.common(),
      DATABASE_URL: database.appUrl,
      WORKER_DATABASE_URL: database.workerUrl,
      MIGRATION_URL: database.ownerUrl,
      BOOTSTRAP_ADMIN_SUBJECT: 'hq.admin',
    };
  }
}
