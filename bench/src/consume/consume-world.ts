import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TicketRegistered } from '@steward/contracts';
import { createKafka, messagingMigrations, type Kafka } from '@steward/messaging';
import { platformMigrations, runMigrations, WorkerDatabase, type PreparedStatement } from '@steward/platform';
import { createTestDatabase, uniqueName, type TestDatabase } from '@steward/testing';
import type { MeasuredProcess } from '../frame/measured-process.js';
import { metered } from '../frame/meter.js';
import type { Side } from '../frame/rounds.js';
import type { Stand } from '../frame/stand.js';
import { watchQueries } from '../frame/watch-queries.js';
import { POOL } from '../world/service-world.js';
import { fillTopic } from './event-topic.js';
import { BenchFacts } from './facts.migration.js';
import { startRuntime } from './our-runtime.js';
import type { ConsumerSettings, RunOutcome } from './run-order.js';

export const CONCURRENCY = 2;
const BRANCHES = 40;

/** A filled topic, a database, and the two consumers, each a process of its own. */
export class ConsumeWorld {
  private runs = 0;

  private constructor(
    private readonly stand: Stand,
    private readonly database: TestDatabase,
    private readonly messages: number,
    private readonly file: string,
  ) {}

  static async start(stand: Stand, messages: number): Promise<ConsumeWorld> {
    const migrations = [...platformMigrations, ...messagingMigrations, BenchFacts];
    const database = await createTestDatabase(uniqueName('bench'), {
      adminUrl: stand.postgres.url,
      migrate: (url, roles) => runMigrations(url, migrations, roles),
    });
    const kafka = createKafka({ brokers: [stand.kafka.brokers], clientId: 'bench' });
    const branches = Array.from({ length: BRANCHES }, () => randomUUID());
    await kafka.topics.delete([TicketRegistered.topic]).catch(() => undefined);
    await fillTopic(kafka, messages, branches);
    const settings: ConsumerSettings = {
      ...{ brokers: stand.kafka.brokers, databaseUrl: database.workerUrl, topic: TicketRegistered.topic },
      ...{ poolSize: POOL, concurrency: CONCURRENCY, scope: scopeOfAll(branches) },
      statements: await catchStatements(database, kafka),
    };
    await kafka.close();
    const file = join(stand.folder, 'consumers.json');
    writeFileSync(file, JSON.stringify(settings));
    return new ConsumeWorld(stand, database, messages, file);
  }

  /** A side that applies the whole topic as a consumer that never ran before, on empty tables. */
  async side(name: 'our-consumer' | 'raw-consumer'): Promise<Side> {
    const process = this.stand.process({
      name,
      file: fileURLToPath(new URL(`./${name}.js`, import.meta.url)),
      env: { CONSUMER_SETTINGS: this.file },
    });
    await process.next('ready');
    return () => this.burst(name, process);
  }

  private async burst(name: string, process: MeasuredProcess): ReturnType<Side> {
    await this.stand.query(
      'truncate inbox, applied_sequence, bench_fact; checkpoint',
      this.database.adminUrl,
    );
    this.runs += 1;
    const order = { consumer: `${name}-${this.runs}`, messages: this.messages };
    const burst = await metered(this.stand, { consumer: process }, () =>
      process.ask<RunOutcome>(order, 'outcome'),
    );
    await this.checkFacts();
    return burst;
  }

  private async checkFacts(): Promise<void> {
    const [row] = await this.stand.query<{ count: string }>(
      'select count(*) from bench_fact',
      this.database.adminUrl,
    );
    if (Number(row?.count) !== this.messages)
      throw new Error(`${row?.count} facts were written for ${this.messages} events`);
  }
}

// A chunk of 500 events has all branches in it, as a rule.
function scopeOfAll(branches: readonly string[]): string {
  const list = branches.join(',');
  return `select set_config('app.scope', '${list};${list};${list}', true)`;
}

/** Runs our runtime for a moment and catches the statements of its guards, so that the baseline sends the same. */
async function catchStatements(
  testDatabase: TestDatabase,
  kafka: Kafka,
): Promise<ConsumerSettings['statements']> {
  const url = testDatabase.workerUrl;
  const database = await WorkerDatabase.connect<WorkerDatabase>({ url, name: 'bench-sample', poolSize: 2 });
  const watch = watchQueries();
  try {
    const applied = Promise.withResolvers<void>();
    const runtime = startRuntime({
      ...{ database, kafka, consumer: 'sample', transactions: 1, onFirst: () => undefined },
      onApplied: () => applied.resolve(),
    });
    await applied.promise;
    await runtime.stop();
    const sent = (part: string): PreparedStatement => {
      const { name, text } = watch.find((query) => query.text.includes(part));
      return { name: name!, text };
    };
    return {
      read: sent('from applied_sequence'),
      keep: sent('insert into applied_sequence'),
    };
  } finally {
    watch.end();
    await database.close();
  }
}
