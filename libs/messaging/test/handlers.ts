import type { EventEnvelope } from '@steward/contracts';
import { Handles, type PersonalState } from '../src/index.js';
import type { Tx } from '@steward/platform';
import { consumerOf } from '../src/consumer/consumer-scope.js';
import { MeterRead, MeterSealed, Readers } from './events.js';

const reasons = { repeat: 'guarded by the inbox', late: 'only order per meter counts' };

type Reading = typeof MeterRead.sample;

const INSERT = `insert into effect (consumer, branch_id, event_id, aggregate_id, sequence, type, value)
  select consumer, branch_id, event_id, aggregate_id, sequence, type, value from jsonb_to_recordset($1) as r(consumer text,
  branch_id uuid, event_id uuid, aggregate_id uuid, sequence int, type text, value numeric)`;

/** Keeps one row per event: the effect that specs look at. */
export async function keepEffects(tx: Tx, events: readonly EventEnvelope[]): Promise<void> {
  const rows = events.map((event) => ({
    consumer: consumerOf(tx)!.key,
    branch_id: event.branch,
    event_id: event.id,
    aggregate_id: event.subject,
    sequence: event.sequence,
    type: event.type,
    value: (event.data as Reading).value ?? null,
  }));
  await tx.query(INSERT, [JSON.stringify(rows)]);
}

/** Handles readings one by one. `before` may throw for some. */
@Handles(MeterRead, reasons)
export class KeepReading {
  before: (event: EventEnvelope<Reading>) => void | Promise<void> = () => undefined;

  async handle(tx: Tx, event: EventEnvelope<Reading>): Promise<void> {
    await this.before(event);
    await keepEffects(tx, [event]);
  }
}

/** Handles readings many at once. */
@Handles(MeterRead, reasons)
export class KeepReadings {
  before: (events: readonly EventEnvelope<Reading>[]) => void | Promise<void> = () => undefined;

  async handleMany(tx: Tx, events: readonly EventEnvelope<Reading>[]): Promise<void> {
    await this.before(events);
    await keepEffects(tx, events);
  }
}

@Handles(MeterSealed, reasons)
export class KeepSeal {
  async handleMany(tx: Tx, events: readonly EventEnvelope[]): Promise<void> {
    await keepEffects(tx, events);
  }
}

/** Keeps a copy of the readers' names, as services do with personal values. */
@Handles(Readers, reasons)
export class KeepReader {
  before: (state: PersonalState<typeof Readers.sample>) => void = () => undefined;

  async handle(tx: Tx, state: PersonalState<typeof Readers.sample>): Promise<void> {
    this.before(state);
    const consumer = consumerOf(tx)!.key;
    if (state.value === null)
      await tx.query('delete from reader where consumer = $1 and key = $2', [consumer, state.key]);
    else
      await tx.query(
        `insert into reader values ($1, $2, $3) on conflict (consumer, key) do update set name = excluded.name`,
        [consumer, state.key, state.value.name],
      );
  }
}
