import { startTelemetry, type RunningService } from '@steward/platform';
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

/** The services behind a gateway inside the test's own process, so that their spans can be looked at. */
export class ServicesInOne {
  readonly exporter = new InMemorySpanExporter();
  /** by name, the gateway among them */
  readonly running = new Map<string, RunningService>();
  readonly topicPrefix = testTopicPrefix();
  private readonly stops: (() => Promise<void>)[] = [];
  issuer!: TestIssuer;
  url!: string;

  /** @param doorEnv variables of the gateway besides the usual ones */
  static async start(doorEnv: Readonly<Record<string, string>> = {}): Promise<ServicesInOne> {
    const all = new ServicesInOne();
    startTelemetry({ exporter: all.exporter });
    all.issuer = await startTestIssuer();
    all.stops.push(() => all.issuer.close());
    const { topicPrefix } = all;
    const urls: Record<string, string> = {};
    for (const name of API_SERVICE_NAMES) {
      const { configFromEnv, createApp } = await API_SERVICES[name]();
      const database = await createTestDatabase(`e2e_${name}`);
      all.stops.push(() => database.drop());
      const config = configFromEnv(all.env(database));
      const kafka = { ...config.kafka, topicPrefix };
      urls[`${name.toUpperCase()}_URL`] = all.keep(await createApp({ ...config, kafka }));
    }
    const env = { ...all.common(), ...doorEnv, PORT: '0', ...urls };
    const door = gateway.configFromEnv(env);
    all.url = all.keep(await gateway.createApp({ ...door, kafka: { ...door.kafka, topicPrefix } }));
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
