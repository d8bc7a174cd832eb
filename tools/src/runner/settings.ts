import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type Env = Readonly<Record<string, string | undefined>>;

/** What the person who starts the platform decided. */
export type RunnerSettings = Readonly<{
  /** folder of all state */
  dataDir: string;
  host: string;
  /** port of the gateway */
  port: number;
  /** one process per service instead of all services in this process */
  processes: boolean;
  /** addresses that replace the embedded parts */
  databaseUrl?: string | undefined;
  brokers?: string | undefined;
  issuer?: string | undefined;
  env: Env;
}>;

const REPOSITORY = resolve(import.meta.dirname, '../../..');

export const USAGE = `npm start [-- --processes]
  --processes   one process per service instead of all in one
  PORT=8080 HOST=127.0.0.1        where the gateway listens
  PLATFORM_DATA=var               folder of all state
  DATABASE_URL, KAFKA_BROKERS, OIDC_ISSUER   replace the embedded PostgreSQL (an administrator's address), Kafka, issuer
  <SERVICE>_DATABASE_URL, <SERVICE>_WORKER_DATABASE_URL, <SERVICE>_MIGRATION_URL   a service's own addresses
  LOG_LEVEL=warn                  how much the services say`;

/**
 * Reads the command line and the environment of the runner.
 * @throws Error with the usage when an argument is not known
 */
export function readSettings(args: readonly string[], env: Env): RunnerSettings {
  return {
    dataDir: resolve(env.PLATFORM_DATA || resolve(REPOSITORY, 'var')),
    host: env.HOST || '127.0.0.1',
    port: Number(env.PORT || 8080),
    processes: readArguments(args),
    databaseUrl: env.DATABASE_URL || undefined,
    brokers: env.KAFKA_BROKERS || undefined,
    issuer: env.OIDC_ISSUER || undefined,
    env,
  };
}

function readArguments(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { processes: { type: 'boolean', default: false } },
    });
    return values.processes;
  } catch (cause) {
    throw new Error(USAGE, { cause });
  }
}
