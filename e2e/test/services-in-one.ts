import { startTelemetry, type RunningService } from '@steward/platform';
import * as gateway from '@steward/service-gateway';
import * as insights from '@steward/service-insights';
import * as organisation from '@steward/service-organisation';
import * as tickets from '@steward/service-tickets';
import {
  createTestDatabase,
  startTestIssuer,
  testTopicPrefix,
  type TestDatabase,
  type TestIssuer,
} from '@steward/testing';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';

/** The services behind a gateway inside the test's own process, so that their spans can be looked at. */
export class ServicesInOne {
  readonly exporter = new InMemorySpanExporter();
  private readonly stops: (() => Promise<void>)[] = [];
  issuer!: TestIssuer;
  url!: string;

  static async start(): Promise<ServicesInOne> {
    const all = new ServicesInOne();
    startTelemetry({ exporter: all.exporter });
    all.issuer = await startTestIssuer();
    all.stops.push(() => all.issuer.close());
    const topicPrefix = testTopicPrefix();
    const urls: Record<string, string> = {};
    const services = [
      ['organisation', organisation],
      ['tickets', tickets],
      ['insights', insights],
    ] as const;
    for (const [name, service] of services) {
      const database = await createTestDatabase(`e2e_${name}`);
      all.stops.push(() => database.drop());
      const config = service.configFromEnv(all.env(database));
      const kafka = { ...config.kafka, topicPrefix };
      const create = service.createApp as (config: unknown) => Promise<RunningService>;
      urls[name] = all.keep(await create({ ...config, kafka }));
    }
    const { ORGANISATION_URL, TICKETS_URL, INSIGHTS_URL } = {
      ORGANISATION_URL: urls['organisation'],
      TICKETS_URL: urls['tickets'],
      INSIGHTS_URL: urls['insights'],
    };
    const env = { ...all.common(), PORT: '0', ORGANISATION_URL, TICKETS_URL, INSIGHTS_URL };
    const door = gateway.configFromEnv(env);
    all.url = all.keep(await gateway.createApp({ ...door, kafka: { ...door.kafka, topicPrefix } }));
    return all;
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop();
  }

  private keep(service: RunningService): string {
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
