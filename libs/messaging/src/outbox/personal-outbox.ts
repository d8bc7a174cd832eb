import type { PersonalDefinition } from '@steward/contracts';
import { invalid } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { activeTraceparent } from '../trace.js';
import { EVENT_BYTES } from './outbox-row.js';
import type { Wake } from './wake.js';

/** One person's latest value; null erases it everywhere. */
export type PersonalEntry<T> = Readonly<{ key: string; value: T | null }>;

/**
 * Personal values on their way to the services that need a copy: latest state per person on a compacted topic, and a
 * tombstone after erasure (ORG-04). They never enter the event history.
 */
export class PersonalOutbox {
  constructor(
    private readonly topics: readonly string[],
    private readonly relays: Wake,
  ) {}

  /** Makes `value` the latest state of the person. Throws `event.invalid` when it breaks the schema. */
  async put<T>(tx: Tx, definition: PersonalDefinition<T>, key: string, value: T): Promise<void> {
    await this.putAll(tx, definition, [{ key, value }]);
  }

  /** Erases the person's value and, by its tombstone, every copy. */
  async erase<T>(tx: Tx, definition: PersonalDefinition<T>, key: string): Promise<void> {
    await this.putAll(tx, definition, [{ key, value: null }]);
  }

  /** Many at once, in one statement; a key may stand there once. */
  async putAll<T>(
    tx: Tx,
    definition: PersonalDefinition<T>,
    entries: readonly PersonalEntry<T>[],
  ): Promise<void> {
    if (entries.length === 0) return;
    if (!this.topics.includes(definition.topic))
      throw invalid('event.foreign-topic', `${definition.type} belongs to a topic of another service`);
    const checked = entries.map(({ key, value }) => ({
      key,
      value: value === null ? null : this.check(definition, value),
    }));
    await tx.query('select personal_outbox_put($1, $2::jsonb, $3)', [
      definition.topic,
      JSON.stringify(checked),
      activeTraceparent() ?? null,
    ]);
    tx.afterCommit(() => this.relays.ring());
  }

  private check<T>(definition: PersonalDefinition<T>, value: T): T {
    const checked = definition.parseStrict(value);
    if (Buffer.byteLength(JSON.stringify(checked)) > EVENT_BYTES)
      throw invalid('event.too-large', `A value of ${definition.type} is larger than ${EVENT_BYTES} bytes`);
    return checked;
  }
}
