import { SpanKind } from '@opentelemetry/api';
import { isDomainError } from '@steward/kernel';
import type { Check, WorkerDatabase } from '@steward/platform';
import { backOff } from '../back-off.js';
import type { Kafka } from '../kafka/kafka.js';
import type { Placed, Publisher } from '../kafka/publisher.js';
import { kafkaReason } from '../kafka/refusal.js';
import { silentLog, type Log } from '../log.js';
import { inSpans, processTelemetry, sampledParent, type Telemetry } from '../trace.js';
import { keepRefill, nextRefill } from './refill.js';
import { relayPersonal } from './personal-relay.js';
import { RelayMetrics } from './relay-metrics.js';
import { RelaySession } from './relay-session.js';
import { BATCH_ROWS, claimUnpublished, markPublished, type ClaimedRow } from './relay-store.js';
import type { Wake } from './wake.js';

export type RelayOptions = Readonly<{
  database: WorkerDatabase;
  kafka: Kafka;
  service: string;
  wake: Wake;
  /** This relay's share of the shards: number `index` of `of`. All of them by default. */
  unit?: Readonly<{ index: number; of: number }>;
  /** Makes sure that the topics exist; called before the first batch and when one is missing. */
  ensureTopics?: () => Promise<void>;
  /** Milliseconds between looks into the table when nobody rings; 250 by default. */
  pollMs?: number;
  log?: Log;
  telemetry?: Telemetry;
}>;

const STANDBY_MS = 500;
const LOOK_MS = 1000;
/** The session ends when it is idle for longer, so that a process that stands still loses its locks. */
const LONGEST_POLL_MS = 5000;
// A batch of a few rows costs almost as much as one of hundreds. Once so many have come together during one batch that
// they come in a stream, the next ones are waited for a moment; a single fact is never.
const STREAM_ROWS = 8;
const GATHER_MS = 15;
/** Failures in a row after which the locks are given back: a copy that can publish may be waiting for them. */
const LETS_GO_AFTER = 5;
/** Unpublished rows older than this, with nothing published meanwhile, make the service not ready. */
const STALLED_MS = 30_000;

/**
 * Publishes the outbox: in order, one batch at a time, each acknowledged before it is marked. Of several copies one
 * holds the lock; a crash between publishing and marking only repeats events, with the same ids.
 */
export class OutboxRelay {
  private session: RelaySession | undefined;
  private readonly publisher: Publisher;
  private readonly metrics: RelayMetrics;
  private readonly log: Log;
  private readonly telemetry: Telemetry;
  private running: Promise<void> | undefined;
  private stopped = false;
  private topicsKnown = false;
  /** The batch after the one just published, read meanwhile. */
  private ahead: ClaimedRow[] | undefined;
  private streaming = false;
  private failures = 0;
  private failingSince: number | undefined;
  private lastError = '';
  private sleeper: (() => void) | undefined;
  private rung = false;
  private lookedAt = 0;
  private notifying: NodeJS.Timeout | undefined;
  private unregister: (() => void) | undefined;

  constructor(private readonly options: RelayOptions) {
    this.publisher = options.kafka.publisher();
    this.log = options.log ?? silentLog;
    this.telemetry = options.telemetry ?? processTelemetry();
    this.metrics = new RelayMetrics(this.telemetry.meter, options.service);
  }

  start(): void {
    this.unregister = this.options.wake.register(() => this.ring());
    this.running ??= this.run();
  }

