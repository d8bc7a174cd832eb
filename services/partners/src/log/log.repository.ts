import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@steward/contracts';
import { prepared, type Tx } from '@steward/platform';
import type { LoggedEvent } from './partner-event.js';
import type { Reach } from './reduce.rules.js';

const COLUMNS = `position, event_id "eventId", branch_id "branchId", type, aggregate_id "aggregateId", sequence,
  occurred_at "occurredAt", recorded_at "recordedAt", origin, late, actor, correlation_id "correlationId", traceparent, data`;

/** A part of the log: from after one position up to and with another, at most `limit` events. */
export type Window = Readonly<{
  after: number;
  upTo: number;
  types: readonly string[];
  branches: Reach;
  limit: number;
}>;

type Row = Omit<LoggedEvent, 'position' | 'sequence'> & { position: string; sequence: string };

const toEvent = (row: Row): LoggedEvent => ({
  ...row,
  position: Number(row.position),
  sequence: Number(row.sequence),
});

const APPEND = prepared(
  'append-to-partner-log',
  `insert into partner_event (event_id, branch_id, type, aggregate_id, sequence, occurred_at, recorded_at, origin,
     late, actor, correlation_id, traceparent, data)
   select r.* from (select * from jsonb_array_elements($1::jsonb) with ordinality) e(item, place),
     jsonb_to_record(e.item) as r(event_id uuid, branch_id uuid, type text, aggregate_id uuid, sequence bigint,
       occurred_at timestamptz, recorded_at timestamptz, origin text, late boolean, actor text, correlation_id text,
       traceparent text, data jsonb) order by e.place`,
);
const HEAD = prepared('head-of-partner-log', 'select coalesce(max(position), 0) as head from partner_event');
const READ = prepared(
  'read-partner-log',
  `select ${COLUMNS} from partner_event where position > $1 and position <= $2 and type = any ($3)
   and ($4::uuid[] is null or branch_id is null or branch_id = any ($4)) order by position limit $5`,
);

/** All SQL of the partner log. */
@Injectable()
export class LogRepository {
  async append(tx: Tx, events: readonly EventEnvelope[]): Promise<void> {
    const rows = events.map((event) => ({
      event_id: event.id,
      branch_id: event.branch,
      type: event.type,
      aggregate_id: event.subject,
      sequence: event.sequence,
      occurred_at: event.time,
      recorded_at: event.recordedTime,
      origin: event.origin,
      late: event.late,
      actor: event.actor,
      correlation_id: event.correlationId,
      traceparent: event.traceparent ?? null,
      data: event.data,
    }));
    await tx.query(APPEND, [JSON.stringify(rows)]);
  }

  /** The last position that is visible; every smaller one is visible too, or will never be. */
  async head(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ head: string }>(HEAD);
    return Number(row!.head);
  }

  /** Events of a window by types and branches (facts of the group among them), in order. */
  async read(tx: Tx, { after, upTo, types, branches, limit }: Window): Promise<LoggedEvent[]> {
    const rows = await tx.query<Row>(READ, [after, upTo, types, branches === '*' ? null : branches, limit]);
    return rows.map(toEvent);
  }

  async at(tx: Tx, positions: readonly number[]): Promise<LoggedEvent[]> {
    if (positions.length === 0) return [];
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from partner_event where position = any ($1::bigint[]) order by position`,
      [`{${positions.join(',')}}`],
    );
    return rows.map(toEvent);
  }

  /** An event by its id, or undefined when the log does not have it. */
  async byId(tx: Tx, eventId: string): Promise<LoggedEvent | undefined> {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from partner_event where event_id = $1 limit 1`, [
      eventId,
    ]);
    return row && toEvent(row);
  }

  /** The position before the first event that was recorded at this time or later; the head when there is none. */
  async positionBefore(tx: Tx, recordedFrom: Date): Promise<number> {
    const [row] = await tx.query<{ position: string | null }>(
      `select coalesce((select min(position) - 1 from partner_event where recorded_at >= $1),
         (select max(position) from partner_event), 0) as position`,
      [recordedFrom],
    );
    return Number(row!.position);
  }

  /** Drops what is older than the log is kept, by the clock that all copies share; gives how many rows went. */
  async forget(tx: Tx, keepDays: number): Promise<number> {
    const rows = await tx.query(
      `delete from partner_event where position in (
         select position from partner_event where appended_at < clock_timestamp() - make_interval(days => $1)
         order by position limit 5000) returning 1`,
      [keepDays],
    );
    return rows.length;
  }
}
