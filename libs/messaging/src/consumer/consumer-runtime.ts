import { GROUP_SCOPE, type Check, type WorkerDatabase } from '@steward/platform';
import { isRetriable, type GroupConsumer } from '../kafka/group-consumer.js';
import type { Kafka } from '../kafka/kafka.js';
import { laterOf, type Positions } from '../kafka/positions.js';
import { refusalOf } from '../kafka/refusal.js';
import { reasonOf, silentLog, type Log } from '../log.js';
import { countParkedKeys } from '../parking/parked-store.js';
import { processTelemetry, type Telemetry } from '../trace.js';
import { BatchRunner } from './batch-runner.js';
import { ChunkProcessor } from './chunk-processor.js';
import { ConsumerMetrics } from './consumer-metrics.js';
import type { ConsumerIdentity } from './consumer-scope.js';
import { isTransient } from './error-class.js';
import { PartitionBook } from './partition-book.js';
import { RestartPolicy } from './restart-policy.js';

export type RuntimeOptions = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  consumer: ConsumerIdentity;
  now?: () => Date;
  /** Keys with parked events at which the consumer stops and is not ready; 100 by default. */
  maxParkedKeys?: number;
  /** Milliseconds without progress, while there is something to do, after which it is not ready; 30 000 by default. */
  stallMs?: number;
  /** Transactions at the same time while there is a backlog; 2 by default. */
  transactions?: number;
  /** Milliseconds between commits of offsets; 500 by default. The guards make the few repeats harmless. */
  commitMs?: number;
  /** The consumer cannot go on and restarting did not help: the process should end and be started again. */
  onFatal?: (error: Error) => void;
  log?: Log;
  telemetry?: Telemetry;
}>;

type State =
  'not started' | 'waiting for topics' | 'joining' | 'running' | 'restarting' | 'failed' | 'stopped';

const TRANSACTIONS = 2;
/** Partitions whose messages are taken up at the same time: what is little in each shares a transaction. */
const PARTITIONS = 24;
const STALL_MS = 30_000;
const WATCH_MS = 3000;
const TOPIC_WAIT_MS = 500;

/** The consumer group of a consumer, or of one of its generations. */
export const groupIdOf = (consumerKey: string): string => `steward.${consumerKey}`;

/**
 * One member of one consumer's group: reads, applies chunk by chunk, commits on an interval, starts again when it dies.
 * Its health follows progress, not the connection: a consumer that is silent while there is something to read is not ready.
 */
