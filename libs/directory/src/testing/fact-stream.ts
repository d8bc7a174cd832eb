import { toHeaders, type EventDefinition } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { Kafka, OutgoingMessage, Publisher } from '@steward/messaging';
import { eventually } from '@steward/testing';

/** Whose fact it is (null: the group's), when it happened, when it was recorded; now if left out. */
export type FactPlace = Readonly<{ branch: string | null; at?: string; recorded?: string; late?: boolean }>;

/** For tests: facts of other services on Kafka as those services publish them, strictly checked and gapless per aggregate. */
export class FactStream {
  /** Everything that was published, in order. */
  readonly published: OutgoingMessage[] = [];
  private readonly sequences = new Map<string, number>();
  private readonly topics = new Set<string>();
  private readonly publisher: Publisher;
  private pending: OutgoingMessage[] = [];

  constructor(private readonly kafka: Kafka) {
    this.publisher = kafka.publisher();
  }

  /** States a fact; it is sent by `publish`. */
  state<T>(definition: EventDefinition<T>, aggregateId: string, place: FactPlace, data: T): void {
    const sequence = (this.sequences.get(aggregateId) ?? 0) + 1;
    this.sequences.set(aggregateId, sequence);
    const now = new Date();
    const headers = toHeaders({
      id: newId(),
      type: definition.type,
      source: definition.context,
      subject: aggregateId,
      time: place.at === undefined ? now : new Date(place.at),
      branch: place.branch,
      sequence,
      recordedTime: place.recorded === undefined ? now : new Date(place.recorded),
      actor: 'spec',
      correlationId: newId(),
      origin: 'live',
      late: place.late ?? false,
    });
    const value = JSON.stringify(definition.parseStrict(data));
    this.topics.add(definition.topic);
    this.put({ topic: definition.topic, key: aggregateId, value, headers });
  }

  /** A message as it is, such as a personal value. */
  put(message: OutgoingMessage): void {
    this.pending.push(message);
  }

  /** Publishes what was stated since, in the order in which it was stated. */
  async publish(): Promise<void> {
    await this.kafka.topics.ensure([...this.topics].map((name) => ({ name, kind: 'events' })));
    const messages = this.pending;
    this.pending = [];
    this.published.push(...messages);
    // a topic that was made a moment ago may not have its leader yet; a repeat has the same ids and order
    await eventually(() => this.publisher.publish(messages));
  }

  /** Publishes messages as they were before. */
  async again(messages: readonly OutgoingMessage[]): Promise<void> {
    await this.publisher.publish(messages);
  }

  async close(): Promise<void> {
    await this.publisher.close();
  }
}