  /** Ends after the running batch is published and marked, and frees the locks. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unregister?.();
    clearTimeout(this.notifying);
    this.sleeper?.();
    await this.running;
    await this.session?.close();
    await this.publisher.close();
    this.metrics.close();
  }

  /** Not ready when rows wait, this relay is the one to publish them, and nothing was published for a while. */
  health(now = Date.now()): Check {
    if (this.session?.alive && this.session.holding.shards.length === 0)
      return { ok: true, detail: 'standing by' };
    const waiting = Math.max(this.metrics.stalledMs(now), now - (this.failingSince ?? now));
    const age = `oldest unpublished ${Math.round(this.metrics.oldestMs(now) / 1000)} s`;
    return { ok: waiting < STALLED_MS, detail: this.lastError ? `${age}; ${this.lastError}` : age };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const session = await this.ready();
        const busy = await this.step(session);
        this.succeeded();
        if (!busy)
          await this.sleep(
            session.holding.shards.length > 0
              ? Math.min(this.options.pollMs ?? 250, LONGEST_POLL_MS)
              : STANDBY_MS,
          );
        else if (this.streaming) await this.sleep(GATHER_MS, true);
      } catch (error) {
        await this.afterFailure(error);
      }
    }
  }

  private async ready(): Promise<RelaySession> {
    if (!this.session?.alive) {
      this.ahead = undefined;
      await this.session?.close();
      this.session = await RelaySession.open(
        this.options.database,
        this.options.unit ?? { index: 0, of: 1 },
        {
          onNotice: () => this.wakeUp(),
          onEnd: () => this.wakeUp(),
        },
      );
    }
    if (!this.session.complete) await this.session.claim();
    return this.session;
  }

  /** One batch of each kind. Gives whether there may be more. */
  private async step(session: RelaySession): Promise<boolean> {
    const { shards, personal } = session.holding;
    this.streaming = false;
    if (shards.length === 0) return false;
    const rows = this.ahead ?? (await claimUnpublished(session, shards));
    this.ahead = undefined;
    this.metrics.claimed(rows[0]?.recordedAt);
    if (!this.topicsKnown) await this.options.ensureTopics?.();
    this.topicsKnown = true;
    // What comes rarely is looked for when somebody rang, and once a second; a refill also before anything newer.
    const everything = Date.now() - this.lookedAt >= LOOK_MS;
    if (everything) this.lookedAt = Date.now();
    if ((everything || rows.length > 0) && (await this.refill(session, shards))) return true;
    if (rows.length > 0) await this.publishUnpublished(session, shards, rows);
    const persons = everything && personal ? await relayPersonal(session, this.publisher) : 0;
    if (persons > 0) this.lookedAt = 0;
    return rows.length > 0 || persons > 0;
  }

  private async publishUnpublished(
    session: RelaySession,
    shards: readonly number[],
    rows: readonly ClaimedRow[],
  ): Promise<void> {
    // A full batch tells of a backlog: the next one is read while this one is on its way.
    const next = rows.length === BATCH_ROWS ? claimUnpublished(session, shards, rows) : undefined;
    const [placed, ahead] = await Promise.all([this.publish(session, rows), next]);
    await markPublished(session, rows, placed);
    this.ahead = ahead;
    this.streaming = rows.length >= STREAM_ROWS && rows.length < BATCH_ROWS;
    this.metrics.published(rows.length);
  }

  private async refill(session: RelaySession, shards: readonly number[]): Promise<boolean> {
    const step = await nextRefill(session, shards);
    this.metrics.refilling(step !== undefined);
    if (!step) return false;
    if (step.rows.length > 0) await this.publish(session, step.rows);
    await keepRefill(session, step);
    this.metrics.refilled();
    return true;
  }

  private async publish(session: RelaySession, rows: readonly ClaimedRow[]): Promise<Placed[]> {
    if (!session.alive) throw new Error('the connection that holds the lock is gone');
    const parents = rows.flatMap(({ message }) => {
      const parent = sampledParent(message.headers['traceparent']);
      return parent ? [{ parent, attributes: publishAttributes(message.topic, message.key) }] : [];
    });
    return inSpans(
      this.telemetry.tracer,
      `publish ${rows[0]!.message.topic}`,
      SpanKind.PRODUCER,
      parents,
      () => session.during(() => this.publisher.publish(rows.map(({ message }) => message))),
    );
  }

  private succeeded(): void {
    this.failures = 0;
    this.failingSince = undefined;
    this.lastError = '';
  }

  private async afterFailure(error: unknown): Promise<void> {
    this.ahead = undefined;
    this.failures += 1;
    this.failingSince ??= Date.now();
    this.lastError = kafkaReason(error);
    if (isDomainError(error) && error.code === 'kafka.topic-missing') this.topicsKnown = false;
    const fields = { failures: this.failures, reason: this.lastError };
    if (!this.stopped) this.log.warn(fields, 'the outbox relay could not publish and tries again');
    if (this.failures % LETS_GO_AFTER === 0) await this.letGo();
    await this.sleep(backOff(this.failures, 100, 1000), true);
  }

  private async letGo(): Promise<void> {
    await this.session?.close();
    this.session = undefined;
  }

  private ring(): void {
    this.wakeUp();
    // Not the holder of everything: another copy is, and is told once for all rings of the next moments.
    if (this.session?.alive && !this.session.complete) this.notifying ??= setTimeout(() => this.notify(), 20);
  }

  private notify(): void {
    this.notifying = undefined;
    this.session?.notify().catch(() => undefined);
  }

  private wakeUp(): void {
    this.rung = true;
    this.lookedAt = 0;
    this.sleeper?.();
  }

  /** Sleeps until it is woken, or, through rings, until the time is over. */
  private async sleep(ms: number, throughRings = false): Promise<void> {
    if (this.stopped || (this.rung && !throughRings)) {
      this.rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.sleeper = () => {
        if (throughRings && !this.stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.sleeper = undefined;
    this.rung = false;
  }
}

const publishAttributes = (topic: string, key: string) => ({
  'messaging.system': 'kafka',
  'messaging.operation.type': 'send',
  'messaging.destination.name': topic,
  'messaging.kafka.message.key': key,
});
