import { GROUP_SCOPE, type Tx, type WorkerDatabase } from '@steward/platform';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { parkEvents, unparkKeys } from '../parking/parked-store.js';
import type { Telemetry } from '../trace.js';
import { applyEvents, applyPersonal, readPersonal, type PersonalChunk } from './apply.js';
import { bindConsumer, scopeOfBranches, type ConsumerIdentity } from './consumer-scope.js';
import { faultOfError, isTransient } from './error-class.js';
import { ChunkGatherer, type Chunk, type Outcome, type Place } from './chunk-gatherer.js';
import { lockPartitions } from './guard.js';
import type { Unfit } from './plan.js';
import type { PersonalEntry } from './handler-table.js';
import { readIncoming, type Incoming } from './incoming.js';
import { attempt } from './savepoint.js';

/**
 * Applies chunks of partitions' messages, those that come together in one transaction with their guards, effects and own
 * events. When it fails for good each chunk is run again one by one, to park the event at fault and go on with the others.
 */
export class ChunkProcessor {
  private readonly gatherer: ChunkGatherer;

  constructor(
    private readonly database: WorkerDatabase,
    private readonly consumer: ConsumerIdentity,
    private readonly telemetry: Telemetry,
    private readonly now: () => Date,
    transactions: number,
  ) {
    const { personal } = consumer.table;
    this.gatherer = new ChunkGatherer({
      apply: (chunks) => this.apply(chunks),
      // personal values are applied under another scope than events
      kindOf: ({ topic }) => (personal.has(topic) ? topic : 'events'),
      atOnce: transactions,
    });
  }

  /** Never throws: what it could not do is in the outcome, and may be tried again. */
  process(place: Place, messages: readonly KafkaMessage[]): Promise<Outcome> {
    return this.gatherer.add({ place, messages });
  }

  private async apply(chunks: readonly Chunk[]): Promise<readonly Outcome[]> {
    try {
      const entry = this.personalOf(chunks[0]!);
      return entry ? await this.personalTogether(entry, chunks) : await this.together(chunks);
    } catch (error) {
      if (isTransient(error)) return chunks.map(() => ({ done: 0, parked: 0, failure: error }));
    }
    const outcomes: Outcome[] = [];
    for (const chunk of chunks) outcomes.push(await this.alone(chunk));
    return outcomes;
  }

  private async alone(chunk: Chunk): Promise<Outcome> {
    const { place, messages } = chunk;
    try {
      const entry = this.personalOf(chunk);
      if (entry) return await this.personalOneByOne(place, entry, messages);
      return await this.oneByOne(place, messages.map(readIncoming));
    } catch (error) {
      return { done: 0, parked: 0, failure: error };
    }
  }

  private personalOf({ place }: Chunk): PersonalEntry | undefined {
    return this.consumer.table.personal.get(place.topic);
  }

  private together(chunks: readonly Chunk[]): Promise<Outcome[]> {
    const read = chunks.map(({ place, messages }) => ({ place, events: messages.map(readIncoming) }));
    const places = chunks.map(({ place }) => place);
    return this.transaction(
      places,
      read.flatMap(({ events }) => events),
      async (tx) => {
        const unfit = new Map<Incoming, Unfit>();
        for (const [topic, list] of Map.groupBy(read, ({ place }) => place.topic)) {
          const events = list.flatMap((one) => one.events);
          for (const one of await applyEvents(tx, this.consumer, topic, events, this.telemetry))
            unfit.set(one.incoming, one);
        }
        const outcomes: Outcome[] = [];
        for (const { place, events } of read) {
          const own = events.flatMap((event) => unfit.get(event) ?? []);
          await this.park(tx, place, own);
          outcomes.push({ done: events.length, parked: own.length });
        }
        return outcomes;
      },
    );
  }

  private async oneByOne(place: Place, chunk: readonly Incoming[]): Promise<Outcome> {
    return this.transaction([place], chunk, async (tx) => {
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

  private personalTogether(entry: PersonalEntry, chunks: readonly Chunk[]): Promise<Outcome[]> {
    const places = chunks.map(({ place }) => place);
    return this.transaction(places, undefined, async (tx) => {
      const outcomes: Outcome[] = [];
      for (const { place, messages } of chunks) {
        const chunk = readPersonal(place.topic, entry, messages);
        await this.supersede(tx, place, chunk);
        await applyPersonal(tx, entry, chunk.records, this.telemetry);
        await this.park(tx, place, chunk.unfit);
        outcomes.push({ done: messages.length, parked: chunk.unfit.length });
      }
      return outcomes;
    });
  }

  private async personalOneByOne(
    place: Place,
    entry: PersonalEntry,
    messages: readonly KafkaMessage[],
  ): Promise<Outcome> {
    const chunk = readPersonal(place.topic, entry, messages);
    const sources = new Map(messages.map((message) => [message.key?.toString() ?? '', message]));
    return this.transaction([place], undefined, async (tx) => {
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

  /** A transaction that owns the partitions, in the scope of its events; personal values are nobody's branch alone. */
  private transaction<T>(
    places: readonly Place[],
    events: readonly Incoming[] | undefined,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    const scope = events ? scopeOfBranches(this.branchesOf(events)) : GROUP_SCOPE;
    return this.database.transaction(scope, async (tx) => {
      bindConsumer(tx, this.consumer);
      await lockPartitions(tx, this.consumer.key, places);
      return work(tx);
    });
  }

  // What nobody handles needs no scope.
  private *branchesOf(chunk: readonly Incoming[]): Generator<string | null> {
    for (const { head } of chunk) if (head && this.consumer.table.events.has(head.type)) yield head.branch;
  }
}
