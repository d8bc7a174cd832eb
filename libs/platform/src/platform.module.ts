import {
  Global,
  Inject,
  Module,
  Optional,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { systemClock, type Clock } from '@steward/kernel';
import { Audit } from './audit/audit.js';
import { Commands } from './commands/commands.js';
import { ConfigError, type PlatformConfig } from './config.js';
import { Database, WorkerDatabase, type EntityTarget } from './database/database.js';
import { DatabaseHealth } from './database/database-health.js';
import { observePools } from './database/pool-metrics.js';
import {
  requireMigrations,
  rolesFromUrls,
  runMigrations,
  type MigrationClass,
} from './database/migrations.js';
import { platformMigrations } from './database/platform-migrations.js';
import { Housekeeping } from './housekeeping.js';
import type { Logger } from './logging.js';
import { Scheduler, type ObserveRun } from './scheduler/scheduler.js';
import { Telemetry } from './telemetry/index.js';
import { CLOCK, LOGGER, PLATFORM_CONFIG, PUBLISH_HEADS, SERVICE_NAME } from './tokens.js';

export type PlatformOptions = Readonly<{
  service: string;
  entities?: readonly EntityTarget[];
  migrations?: readonly MigrationClass[];
  clock?: Clock;
}>;

/** Brings the service's database up to date: the platform's tables first, then those of the service in name order. */
export async function migrateService(
  config: PlatformConfig,
  migrations: readonly MigrationClass[],
): Promise<void> {
  const { url, workerUrl, migrationUrl } = config.database;
  if (!migrationUrl) throw new ConfigError(['MIGRATION_URL: is not set (or MIGRATION_URL_FILE)']);
  await runMigrations(migrationUrl, [...platformMigrations, ...migrations], rolesFromUrls(url, workerUrl));
}

/** Brings the database up to date, or makes sure that somebody has, as `MIGRATE_ON_START` says. */
async function migratedAtStart(config: PlatformConfig, migrations: readonly MigrationClass[]): Promise<void> {
  if (config.database.migrate ?? true) return migrateService(config, migrations);
  await requireMigrations(config.database.workerUrl, [...platformMigrations, ...migrations]);
}

/** Closes what the module opened, after everything that uses it has stopped. */
class Closing implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WorkerDatabase) private readonly workerDatabase: WorkerDatabase,
    @Inject(Scheduler) private readonly scheduler: Scheduler,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.scheduler.stop();
    await Promise.all([this.database.close(), this.workerDatabase.close()]);
  }
}

function databaseProviders({ database }: PlatformConfig, options: PlatformOptions): Provider[] {
  const { service: name, entities = [] } = options;
  const connect = { name, entities, poolSize: database.poolSize };
  return [
    {
      provide: Database,
      inject: [MIGRATED],
      useFactory: () => Database.connect({ ...connect, url: database.url }),
    },
    {
      provide: WorkerDatabase,
      inject: [MIGRATED],
      useFactory: () =>
        WorkerDatabase.connect({ ...connect, name: `${name}-worker`, url: database.workerUrl }),
    },
    { provide: Commands, inject: [Database], useFactory: (own: Database) => new Commands(own) },
    {
      provide: Scheduler,
      inject: [WorkerDatabase, { token: LOGGER, optional: true }, { token: Telemetry, optional: true }],
      useFactory: (own: WorkerDatabase, log?: Logger, telemetry?: Telemetry) =>
        new Scheduler(
          own,
          (work, error) => log?.error({ work, err: error }, 'scheduled work failed'),
          telemetry && observeRuns(telemetry),
        ),
    },
  ];
}

function observeRuns(telemetry: Telemetry): ObserveRun {
  const durations = telemetry.durations('steward.scheduler.duration', 'Duration of scheduled work');
  return (work, ms, outcome) => durations.record(ms / 1000, { work, outcome });
}

/** Makes the pools visible in a service's measurements. */
class PoolMetrics {
  constructor(
    @Inject(Database) database: Database,
    @Inject(WorkerDatabase) worker: WorkerDatabase,
    @Optional() @Inject(Telemetry) telemetry?: Telemetry,
  ) {
    if (telemetry) observePools(telemetry.meter, { app: database, worker });
  }
}

const housekeeping = ({ auditHeadsEveryMs }: PlatformConfig): Provider => ({
  provide: Housekeeping,
  inject: [WorkerDatabase, Scheduler, SERVICE_NAME, CLOCK, { token: PUBLISH_HEADS, optional: true }],
  useFactory: (
    ...[database, scheduler, service, clock, publishHeads]: ConstructorParameters<typeof Housekeeping>
  ) => new Housekeeping(database, scheduler, service, clock, publishHeads, auditHeadsEveryMs),
});

/** Waited for by whoever needs the tables. */
const MIGRATED = Symbol('MIGRATED');

/** What every service with a database gets: its two database roles, commands, audit trail, scheduler, clock. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: PlatformConfig, options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: MIGRATED, useFactory: () => migratedAtStart(config, options.migrations ?? []) },
        { provide: PLATFORM_CONFIG, useValue: config },
        { provide: SERVICE_NAME, useValue: options.service },
        { provide: CLOCK, useValue: options.clock ?? systemClock },
        ...databaseProviders(config, options),
        { provide: Audit, useFactory: () => new Audit(config.auditKey) },
        housekeeping(config),
        PoolMetrics,
        DatabaseHealth,
        Closing,
      ],
      exports: [PLATFORM_CONFIG, SERVICE_NAME, CLOCK, Database, WorkerDatabase, Commands, Audit, Scheduler],
    };
  }
}
