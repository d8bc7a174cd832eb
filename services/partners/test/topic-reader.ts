import type { Json } from '@steward/directory/testing';
import { createKafka, type GroupConsumer, type Kafka } from '@steward/messaging';

/** One message of a topic as a partner got it. */
export type Taken = Readonly<{ key: string; headers: Readonly<Record<string, string>>; body: Json }>;

/** What the brokers allow to whom, as the partner learns it: `allowed`, or the reason of the refusal. */
export type Told = string;

const reasonOf = (error: unknown): Told => {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { type } = at as { type?: unknown };
    if (typeof type === 'string') return type;
    if (at.name === 'KafkaJSSASLAuthenticationError') return 'LOGIN_REFUSED';
  }
  return String(error);
};

/** For tests: a partner's system that logs in with the credentials it was given and reads its topic. */
export class TopicReader {
  readonly taken: Taken[] = [];
  /** Why the reading ended by itself. */
  refusal: Told | undefined;
  private readonly kafka: Kafka;
  private consumer?: GroupConsumer;
  private crash = (_error: Error): void => undefined;

  constructor(
    private readonly credentials: Json,
    ca: string,
    password = credentials['password'] as string,
  ) {
    this.kafka = createKafka({
      brokers: credentials['brokers'] as string[],
      clientId: 'partner',
      tls: { ca },
      sasl: { mechanism: 'scram-sha-512', username: credentials['username'] as string, password },
    });
  }

  /** Starts reading from the beginning; tells whether the brokers allow it once they have given it something to read. */
  async read(
    topic = this.credentials['topic'] as string,
    groupId = `${this.credentials['groupPrefix']}reader`,
  ): Promise<Told> {
    let assigned = (): void => undefined;
    const joined = new Promise<void>((resolve) => (assigned = resolve));
    const ended = new Promise<never>((_, reject) => (this.crash = reject));
    ended.catch((error: unknown) => (this.refusal = reasonOf(error)));
    this.consumer = this.kafka.consumer({
      groupId,
      topics: [topic],
      onBatch: async ({ messages, resolve, heartbeat }) => {
        for (const { key, headers, value, offset } of messages) {
          const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
          const body = JSON.parse(value!.toString()) as Json;
          this.taken.push({ key: key!.toString(), headers: Object.fromEntries(texts), body });
          resolve(offset);
        }
        await heartbeat();
      },
      onAssigned: () => assigned(),
      onCrash: (error) => this.crash(error),
    });
    const started = this.consumer.start().then(() => joined);
    return Promise.race([started, ended]).then(() => 'allowed', reasonOf);
  }

  /** Tells whether the brokers take a message for a topic. */
  async write(topic: string): Promise<Told> {
    const publisher = this.kafka.publisher();
    const message = { topic, key: 'k', value: '{}', headers: {} };
    const told = await publisher.publish([message]).then(() => 'allowed', reasonOf);
    await publisher.close();
    return told;
  }

  /** Bodies in the order of their first arrival: a repeat has the id of the first. */
  firsts(): Json[] {
    const seen = new Set<unknown>();
    return this.taken
      .map(({ body }) => body)
      .filter(({ id }) => {
        const first = !seen.has(id);
        seen.add(id);
        return first;
      });
  }

  sequences(aggregateId: string): number[] {
    return this.firsts()
      .filter((body) => body['aggregateId'] === aggregateId)
      .map(({ sequence }) => sequence as number);
  }

  async stop(): Promise<void> {
    await this.consumer?.stop().catch(() => undefined);
    await this.kafka.close();
  }
}
