import type { EventEnvelope } from '@steward/contracts';
import type { EventEntry, HandlerTable } from './handler-table.js';
import { decodeIncoming, type Fault, type Incoming } from './incoming.js';

/** An event that is due, with its handler. */
export type Due = Readonly<{ incoming: Incoming; entry: EventEntry; event: EventEnvelope }>;

/** An event that cannot be applied now, and why. */
export type Unfit = Readonly<{ incoming: Incoming; fault: Fault }>;

/** What the guards know before a chunk: last applied sequence per aggregate, keys with parked events. */
export type Known = Readonly<{ applied: ReadonlyMap<string, number>; parkedKeys: ReadonlySet<string> }>;

/** What is to be done with a chunk: apply, park, and the sequences that its aggregates then have reached. */
export type Plan = Readonly<{
  due: readonly Due[];
  unfit: readonly Unfit[];
  sequences: ReadonlyMap<string, number>;
}>;

export const BEHIND: Fault = { code: 'behind', reason: 'An earlier event of the same key is parked' };

const gap = (expected: number, got: number): Fault => ({
  code: 'sequence-gap',
  reason: `Event ${got} of the aggregate came where ${expected} was expected`,
});

/**
 * Decides on each event of a chunk, in order. Known or older ones are passed over; so are types that nobody handles,
 * which still count in the sequence. A gap in an aggregate's sequence means loss, as Kafka keeps the order of a key:
 * such an event is parked. What comes behind a parked event of its key is parked as well.
 */
export function planChunk(chunk: readonly Incoming[], table: HandlerTable, known: Known): Plan {
  const due: Due[] = [];
  const unfit: Unfit[] = [];
  const sequences = new Map<string, number>();
  const parked = new Set(known.parkedKeys);
  const park = (incoming: Incoming, fault: Fault): void => {
    unfit.push({ incoming, fault });
    parked.add(incoming.key);
  };
  for (const incoming of chunk) {
    const { head, key } = incoming;
    if (!head) {
      park(incoming, parked.has(key) ? BEHIND : incoming.fault!);
      continue;
    }
    const last = sequences.get(head.aggregate) ?? known.applied.get(head.aggregate) ?? 0;
    if (head.sequence <= last) continue;
    const entry = table.events.get(head.type);
    const event = entry && decodeUnless(parked.has(key), incoming, entry);
    if (parked.has(key)) park(incoming, BEHIND);
    else if (head.sequence > last + 1) park(incoming, gap(last + 1, head.sequence));
    else if (event && 'code' in event) park(incoming, event);
    else {
      sequences.set(head.aggregate, head.sequence);
      if (entry && event) due.push({ incoming, entry, event });
    }
  }
  return { due, unfit, sequences };
}

const decodeUnless = (skip: boolean, incoming: Incoming, entry: EventEntry): EventEnvelope | Fault =>
  skip ? BEHIND : decodeIncoming(incoming.message, entry);

/** Events of one type that may be handed to its handler at once. */
export type Run = { entry: EventEntry; events: EventEnvelope[] };

/**
 * Gathers events into runs of one type. An event joins an earlier run only when no event of its key stands in a run
 * after that one, so the order per key is kept; types without `handleMany` stay where they are.
 */
export function gatherRuns(due: readonly Due[]): Run[] {
  const runs: Run[] = [];
  const lastOfKey = new Map<string, number>();
  const lastOfType = new Map<string, number>();
  for (const { incoming, entry, event } of due) {
    const known = lastOfType.get(event.type);
    const reachable = known !== undefined && known >= (lastOfKey.get(incoming.key) ?? -1);
    const joins = reachable && (entry.handler.handleMany !== undefined || known === runs.length - 1);
    const at = joins ? known : runs.push({ entry, events: [] }) - 1;
    runs[at]!.events.push(event);
    lastOfKey.set(incoming.key, at);
    lastOfType.set(event.type, at);
  }
  return runs;
}
