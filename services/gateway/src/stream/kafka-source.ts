import { setTimeout as pause } from 'node:timers/promises';
import { ALL_EVENTS, readHeaders, RoleGranted, RoleRevoked, type EnvelopeHeaders } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { createKafka, kafkaReason, type Kafka } from '@steward/messaging';
import type { Check, KafkaConfig, Logger } from '@steward/platform';
import type { ObservedEvent, ReferenceSource, SourceListener } from './reference.js';

type GroupConsumer = ReturnType<Kafka['consumer']>;
type Batch = Parameters<Parameters<Kafka['consumer']>[0]['onBatch']>[0];
type KafkaMessage = Batch['messages'][number];

const STOP_LIMIT_MS = 3000;

/** The topics of the contexts; personal values have topics of their own, which nobody streams. */
export const CONTEXT_TOPICS: readonly string[] = [...new Set(ALL_EVENTS.map((event) => event.topic))];

export type KafkaSourceOptions = Readonly<{
  kafka: KafkaConfig;
  logger: Logger;
  topics?: readonly string[];
  /** Milliseconds between attempts to connect, and between looks for topics that did not exist yet. */
  retryMs?: number;
}>;

const GRANT_TYPES: ReadonlySet<string> = new Set([RoleGranted.type, RoleRevoked.type]);

/**
 * References from Kafka, from the end of the topics on. Every copy of the gateway reads everything under a group of its
 * own that leaves nothing behind: positions live in memory, so an interruption of the connection loses no event.
 */
export class KafkaSource implements ReferenceSource {
  private readonly kafka: Kafka;
  private readonly groupId = `gateway-stream-${newId()}`;
  private readonly wanted: readonly string[];
  /** The next offset to tell, by `topic/partition`. */
  private readonly next = new Map<string, number>();
  private listener!: SourceListener;
  private consumer: GroupConsumer | null = null;
  private reading: readonly string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private work: Promise<void> = Promise.resolve();
  private looked = false;
  private begun = false;
  private stopped = false;
  private problem: string | null = 'not connected yet';

  constructor(private readonly options: KafkaSourceOptions) {
    this.wanted = options.topics ?? CONTEXT_TOPICS;
    this.kafka = createKafka({ ...options.kafka, clientId: this.groupId, log: options.logger });
  }

  start(listener: SourceListener): void {
    this.listener = listener;
    this.plan(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    // A broker that does not answer must not hold up the end of the process.
    const limit = new AbortController();
    await Promise.race([this.sayGoodbye(), pause(STOP_LIMIT_MS, undefined, { signal: limit.signal })]);
    limit.abort();
  }

  health(): Check {
    return this.problem === null ? { ok: true } : { ok: false, detail: this.problem };
  }

  private async sayGoodbye(): Promise<void> {
    await this.work;
    await this.leave();
    if (this.looked) await this.kafka.topics.deleteGroup(this.groupId).catch(() => undefined);
    await this.kafka.close();
  }

  private plan(ms: number): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.work = this.connect();
    }, ms);
  }

  /** Reads what exists; looks again later as long as a topic is missing or the broker does not answer. */
  private async connect(): Promise<void> {
    const retryMs = this.options.retryMs ?? 2000;
    try {
      const missing = await this.kafka.topics.missing(this.wanted);
      const existing = this.wanted.filter((topic) => !missing.includes(topic));
      if (!this.looked) await this.beginAtEnd(existing);
      if (existing.length > this.reading.length) await this.read(existing);
      if (!this.begun) this.listener.gap();
      this.begun = true;
      this.problem = missing.length > 0 ? `no topic ${missing.join(', ')} yet` : null;
      if (missing.length > 0) this.plan(retryMs);
    } catch (error) {
      this.interrupted(error as Error);
    }
  }

  private async read(topics: readonly string[]): Promise<void> {
    await this.leave();
    const consumer = this.kafka.consumer({
      groupId: this.groupId,
      topics,
      onBatch: (batch) => this.tell(batch),
      onCrash: (error) => {
        if (consumer === this.consumer) this.interrupted(error);
      },
    });
    this.consumer = consumer;
    this.reading = topics;
    await consumer.start();
  }

  // A topic that appears after the first look was empty until then, so all of it is new.
  private async beginAtEnd(topics: readonly string[]): Promise<void> {
    for (const [topic, ends] of Object.entries(await this.kafka.topics.endPositions(topics))) {
      ends.forEach((end, partition) => this.next.set(`${topic}/${partition}`, end));
    }
    this.looked = true;
  }

  private async tell(batch: Batch): Promise<void> {
    const key = `${batch.topic}/${batch.partition}`;
    const next = this.next.get(key) ?? 0;
    let last = next - 1;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset < next) continue;
      this.tellOne(message);
      last = offset;
    }
    this.next.set(key, last + 1);
    // Also jumps over the whole past of a topic: the next fetch begins behind this offset.
    if (last >= 0) batch.resolve(String(last));
    await batch.heartbeat();
  }

  private tellOne(message: KafkaMessage): void {
    try {
      this.listener.event(observed(readHeaders(message.headers ?? {}), message));
    } catch (error) {
      this.options.logger.warn(
        { offset: message.offset, reason: String(error) },
        'not an event, not streamed',
      );
    }
  }

  private interrupted(error: Error): void {
    this.problem = kafkaReason(error);
    this.options.logger.warn({ reason: this.problem }, 'the stream of references is interrupted');
    this.work = this.work.then(() => this.leave()).then(() => this.plan(this.options.retryMs ?? 2000));
  }

  private async leave(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = null;
    this.reading = [];
    await consumer?.stop().catch(() => undefined);
  }
}

function observed(headers: EnvelopeHeaders, message: KafkaMessage): ObservedEvent {
  const { type, subject, branch, sequence, time } = headers;
  const reference = { type, id: subject, branch, sequence, time: time.toISOString() };
  if (!GRANT_TYPES.has(type)) return { reference };
  const data = JSON.parse(message.value?.toString('utf8') ?? '{}') as { subject?: unknown };
  return typeof data.subject === 'string' ? { reference, grantee: data.subject } : { reference };
}
