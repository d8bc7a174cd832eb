import { z } from 'zod';
import { developmentDefault } from './config-parsing.js';
import { withPassword, workerDatabaseEnv } from './database-config.js';
import { kafkaConfig, kafkaEnv, type KafkaConfig } from './kafka-config.js';

export * from './config-parsing.js';
export { databaseEnv, withPassword } from './database-config.js';
export * from './kafka-config.js';

const port = z.coerce.number().int().min(0).max(65535);
const address = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be an address (${protocols.join(', ')})`,
  });
const ratio = z.coerce.number().min(0).max(1);

/** Variables of every process that answers HTTP, with or without a database. */
export const serviceEnv = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  SERVICE_HOST: z.string().default('127.0.0.1'),
  SERVICE_PORT: port.default(0),
  SHUTDOWN_MS: z.coerce.number().int().min(0).max(120_000).default(10_000),
  LINGER_MS: z.coerce.number().int().min(0).max(60_000).default(2000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  OIDC_ISSUER: developmentDefault(address('http', 'https'), 'http://127.0.0.1:9000'),
  OIDC_AUDIENCE: z.string().default('platform-api'),
  OTEL_EXPORTER_OTLP_ENDPOINT: address('http', 'https').optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address('http', 'https').optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: address('http', 'https').optional(),
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().min(1000).default(60_000),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: ratio.default(1),
});

/** Variables of a service that owns a database and speaks to Kafka. */
export const platformEnv = serviceEnv.extend({
  ...workerDatabaseEnv.shape,
  ...kafkaEnv.shape,
  AUDIT_HEADS_EVERY_S: z.coerce.number().int().min(1).max(3600).default(60),
  AUDIT_KEY: developmentDefault(
    z.string().min(32, 'must have at least 32 characters'),
    'development only, never in production mode',
  ),
});

/** How traces and metrics leave the process; without an endpoint they stay in it (`/metrics` works always). */
export type TelemetryConfig = Readonly<{
  traces: boolean;
  metrics: boolean;
  metricsIntervalMs: number;
  sampler: z.output<typeof serviceEnv>['OTEL_TRACES_SAMPLER'];
  samplerRatio: number;
}>;

/** What every service is told. */
export type ServiceConfig = Readonly<{
  mode: 'development' | 'test' | 'production';
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Milliseconds that running requests get to finish when the service stops. */
  shutdownMs: number;
  /** Milliseconds before, in which a stopping service still serves the connections that callers keep; 0 when left out. */
  lingerMs?: number;
  logLevel: z.output<typeof serviceEnv>['LOG_LEVEL'];
  oidc: Readonly<{ issuer: string; audience: string }>;
  telemetry: TelemetryConfig;
}>;

/** What a service with a database is told: addresses of its three roles (application, workers, owner). */
export type PlatformConfig = ServiceConfig &
  Readonly<{
    database: Readonly<{
      url: string;
      workerUrl: string;
      /** Only for migrations; a service that does not migrate needs none. */
      migrationUrl?: string;
      /** Whether the service brings its database up to date when it starts; true when left out. */
      migrate?: boolean;
      poolSize: number;
    }>;
    kafka: KafkaConfig;
    /** Milliseconds between two published heads of one audit chain; a minute when left out. */
    auditHeadsEveryMs?: number;
    /** The key of the digests that stand for personal values in the audit chain (ORG-02, ORG-04). */
    auditKey: string;
  }>;

/** The configuration of a service without a database, from its parsed variables. */
export function serviceConfig(env: z.output<typeof serviceEnv>): ServiceConfig {
  return {
    mode: env.NODE_ENV,
    host: env.SERVICE_HOST,
    port: env.SERVICE_PORT,
    shutdownMs: env.SHUTDOWN_MS,
    lingerMs: env.LINGER_MS,
    logLevel: env.LOG_LEVEL,
    oidc: { issuer: env.OIDC_ISSUER, audience: env.OIDC_AUDIENCE },
    telemetry: {
      traces: Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),
      metrics: Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT),
      metricsIntervalMs: env.OTEL_METRIC_EXPORT_INTERVAL,
      sampler: env.OTEL_TRACES_SAMPLER,
      samplerRatio: env.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}

/** The configuration of a service with a database, from its parsed variables. */
export function platformConfig(env: z.output<typeof platformEnv>): PlatformConfig {
  return {
    ...serviceConfig(env),
    database: {
      url: withPassword(env.DATABASE_URL, env.DATABASE_PASSWORD),
      workerUrl: withPassword(env.WORKER_DATABASE_URL, env.WORKER_DATABASE_PASSWORD),
      ...(env.MIGRATION_URL ? { migrationUrl: withPassword(env.MIGRATION_URL, env.MIGRATION_PASSWORD) } : {}),
      migrate: env.MIGRATE_ON_START,
      poolSize: env.DATABASE_POOL,
    },
    kafka: kafkaConfig(env),
    auditKey: env.AUDIT_KEY,
    auditHeadsEveryMs: env.AUDIT_HEADS_EVERY_S * 1000,
  };
}
