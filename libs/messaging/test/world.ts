import { newId } from '@steward/kernel';
import {
  branchTable,
  Database,
  GROUP_SCOPE,
  platformMigrations,
  runMigrations,
  systemContext,
  WorkerDatabase,
  type CallContext,
  type KafkaConfig,
  type MigrationClass,
} from '@steward/platform';
import {
  createTestDatabase,
  eventually,
  testTopicPrefix,
  uniqueName,
  type TestDatabase,
} from '@steward/testing';
import {
  ConsumerRuntime,
  createKafka,
  handlerTable,
  lagBetween,
  messagingMigrations,
  Outbox,
  OutboxRelay,
  PersonalOutbox,
  Wake,
  type Kafka,
  type NewEvent,
  type OutgoingMessage,
  type RelayOptions,
  type RuntimeOptions,
  type TopicSpec,
} from '../src/index.js';
import { consumerKey } from '../src/consumer/consumer-scope.js';
import { OTHER_TOPIC, Readers, TOPIC } from './events.js';

/** What the consumers of the specs write: one row per event handled, in the order of handling. */
class Effects1790000000000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
      create table effect (
        pos bigint generated always as identity primary key, consumer text not null, branch_id uuid, event_id uuid not null,
        aggregate_id uuid not null, sequence int not null, type text not null, value numeric
      )`);
    await runner.query(branchTable('effect'));
    await runner.query(
      `create table reader (consumer text, key text, name text, primary key (consumer, key))`,
    );
    await runner.query(`create table yard (consumer text, id uuid, primary key (consumer, id))`);
    await runner.query(
      `do $$ begin execute format('grant all on reader, yard to %I', current_setting('app.worker_role')); end $$`,
    );
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

export const TOPICS: readonly TopicSpec[] = [
  { name: TOPIC, kind: 'events', partitions: 3 },
  { name: OTHER_TOPIC, kind: 'events', partitions: 3 },
  { name: Readers.topic, kind: 'personal', partitions: 3 },
];

export const brokers = (): string[] => process.env['STEWARD_TEST_BROKERS']!.split(',');

/** A service of its own with database, topics, outbox; relays and consumers are started by the spec and end with it. */
export class World {
  readonly wake = new Wake();
  readonly outbox = new Outbox(
    TOPICS.map(({ name }) => name),
    this.wake,
  );
  readonly persons = new PersonalOutbox(
    TOPICS.map(({ name }) => name),
    this.wake,
  );
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly testDatabase: TestDatabase,
    readonly app: Database,
    readonly worker: WorkerDatabase,
    readonly kafka: Kafka,
    readonly prefix: string,
  ) {}

  /** `at` names brokers of the spec's own, `access` how they are entered. */
  static async create(at: readonly string[] = brokers(), access: Partial<KafkaConfig> = {}): Promise<World> {
    const migrations = [
      ...platformMigrations,
      ...messagingMigrations,
      Effects1790000000000 as unknown as MigrationClass,
    ];
    const testDatabase = await createTestDatabase('messaging', {
      migrate: (url, roles) => runMigrations(url, migrations, roles),
    });
    const app = await Database.connect({ url: testDatabase.appUrl, name: 'app' });
    const worker = await WorkerDatabase.connect<WorkerDatabase>({
      url: testDatabase.workerUrl,
      name: 'worker',
    });
    const prefix = `${access.topicPrefix ?? ''}${testTopicPrefix()}`;
    const kafka = createKafka({ ...access, brokers: at, clientId: 'spec', topicPrefix: prefix });
    return new World(testDatabase, app, worker, kafka, prefix);
  }

  /** The context of a call that may do everything. */
  ctx(): CallContext {
    return systemContext('spec', GROUP_SCOPE, new Date(), newId());
  }

  /** Appends facts in one transaction of the application's role. */
  append(...events: NewEvent[]): Promise<void> {
    return this.app.transaction(GROUP_SCOPE, (tx) => this.outbox.append(tx, this.ctx(), events));
  }

  /** Puts messages on a topic as somebody else might, past the outbox. */
  async publishRaw(messages: readonly OutgoingMessage[]): Promise<void> {
    const publisher = this.kafka.publisher();
    await publisher.publish(messages);
    await publisher.close();
  }

  /** All messages that a topic has now, in order per partition. */
  async read(topic: string): Promise<ReadMessage[]> {
    const found: ReadMessage[] = [];
    const count = lagBetween({}, await this.kafka.topics.endPositions([topic]));
    const reader = this.kafka.consumer({
      groupId: uniqueName('reader'),
      topics: [topic],
      onBatch: (batch) => {
        for (const { key, value, headers, offset } of batch.messages) {
          const text = Object.fromEntries(
            Object.entries(headers ?? {}).map(([name, part]) => [name, String(part)]),
          );
          found.push({
            key: String(key),
            value: value && value.toString(),
            headers: text,
            partition: batch.partition,
          });
          batch.resolve(offset);
        }
        return Promise.resolve();
      },
      onCrash: () => undefined,
    });
    await reader.start();
    try {
      await eventually(() => found.length >= count);
    } finally {
      await reader.stop();
    }
    return found;
  }

  /** A relay, started; ended by the world if not before. */
  relay(options: Partial<RelayOptions> = {}): OutboxRelay {
    const relay = new OutboxRelay({
      database: this.worker,
      kafka: this.kafka,
      service: 'meters',
      wake: this.wake,
      ensureTopics: () => this.kafka.topics.ensure(TOPICS),
      ...options,
    });
    relay.start();
    this.closers.push(() => relay.stop());
    return relay;
  }

  /** A consumer with these handlers, started; ended by the world if not before. */
  consumer(
    name: string,
    handlers: readonly object[],
    options: Partial<RuntimeOptions> & { generation?: number } = {},
  ) {
    const { generation, ...rest } = options;
    const table = handlerTable(name, handlers, () => true);
    const identity = { key: consumerKey(name, generation), name, generation, table };
    const runtime = new ConsumerRuntime({
      database: this.worker,
      kafka: this.kafka,
      consumer: identity,
      commitMs: 100,
      ...rest,
    });
    runtime.start();
    this.closers.push(() => runtime.stop());
    return runtime;
  }

  async rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.worker.transaction(GROUP_SCOPE, (tx) => tx.query<Row>(sql, values));
  }

  /** The effects of a consumer in order. */
  effects(consumer: string): Promise<Effect[]> {
    return this.rows<Effect>('select * from effect where consumer = $1 order by pos', [consumer]);
  }

  /** Waits until everything is published. */
  async published(): Promise<void> {
    await eventually(
      async () => (await this.rows('select 1 from outbox where published_at is null limit 1')).length === 0,
    );
  }

  onClose(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** Ends what the spec started, keeps database and topics. */
  async quiet(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }

  async close(): Promise<void> {
    await this.quiet();
    await this.kafka.topics.delete(TOPICS.map(({ name }) => name)).catch(() => undefined);
    await this.kafka.close();
    await Promise.all([this.app.close(), this.worker.close()]);
    await this.testDatabase.drop();
  }
}

export type ReadMessage = {
  key: string;
  value: string | null;
  headers: Record<string, string>;
  partition: number;
};

export type Effect = {
  consumer: string;
  branch_id: string | null;
  event_id: string;
  aggregate_id: string;
  sequence: number;
  type: string;
  value: string | null;
};
