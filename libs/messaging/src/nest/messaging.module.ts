import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Clock } from '@steward/kernel';
import {
  Audit,
  CLOCK,
  Health,
  LOGGER,
  PLATFORM_CONFIG,
  PUBLISH_HEADS,
  Scheduler,
  Telemetry,
  WorkerDatabase,
  type Logger,
  type PlatformConfig,
} from '@steward/platform';
import { publishAuditHeads } from '../audit-heads.js';
import { ConsumerHost } from '../consumer/consumer-host.js';
import { Rebuild } from '../consumer/rebuild.js';
import { Waiting } from '../consumer/waiting.js';
import { createKafka, type Kafka } from '../kafka/kafka.js';
import { CLOSED_MONTHS, type ClosedMonths } from '../outbox/closed-months.js';
import { Outbox } from '../outbox/outbox.js';
import { PersonalOutbox } from '../outbox/personal-outbox.js';
import { Wake } from '../outbox/wake.js';
import { Parked } from '../parking/parked.js';
import { MessagingRunner } from './messaging-runner.js';
import { topicSpecs, type MessagingOptions } from './messaging-options.js';
import { parkedController } from './parked.controller.js';
import { republicationController } from './republication.controller.js';

/** Token of the service's `Kafka`. */
export const KAFKA = Symbol('KAFKA');

type Common = [log: Logger, telemetry: Telemetry, clock: Clock];

const fatal = (service: string) => (error: Error) => {
  // Thrown outside of any promise: the process ends, named and non-zero, and whoever runs it starts it again.
  setImmediate(() => {
    throw new Error(`${service}: a consumer died for good`, { cause: error });
  });
};

function outboxProviders({ service, topics }: MessagingOptions): Provider[] {
  const names = topicSpecs(topics).map(({ name }) => name);
  return [
    Wake,
    {
      provide: Outbox,
      inject: [Wake, { token: CLOSED_MONTHS, optional: true }],
      useFactory: (wake: Wake, closed?: ClosedMonths) => new Outbox(names, wake, closed),
    },
    { provide: PersonalOutbox, inject: [Wake], useFactory: (wake: Wake) => new PersonalOutbox(names, wake) },
    {
      provide: PUBLISH_HEADS,
      inject: [Outbox],
      useFactory: (outbox: Outbox) => publishAuditHeads(outbox, service),
    },
  ];
}

function consumerProviders({ service, maxParkedKeys, transactions, onFatal }: MessagingOptions): Provider[] {
  const limits = { maxParkedKeys, transactions, onFatal: onFatal ?? fatal(service) };
  return [
    {
      provide: ConsumerHost,
      inject: [WorkerDatabase, KAFKA, Health, LOGGER, Telemetry, CLOCK],
      useFactory: (
        database: WorkerDatabase,
        kafka: Kafka,
        health: Health,
        ...[log, telemetry, clock]: Common
      ) => new ConsumerHost({ ...limits, database, kafka, health, log, telemetry, now: () => clock.now() }),
    },
    {
      provide: Parked,
      inject: [WorkerDatabase, ConsumerHost, Audit, LOGGER, Telemetry, CLOCK],
      useFactory: (
        database: WorkerDatabase,
        host: ConsumerHost,
        audit: Audit,
        ...[, telemetry, clock]: Common
      ) => new Parked({ database, telemetry, now: () => clock.now() }, host, audit),
    },
    { provide: Waiting, inject: [Telemetry], useFactory: (telemetry: Telemetry) => new Waiting(telemetry) },
    {
      provide: Rebuild,
      inject: [ConsumerHost, KAFKA],
      useFactory: (host: ConsumerHost, kafka: Kafka) => new Rebuild(host, kafka),
    },
  ];
}

const INJECTED = [
  WorkerDatabase,
  KAFKA,
  ConsumerHost,
  Parked,
  Wake,
  Scheduler,
  Health,
  Telemetry,
  LOGGER,
  Audit,
  CLOCK,
  ModuleRef,
];

type Injected = [
  database: WorkerDatabase,
  kafka: Kafka,
  host: ConsumerHost,
  parked: Parked,
  wake: Wake,
  scheduler: Scheduler,
  health: Health,
  telemetry: Telemetry,
  log: Logger,
  audit: Audit,
  clock: Clock,
  modules: ModuleRef,
];

const runner = (options: MessagingOptions): Provider => ({
  provide: MessagingRunner,
  inject: INJECTED,
  useFactory: (
    ...[
      database,
      kafka,
      host,
      parked,
      wake,
      scheduler,
      health,
      telemetry,
      log,
      audit,
      clock,
      modules,
    ]: Injected
  ) =>
    new MessagingRunner({
      options,
      database,
      kafka,
      host,
      parked,
      wake,
      scheduler,
      health,
      telemetry,
      log,
      audit,
      clock,
      modules,
    }),
});

/** Outbox, relay and consumers of a service. Needs `PlatformModule`; its migrations are `messagingMigrations`. */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      controllers: [
        ...(options.consumers?.length ? [parkedController(options.service)] : []),
        ...(options.topics.length > 0 ? [republicationController(options.service)] : []),
      ],
      providers: [
        {
          provide: KAFKA,
          inject: [PLATFORM_CONFIG, LOGGER],
          useFactory: ({ kafka }: Pick<PlatformConfig, 'kafka'>, log: Logger) =>
            createKafka({ ...kafka, clientId: options.service, log }),
        },
        ...outboxProviders(options),
        ...consumerProviders(options),
        runner(options),
      ],
      exports: [KAFKA, Outbox, PersonalOutbox, Waiting, Parked, Rebuild, PUBLISH_HEADS, Wake],
    };
  }
}
