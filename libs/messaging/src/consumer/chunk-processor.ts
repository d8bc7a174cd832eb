import { GROUP_SCOPE, type Tx, type WorkerDatabase } from '@steward/platform';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { parkEvents, unparkKeys } from '../parking/parked-store.js';
import type { Telemetry } from '../trace.js';
import { applyEvents, applyPersonal, readPersonal, type PersonalChunk } from './apply.js';
import { bindConsumer, scopeOfBranches, type ConsumerIdentity } from './consumer-scope.js';
import { faultOfError, isTransient } from './error-class.js';
import { lockPartition } from './guard.js';
import type { PersonalEntry } from './handler-table.js';
import { readIncoming, type Incoming } from './incoming.js';
import { attempt } from './savepoint.js';

/** How far a chunk came: messages that are done with, how many of them are parked, and what stopped it. */
export type Outcome = Readonly<{ done: number; parked: number; failure?: unknown }>;

type Place = Readonly<{ topic: string; partition: number }>;

/**
 * Applies chunks of one partition's messages, each in one transaction with its guards, effects and own events. When a
 * chunk fails for good it is run again one by one, to park the event at fault and go on with the others.
 */
export class ChunkProcessor {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly consumer: ConsumerIdentity,
    private readonly telemetry: Telemetry,
    private readonly now: () => Date,
  ) {}

  /** Never throws: what it could not do is in the outcome, and may be tried again. */
  async process(place: Place, messages: readonly KafkaMessage[]): Promise<Outcome> {
    const personal = this.consumer.table.personal.get(place.topic);
    try {
      if (personal) return await this.personalTogether(place, personal, messages);
      return await this.together(place, messages.map(readIncoming));
    } catch (error) {
      if (isTransient(error)) return { done: 0, parked: 0, failure: error };
    }
    try {
      if (personal) return await this.personalOneByOne(place, personal, messages);
      return await this.oneByOne(place, messages.map(readIncoming));
    } catch (error) {
      return { done: 0, parked: 0, failure: error };
    }
  }

  private async together(place: Place, chunk: readonly Incoming[]): Promise<Outcome> {
    const parked = await this.transaction(place, chunk, async (tx) => {
      const unfit = await applyEvents(tx, this.consumer, place.topic, chunk, this.telemetry);
      await parkEvents(tx, { consumer: this.consumer.key, ...place }, unfit, this.now());
      return unfit.length;
    });
    return { done: chunk.length, parked };
  }

  private async oneByOne(place: Place, chunk: readonly Incoming[]): Promise<Outcome> {
    return this.transaction(place, chunk, async (tx) => {
      let done = 0;
      let parked = 0;
      for (const incoming of chunk) {
        const failure = await attempt(tx, async () => {
          const unfit = await applyEvents(tx, this.consumer, place.topic, [incoming], this.telemetry);
          await this.park(tx, place, unfit);
          parked += unfit.length;
        });
        // What came before it is kept; from this one on the chunk is tried again.
        if (failure !== undefined && isTransient(failure)) return { done, parked, failure };
        if (failure !== undefined) {
          await this.park(tx, place, [{ incoming, fault: faultOfError(failure) }]);
          parked += 1;
        }
        done += 1;
      }
      return { done, parked };
    });
  }

  private async personalTogether(
    place: Place,
    entry: PersonalEntry,
    messages: readonly KafkaMessage[],
  ): Promise<Outcome> {
    const chunk = readPersonal(place.topic, entry, messages);
    return this.transaction(place, undefined, async (tx) => {
      await this.supersede(tx, place, chunk);
      await applyPersonal(tx, entry, chunk.records, this.telemetry);
      await this.park(tx, place, chunk.unfit);
      return { done: messages.length, parked: chunk.unfit.length };
    });
  }

  private async personalOneByOne(
    place: Place,
    entry: PersonalEntry,
    messages: readonly KafkaMessage[],
  ): Promise<Outcome> {
    const chunk = readPersonal(place.topic, entry, messages);
    const sources = new Map(messages.map((message) => [message.key?.toString() ?? '', message]));
    return this.transaction(place, undefined, async (tx) => {
      await this.supersede(tx, place, chunk);
      const unfit = [...chunk.unfit];
      for (const record of chunk.records) {
        const failure = await attempt(tx, () => applyPersonal(tx, entry, [record], this.telemetry));
        if (failure !== undefined && isTransient(failure)) throw failure;
        const incoming = { message: sources.get(record.key)!, key: record.key };
        if (failure !== undefined) unfit.push({ incoming, fault: faultOfError(failure) });
      }
      await this.park(tx, place, unfit);
      return { done: messages.length, parked: unfit.length };
    });
  }

  private async supersede(tx: Tx, place: Place, { records, unfit }: PersonalChunk): Promise<void> {
    const keys = [...records.map(({ key }) => key), ...unfit.map(({ incoming }) => incoming.key)];
    await unparkKeys(tx, this.consumer.key, place.topic, keys);
  }

  private park(tx: Tx, place: Place, unfit: Parameters<typeof parkEvents>[2]): Promise<void> {
    return parkEvents(tx, { consumer: this.consumer.key, ...place }, unfit, this.now());
  }

  /** A transaction that owns the partition, in the scope of its events; personal values are nobody's branch alone. */
  private transaction<T>(
    { topic, partition }: Place,
    chunk: readonly Incoming[] | undefined,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    const scope = chunk ? scopeOfBranches(this.branchesOf(chunk)) : GROUP_SCOPE;
    return this.database.transaction(scope, async (tx) => {
      bindConsumer(tx, this.consumer);
      await lockPartition(tx, this.consumer.key, topic, partition);
      return work(tx);
    });
  }

  // What nobody handles needs no scope.
  private *branchesOf(chunk: readonly Incoming[]): Generator<string | null> {
    for (const { head } of chunk) if (head && this.consumer.table.events.has(head.type)) yield head.branch;
  }
}
