import { unavailable } from '@steward/kernel';
import type { KafkaConfig } from '@steward/platform';
import kafkajs, { type Admin, type Kafka as KafkaClient } from 'kafkajs';
import type { Positions } from './positions.js';

/**
 * A topic as a service declares it. `events` keep everything for good by default; `personal` keep the latest value per
 * key and drop erased ones for good within `compactionMs` (ORG-04).
 */
export type TopicSpec = Readonly<{
  name: string;
  kind: 'events' | 'personal';
  /** Fixed for the life of the topic: keys would move. 12 by default. */
  partitions?: number;
  /** The configured number, else the brokers' default, when left out. */
  replicas?: number;
  /** Milliseconds; unlimited by default. Only for events. */
  retentionMs?: number;
  /** Milliseconds after which a superseded or erased value must be gone; a day by default. Only for personal. */
  compactionMs?: number;
}>;

const PARTITIONS = 12;
const DAY_MS = 86_400_000;
const KNOWN_WITHIN_MS = 60_000;

const settings = (spec: TopicSpec): Record<string, string> => {
  if (spec.kind === 'events')
    return {
      'cleanup.policy': 'delete',
      'retention.ms': String(spec.retentionMs ?? -1),
      'retention.bytes': '-1',
    };
  const within = String(spec.compactionMs ?? DAY_MS);
  return {
    'cleanup.policy': 'compact',
    'max.compaction.lag.ms': within,
    'segment.ms': within,
    'min.cleanable.dirty.ratio': '0.1',
    'delete.retention.ms': String(30 * DAY_MS), // a consumer that was away for weeks still sees the tombstone
  };
};

/** Topics, consumer groups and positions of the cluster. Connects at its first use. */
export class Topics {
  private admin: Promise<Admin> | undefined;

  /** `prefix` stands before every name on the brokers, so that several installations can share a cluster. */
  constructor(
    private readonly client: KafkaClient,
    private readonly prefix = '',
    private readonly made: NonNullable<KafkaConfig['topics']> = {},
  ) {}

  /**
   * Creates the missing ones. Throws when one exists with another number of partitions, as keys would move, and when
   * topics are missing that the configuration leaves to the operators of the cluster to make.
   */
  async ensure(specs: readonly TopicSpec[]): Promise<void> {
    const names = new Set(await this.missing(specs.map(({ name }) => name)));
    const missing = specs.filter(({ name }) => names.has(name));
    if (missing.length > 0 && this.made.create === false) throw this.leftToOperators(missing);
    if (missing.length > 0) await this.create(missing);
    const counts = await this.countsOnceKnown(specs.map(({ name }) => name));
    for (const { name, partitions = PARTITIONS } of specs)
      if (counts[name] !== partitions)
        throw new Error(
          `topic ${name} has ${counts[name]} partitions, ${partitions} are configured; a topic's partition count is fixed for its version`,
        );
  }

  /** The names of those that do not exist. */
  async missing(names: readonly string[]): Promise<string[]> {
    const existing = new Set(await this.ask((admin) => admin.listTopics()));
    return names.filter((name) => !existing.has(this.prefix + name));
  }

  /** Throws `kafka.topic-missing` (unavailable) naming the topics that do not exist. */
  async require(names: readonly string[]): Promise<void> {
    const missing = await this.missing(names);
    if (missing.length > 0) throw topicMissing(missing);
  }

  async partitionCounts(names: readonly string[]): Promise<Record<string, number>> {
    const { topics } = await this.ask((admin) => admin.fetchTopicMetadata({ topics: this.onBroker(names) }));
    return Object.fromEntries(topics.map(({ name, partitions }) => [this.ours(name), partitions.length]));
  }

  /** The next offset that each partition will give out. */
  async endPositions(names: readonly string[]): Promise<Positions> {
    const ends = await this.ask((admin) =>
      Promise.all(names.map((name) => admin.fetchTopicOffsets(this.prefix + name))),
    );
    return Object.fromEntries(
      names.map((name, i) => [
        name,
        byPartition(ends[i]!.map(({ partition, high }) => ({ partition, offset: high }))),
      ]),
    );
  }

