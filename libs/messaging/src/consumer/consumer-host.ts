import type { WorkerDatabase } from '@steward/platform';
import { GROUP_SCOPE, type Check, type Health } from '@steward/platform';
import type { Kafka } from '../kafka/kafka.js';
import type { Log } from '../log.js';
import type { Telemetry } from '../trace.js';
import { consumerKey, type ConsumerIdentity } from './consumer-scope.js';
import { ConsumerRuntime, groupIdOf } from './consumer-runtime.js';
import type { HandlerTable } from './handler-table.js';

export type ConsumerHostOptions = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  now?: () => Date;
  maxParkedKeys?: number;
  stallMs?: number;
  transactions?: number;
  onFatal?: (error: Error) => void;
  health?: Health;
  log?: Log;
  telemetry?: Telemetry;
}>;

type Hosted = { runtime: ConsumerRuntime; unregister: () => void };

/** The consumers of a service in this process, each with its generations. */
export class ConsumerHost {
  private readonly tables = new Map<string, HandlerTable>();
  private readonly running = new Map<string, Hosted>();

  constructor(private readonly options: ConsumerHostOptions) {}

  /** Makes a consumer known. Throws when the name is taken: two consumers would share positions and guards. */
  declare(name: string, table: HandlerTable): void {
    if (this.tables.has(name)) throw new Error(`there are two consumers ${name}`);
    this.tables.set(name, table);
  }

  /** Starts a declared consumer, or one generation of it. Throws when it runs already. */
  start(name: string, generation?: number): ConsumerRuntime {
    const table = this.tables.get(name);
    if (!table) throw new Error(`there is no consumer ${name}`);
    const key = consumerKey(name, generation);
    if (this.running.has(key)) throw new Error(`consumer ${key} runs already`);
    const { health, ...rest } = this.options;
    const runtime = new ConsumerRuntime({ ...rest, consumer: { key, name, generation, table } });
    const unregister =
      health?.register(`consumer ${key}`, (): Check => runtime.health()) ?? (() => undefined);
    this.running.set(key, { runtime, unregister });
    runtime.start();
    return runtime;
  }

  /** Stops it after its running chunks; nothing happens when it does not run here. */
  async stop(name: string, generation?: number): Promise<void> {
    const key = consumerKey(name, generation);
    const hosted = this.running.get(key);
    if (!hosted) return;
    this.running.delete(key);
    hosted.unregister();
    await hosted.runtime.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ runtime }) => runtime.stop()));
  }

  /** The runtime of a consumer that runs here; throws when it does not. */
  get(name: string, generation?: number): ConsumerRuntime {
    const hosted = this.running.get(consumerKey(name, generation));
    if (!hosted) throw new Error(`consumer ${consumerKey(name, generation)} does not run here`);
    return hosted.runtime;
  }

  /** Who runs here, by key. */
  identity(key: string): ConsumerIdentity | undefined {
    return this.running.get(key)?.runtime.consumer;
  }

  keys(): string[] {
    return [...this.running.keys()];
  }

  /** Forgets a stopped generation: its guards, parked events, waiting facts and its group's positions. */
  async forget(name: string, generation: number): Promise<void> {
    const key = consumerKey(name, generation);
    if (this.running.has(key)) throw new Error(`consumer ${key} still runs`);
    await this.options.kafka.topics.deleteGroup(groupIdOf(key));
    await this.options.database.transaction(GROUP_SCOPE, async (tx) => {
      for (const table of ['inbox', 'applied_sequence', 'parked_event', 'waiting_fact'])
        await tx.query(`delete from ${table} where consumer = $1`, [key]);
    });
  }
}
