import { decodeEvent, readHeaders, toHeaders, type EventEnvelope } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { processTelemetry, type Telemetry } from '../trace.js';
import { consumerOf, type ConsumerIdentity } from './consumer-scope.js';
import { dispatchRuns } from './dispatch.js';
import { inScopeOf } from './wider-scope.js';
import type { Run } from './plan.js';

type Row = { headers: Record<string, string>; payload: string; branch: string | null };

/** A fact that names something that is not known yet, and the id of what it waits for. */
export type WaitingFact = Readonly<{ for: string; event: EventEnvelope }>;

/**
 * Facts that came before what they name. Topics are not ordered among themselves, so a handler that misses a unit, a
 * customer or a calendar keeps the fact here, and the handler that brings it applies what waited: in order, in the same
 * transaction. Only for handlers: each consumer and generation keeps its own.
 */
export class Waiting {
  constructor(private readonly telemetry: Telemetry = processTelemetry()) {}

  /** Keeps an event until `release` is called for the id. It counts as handled. */
  async hold(tx: Tx, fact: WaitingFact): Promise<void> {
    const { key } = ofHandler(tx);
    const { event } = fact;
    await tx.query(
      `insert into waiting_fact (consumer, for_id, event_id, branch, headers, payload)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [key, fact.for, event.id, event.branch, JSON.stringify(toHeaders(event)), JSON.stringify(event.data)],
    );
  }

  /** Hands everything that waited for the id to its handlers again, in the order in which it came. Gives how much. */
  async release(tx: Tx, id: string): Promise<number> {
    const consumer = ofHandler(tx);
    const rows = await tx.query<Row>(
      `with released as (delete from waiting_fact where consumer = $1 and for_id = $2 returning pos, branch, headers, payload)
       select branch, headers, payload::text as payload from released order by pos`,
      [consumer.key, id],
    );
    if (rows.length === 0) return 0;
    const runs = rows.map((row) => runOf(consumer, row));
    const branches = rows.map(({ branch }) => branch);
    await inScopeOf(tx, branches, () => dispatchRuns(tx, runs, consumer.key, this.telemetry));
    return rows.length;
  }
}

const ofHandler = (tx: Tx): ConsumerIdentity => {
  const consumer = consumerOf(tx);
  if (!consumer) throw new Error('facts wait only inside of a handler');
  return consumer;
};

function runOf({ table, key }: ConsumerIdentity, { headers, payload }: Row): Run {
  const read = readHeaders(headers);
  const entry = table.events.get(read.type);
  if (!entry) throw new Error(`consumer ${key} holds ${read.type}, which it handles no more`);
  return { entry, events: [decodeEvent(read, payload, entry.definition)] };
}