  /** What a consumer group has committed; 0 where it has not yet. */
  async groupPositions(groupId: string, names: readonly string[]): Promise<Positions> {
    const wanted = { groupId: this.prefix + groupId, topics: this.onBroker(names) };
    const groups = await this.ask((admin) => admin.fetchOffsets(wanted));
    return Object.fromEntries(
      groups.map(({ topic, partitions }) => [this.ours(topic), byPartition(partitions)]),
    );
  }

  /** Deletes a topic with all that is in it. */
  async delete(names: readonly string[]): Promise<void> {
    await this.ask((admin) => admin.deleteTopics({ topics: this.onBroker(names) }));
  }

  /** Forgets a group that has no member left; nothing happens when there is none. */
  async deleteGroup(groupId: string): Promise<void> {
    const name = this.prefix + groupId;
    await this.ask(async (admin) => {
      const { groups } = await admin.listGroups();
      if (groups.some((group) => group.groupId === name)) await admin.deleteGroups([name]);
    });
  }

  async close(): Promise<void> {
    const admin = this.admin;
    this.admin = undefined;
    await (await admin?.catch(() => undefined))?.disconnect();
  }

  private async create(specs: readonly TopicSpec[]): Promise<void> {
    const topics = specs.map((spec) => ({
      topic: this.prefix + spec.name,
      numPartitions: spec.partitions ?? PARTITIONS,
      replicationFactor: spec.replicas ?? this.made.replicas ?? -1,
      configEntries: Object.entries(this.settings(spec)).map(([name, value]) => ({ name, value })),
    }));
    await this.ask((admin) => admin.createTopics({ topics, waitForLeaders: false }));
  }

  private settings(spec: TopicSpec): Record<string, string> {
    const { minInSyncReplicas } = this.made;
    return {
      ...settings(spec),
      ...(minInSyncReplicas === undefined ? {} : { 'min.insync.replicas': String(minInSyncReplicas) }),
    };
  }

  private leftToOperators(specs: readonly TopicSpec[]): Error {
    const wishes = specs.map((spec) => {
      const config = Object.entries(this.settings(spec)).map(([name, value]) => `${name}=${value}`);
      return `${this.prefix}${spec.name} (${spec.partitions ?? PARTITIONS} partitions, ${config.join(', ')})`;
    });
    return unavailable(
      'kafka.topic-missing',
      `Topics are missing and KAFKA_CREATE_TOPICS is false; an operator makes them: ${wishes.join('; ')}`,
      { topics: specs.map(({ name }) => name) },
    );
  }

  // Brokers learn of a new topic one after another; until then they deny it.
  private async countsOnceKnown(names: readonly string[]): Promise<Record<string, number>> {
    for (const deadline = Date.now() + KNOWN_WITHIN_MS; ;) {
      try {
        return await this.partitionCounts(names);
      } catch (error) {
        if (!saysTopicMissing(error) || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private onBroker(names: readonly string[]): string[] {
    return names.map((name) => this.prefix + name);
  }

  private ours(name: string): string {
    return name.slice(this.prefix.length);
  }

  private async ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const asked = this.connected();
    const admin = await asked;
    try {
      return await work(admin);
    } catch (error) {
      if (saysHalfConnected(error) && this.admin === asked) {
        this.admin = undefined;
        await admin.disconnect().catch(() => undefined);
      }
      throw error;
    }
  }

  private connected(): Promise<Admin> {
    this.admin ??= this.connect();
    return this.admin;
  }

  private async connect(): Promise<Admin> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.admin = undefined;
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
  }
}

/** The refusal to work with topics that nobody has created. */
export const topicMissing = (names: readonly string[]): Error =>
  unavailable(
    'kafka.topic-missing',
    `There is no topic ${names.join(', ')}. The service that owns it creates it when it starts.`,
    { topics: names },
  );

/**
 * Whether the connection was lost while it was being made. The client takes it for whole from then on and never makes it
 * anew: only a new client helps.
 */
export function saysHalfConnected(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause.message === 'Broker not connected') return true;
  return false;
}

/** Whether the broker said that it does not know the topic. */
export function saysTopicMissing(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof kafkajs.KafkaJSProtocolError && cause.type === 'UNKNOWN_TOPIC_OR_PARTITION')
      return true;
  return false;
}

const byPartition = (rows: readonly { partition: number; offset: string }[]): number[] => {
  const result: number[] = [];
  for (const { partition, offset } of rows) result[partition] = Math.max(0, Number(offset));
  return Array.from(result, (offset) => offset ?? 0);
};