export class ConsumerRuntime {
  private readonly book = new PartitionBook();
  private readonly batches: BatchRunner;
  private readonly restarts = new RestartPolicy();
  private readonly metrics: ConsumerMetrics;
  private readonly log: Log;
  private member: GroupConsumer | undefined;
  private state: State = 'not started';
  private detail = '';
  private changedAt = Date.now();
  private stopping = false;
  private timers: NodeJS.Timeout[] = [];
  private starting: Promise<void> = Promise.resolve();
  private committing: Promise<void> | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly options: RuntimeOptions) {
    const { database, consumer, now = () => new Date() } = options;
    const telemetry = options.telemetry ?? processTelemetry();
    this.log = options.log ?? silentLog;
    this.metrics = new ConsumerMetrics(telemetry.meter, consumer.key, this.book);
    this.batches = new BatchRunner({
      consumer: consumer.key,
      processor: new ChunkProcessor(database, consumer, telemetry, now, options.transactions ?? TRANSACTIONS),
      book: this.book,
      metrics: this.metrics,
      log: this.log,
      commit: () => this.commit(),
      onParked: () => this.countParked(),
    });
  }

  get consumer(): ConsumerIdentity {
    return this.options.consumer;
  }

  /** Begins. Joining the group goes on in the background; `health` tells how it stands. */
  start(): void {
    this.timers = [
      setInterval(() => void this.commit(), this.options.commitMs ?? 500),
      setInterval(() => void this.watch(), WATCH_MS),
    ];
    this.starting = this.begin();
  }

  /** Ends after the running chunks, commits what they did, leaves the group. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.batches.stopping = true;
    for (const timer of this.timers) clearInterval(timer);
    this.wake?.();
    await this.starting;
    this.book.releaseAll();
    while (this.batches.active > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.commit();
    await this.member?.stop().catch(() => undefined);
    this.metrics.close();
    this.enter('stopped');
  }

  /** Next offset to apply per partition: of this member's own partitions exactly, of others as last committed. */
  async positions(): Promise<Positions> {
    const { kafka, consumer } = this.options;
    const committed = await kafka.topics.groupPositions(groupIdOf(consumer.key), consumer.table.topics);
    return laterOf(committed, this.book.positions());
  }

  /** Goes no further than these positions, until lifted with undefined. Takes effect with the next chunk. */
  limit(positions: Positions | undefined): void {
    this.book.limit(positions);
  }

  /** Stops where it stands, once the running chunks are applied, and gives the exact positions. */
  async hold(): Promise<Positions> {
    this.book.limit(Object.fromEntries(this.consumer.table.topics.map((topic) => [topic, ZEROS])));
    while (this.batches.active > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.commit();
    const positions = await this.positions();
    this.book.limit(positions);
    return positions;
  }

  /** Ready when it is a member of its group and every partition moves on or has nothing to do. */
  health(now = Date.now()): Check {
    const stallMs = this.options.stallMs ?? STALL_MS;
    if (this.state !== 'running')
      return { ok: false, detail: [this.state, this.detail].filter(Boolean).join(': ') };
    if (this.batches.halted) return { ok: false, detail: 'too many keys have parked events' };
    const stalled = this.book.stalled(now, stallMs);
    const places = stalled.map(
      ({ topic, partition, lastError }) => `${topic}/${partition}${lastError ? ` (${lastError})` : ''}`,
    );
    if (stalled.length > 0) return { ok: false, detail: `no progress in ${places.join(', ')}` };
    if (this.detail) return { ok: now - this.changedAt < stallMs, detail: this.detail };
    return { ok: true, detail: `lag ${this.book.lag()}` };
  }

  private async begin(): Promise<void> {
    try {
      await this.waitForTopics();
      await this.countParked();
      if (!this.stopping) await this.join();
    } catch (error) {
      this.crashed(error as Error, !isTransient(error) && !isRetriable(error));
    }
  }

  private async waitForTopics(): Promise<void> {
    const { kafka, consumer } = this.options;
    for (let told = false; !this.stopping; told = true) {
      const missing = await kafka.topics.missing(consumer.table.topics);
      if (missing.length === 0) return;
      this.enter('waiting for topics', missing.join(', '));
      if (!told)
        this.log.warn(
          { consumer: consumer.key, topics: missing },
          'topics are missing; their services create them',
        );
      await this.pause(TOPIC_WAIT_MS);
    }
  }

  private async join(): Promise<void> {
    const { kafka, consumer } = this.options;
    this.enter('joining');
    const member = kafka.consumer({
      groupId: groupIdOf(consumer.key),
      topics: consumer.table.topics,
      concurrency: PARTITIONS,
      onBatch: (batch) => this.batches.run(batch),
      onAssigned: (assignment) => {
        this.book.assign(assignment);
        this.restarts.succeeded();
        this.enter('running');
      },
      onCrash: (error, lasting) => {
        if (member === this.member) this.crashed(error, lasting);
      },
    });
    this.member = member;
    await member.start();
  }

  private crashed(error: Error, lasting: boolean): void {
    const { consumer, onFatal } = this.options;
    if (this.stopping) return;
    const member = this.member;
    this.member = undefined;
    this.book.assign({});
    const refusal = refusalOf(error);
    // Another process would be refused just the same, so this one stays, not ready, and says why.
    const waitMs = this.restarts.next(lasting && refusal === undefined);
    const fields = { consumer: consumer.key, reason: refusal ?? reasonOf(error), lasting, waitMs };
    if (waitMs === undefined) {
      this.enter('failed', fields.reason);
      this.log.error(fields, 'the consumer died again and again');
      onFatal?.(error);
      return;
    }
    const known = this.detail === fields.reason;
    this.enter('restarting', fields.reason);
    if (refusal && !known)
      this.log.error(fields, 'the consumer is refused and tries again until it is let in');
    else this.log.warn(fields, 'the consumer died and is started again');
    this.starting = (async () => {
      await member?.stop().catch(() => undefined);
      await this.pause(waitMs);
      if (!this.stopping) await this.begin();
    })();
  }

  private commit(): Promise<void> {
    this.committing ??= this.commitNow().finally(() => {
      this.committing = undefined;
    });
    return this.committing;
  }

  private async commitNow(): Promise<void> {
    const offsets = this.book.uncommitted();
    if (offsets.length === 0 || !this.member) return;
    try {
      await this.member.commit(offsets);
      this.book.keepCommitted(offsets);
    } catch (error) {
      this.log.debug({ consumer: this.consumer.key, reason: reasonOf(error) }, 'offsets are committed later');
    }
  }

  /** Looks from outside whether the partitions move: a client that has fallen silent does not tell. */
  private async watch(): Promise<void> {
    if (this.state !== 'running') return;
    const { kafka, consumer } = this.options;
    try {
      const { topics } = consumer.table;
      if (this.book.unplaced())
        this.book.seed(await kafka.topics.groupPositions(groupIdOf(consumer.key), topics));
      this.book.keepEnds(await kafka.topics.endPositions(topics), Date.now());
      if (this.batches.halted) await this.countParked();
      if (this.detail) this.enter('running');
      this.reviveIfSilent();
    } catch (error) {
      if (!this.detail) this.enter('running', `the topics cannot be looked at: ${reasonOf(error)}`);
    }
  }

  /** The client may stop reading without a word while its heartbeats go on: only a new one helps. */
  private reviveIfSilent(): void {
    const stalled = this.book.stalled(Date.now(), this.options.stallMs ?? STALL_MS);
    const silent = stalled.filter(({ resume, failures }) => resume === undefined && failures === 0);
    if (silent.length > 0 && this.batches.active === 0) this.crashed(new Error('it fell silent'), true);
  }

  private async countParked(): Promise<void> {
    const { database, consumer, maxParkedKeys = 100 } = this.options;
    const keys = await database.read(GROUP_SCOPE, (tx) => countParkedKeys(tx, consumer.key));
    const halted = keys >= maxParkedKeys;
    if (halted && !this.batches.halted)
      this.log.error({ consumer: consumer.key, keys }, 'too many keys have parked events');
    const goesOn = this.batches.halted && !halted;
    this.batches.halted = halted;
    if (goesOn) this.book.releaseAll();
  }

  private enter(state: State, detail = ''): void {
    this.state = state;
    this.detail = detail;
    this.changedAt = Date.now();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// More partitions than any topic has: nothing goes on in any of them.
const ZEROS: readonly number[] = new Array<number>(1000).fill(0);
