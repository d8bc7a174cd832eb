import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits). */
export const CONFIG_EXIT_CODE = 78;

/** A configuration that cannot be used. `problems` names every variable at fault, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = CONFIG_EXIT_CODE;

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

/** Environment variables by name, as in `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Gives a variable a value outside production mode only. With `NODE_ENV=production` the variable has to be set, so no
 * known secret or address of a developer's machine ever runs there.
 */
export function developmentDefault<T extends z.ZodType>(schema: T, value: string): T {
  return schema.meta({ ...schema.meta(), development: value });
}

type Shape = Record<string, z.ZodType>;

function fileValue(name: string, env: Env, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return undefined;
  if (env[name]) {
    problems.push(`${name}: both ${name} and ${name}_FILE are set; keep one`);
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      `${name}: cannot read ${name}_FILE ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
    return undefined;
  }
}

function gather(shape: Shape, env: Env, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const fallback = env.NODE_ENV === 'production' ? undefined : schema.meta()?.development;
    const fromFile = fileValue(name, env, problems);
    const value = env[name] || fromFile || (fallback as string | undefined);
    if (value) values[name] = value;
  }
  return values;
}

function problemLine(issue: z.core.$ZodIssue, values: Record<string, string>): string {
  const name = String(issue.path[0] ?? 'environment');
  return values[name] === undefined && issue.code === 'invalid_type'
    ? `${name}: is not set (or ${name}_FILE)`
    : `${name}: ${issue.message}`;
}

/**
 * Reads a service's configuration from environment variables. Empty variables count as unset; any variable may come
 * from the file that `<NAME>_FILE` names (its last line break is cut). Throws `ConfigError` listing every problem;
 * the values themselves are never repeated in it, as they may be secrets.
 */
export function parseConfig<T extends Shape>(schema: z.ZodObject<T>, env: Env): z.output<z.ZodObject<T>> {
  const problems: string[] = [];
  const values = gather(schema.shape, env, problems);
  const result = schema.safeParse(values);
  if (!result.success) {
    const known = new Set(problems.map((line) => line.split(':')[0]));
    problems.push(
      ...result.error.issues
        .filter((issue) => !known.has(String(issue.path[0])))
        .map((issue) => problemLine(issue, values)),
    );
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

const port = z.coerce.number().int().min(0).max(65535);
const address = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be an address (${protocols.join(', ')})`,
  });
const postgres = address('postgres', 'postgresql');
const list = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean)); // prettier-ignore
const ratio = z.coerce.number().min(0).max(1);

/** Variables of every process that answers HTTP, with or without a database. */
export const serviceEnv = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  SERVICE_HOST: z.string().default('127.0.0.1'),
  SERVICE_PORT: port.default(0),
  SHUTDOWN_MS: z.coerce.number().int().min(0).max(120_000).default(10_000),
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
  DATABASE_URL: postgres,
  WORKER_DATABASE_URL: postgres,
  MIGRATION_URL: postgres,
  DATABASE_POOL: z.coerce.number().int().min(1).max(50).default(5),
  KAFKA_BROKERS: developmentDefault(list.pipe(z.array(z.string()).min(1)), '127.0.0.1:9092'),
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
  logLevel: z.output<typeof serviceEnv>['LOG_LEVEL'];
  oidc: Readonly<{ issuer: string; audience: string }>;
  telemetry: TelemetryConfig;
}>;

/** What a service with a database is told: addresses of its three roles (application, workers, owner). */
export type PlatformConfig = ServiceConfig &
  Readonly<{
    database: Readonly<{ url: string; workerUrl: string; migrationUrl: string; poolSize: number }>;
    kafka: Readonly<{ brokers: readonly string[] }>;
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
      url: env.DATABASE_URL,
      workerUrl: env.WORKER_DATABASE_URL,
      migrationUrl: env.MIGRATION_URL,
      poolSize: env.DATABASE_POOL,
    },
    kafka: { brokers: env.KAFKA_BROKERS },
    auditKey: env.AUDIT_KEY,
  };
}
