import type { ModuleRef } from '@nestjs/core';
import type { Clock } from '@steward/kernel';
import { GROUP_SCOPE, type Audit, type Health, type Scheduler, type WorkerDatabase } from '@steward/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import type { ConsumerHost } from '../consumer/consumer-host.js';
import { handlerTable } from '../consumer/handler-table.js';
import { deleteOldInbox } from '../consumer/inbox-age.js';
import type { Kafka } from '../kafka/kafka.js';
import { reasonOf, type Log } from '../log.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { makePartitions } from '../outbox/partitions.js';
import { ensureOwnTopics } from '../outbox/republication.js';
import type { Wake } from '../outbox/wake.js';
import type { Parked } from '../parking/parked.js';
import type { Telemetry } from '../trace.js';
import { inCatalogue, topicSpecs, type MessagingOptions } from './messaging-options.js';

export type RunnerParts = Readonly<{
  options: MessagingOptions;
  database: WorkerDatabase;
  kafka: Kafka;
  host: ConsumerHost;
  parked: Parked;
  wake: Wake;
  scheduler: Scheduler;
  health: Health;
  telemetry: Telemetry;
  log: Log;
  audit: Audit;
  clock: Clock;
  modules: ModuleRef;
}>;

const HOUR_MS = 3_600_000;
const PARKED_RETRY_MS = 2000;

/** Starts relay, consumers and their upkeep with the service, and ends them before its databases close. */
export class MessagingRunner implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private relays: OutboxRelay[] = [];

  constructor(private readonly parts: RunnerParts) {}

  /** Throws, so that the service does not start, when a consumer is not sound. */
  onModuleInit(): void {
    const { options, host, modules } = this.parts;
    for (const { name, handlers } of options.consumers ?? []) {
      const instances = handlers.map((handler) => modules.get<object>(handler as never, { strict: false }));
      host.declare(name, handlerTable(name, instances, options.known ?? inCatalogue));
    }
  }

  onApplicationBootstrap(): void {
    const { options, host } = this.parts;
    this.startRelays();
    this.startUpkeep();
    for (const { name, generation, autoStart = true } of options.consumers ?? [])
      if (autoStart) host.start(name, generation);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { host, kafka } = this.parts;
    await Promise.all([host.stopAll(), ...this.relays.map((relay) => relay.stop())]);
    await kafka.close();
  }

  private startRelays(): void {
    const { options, kafka, health, database, wake, log, telemetry, audit, clock } = this.parts;
    const { service, topics, relays = 1 } = options;
    if (topics.length === 0) return;
    const own = { database, kafka, audit, service, topics: topicSpecs(topics), now: () => clock.now(), log };
    const ensureTopics = (): Promise<void> => ensureOwnTopics(own);
    this.relays = Array.from({ length: relays }, (_, index) => {
      const unit = { index, of: relays };
      return new OutboxRelay({ database, kafka, service, wake, unit, ensureTopics, log, telemetry });
    });
    this.relays.forEach((relay, index) => {
      health.register(relays === 1 ? 'outbox relay' : `outbox relay ${index}`, () => relay.health());
      relay.start();
    });
  }

  private startUpkeep(): void {
    const { options, scheduler, database, parked, log } = this.parts;
    const work = (name: string, everyMs: number, run: () => Promise<unknown>): void => {
      const onError = (error: unknown): void =>
        log.error({ work: name, reason: reasonOf(error) }, 'scheduled work failed');
      scheduler.start({ name, everyMs, run: async () => void (await run()), onError });
    };
    work('outbox-partitions', 6 * HOUR_MS, () => makePartitions(database));
    if (!options.consumers?.length) return;
    work('parked-retry', PARKED_RETRY_MS, () => parked.retryDue());
    work('inbox-age', HOUR_MS, () => database.transaction(GROUP_SCOPE, deleteOldInbox));
  }
}
