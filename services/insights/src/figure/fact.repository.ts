import { Injectable } from '@nestjs/common';
import type { EventEnvelope, TicketRegistered } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { generationRows } from './generation-rows.js';

const COLUMNS = {
  kind: 'text',
  category_code: 'text',
  due_at: 'timestamptz',
  due_missing: 'text',
  completed_at: 'timestamptz',
  cancelled_at: 'timestamptz',
  on_time: 'boolean',
  first_completed_at: 'timestamptz',
  first_reopened_at: 'timestamptz',
} as const;
export type FactColumn = keyof typeof COLUMNS;

/** What is kept from the first time on, however often it happens again. */
const FIRST: readonly FactColumn[] = ['first_completed_at', 'first_reopened_at'];

/** New values of one ticket's fact. */
export type FactChange = Readonly<{ ticketId: string } & Partial<Record<FactColumn, unknown>>>;

/** Writes the facts of one generation, many in one statement. */
@Injectable()
export class FactRepository {
  async add(tx: Tx, generation: number, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await tx.query(
      `insert into ticket_fact (generation, ticket_id, branch_id, site_id, number, kind, channel, category_code, priority,
         origin, source, external_id, received_at, due_at, due_missing, registered_late, recorded_at)
       select $1, r."ticketId", r.branch, r."siteId", r.number, r.kind, r.channel, r."categoryCode", r.priority, r.origin,
         r.source, r."externalId", r."receivedAt", r."dueAt", r."dueMissing", r.late, r."recordedAt"
       from jsonb_to_recordset($2::jsonb) as r("ticketId" uuid, branch uuid, "siteId" uuid, number text, kind text,
         channel text, "categoryCode" text, priority text, origin text, source text, "externalId" text,
         "receivedAt" timestamptz, "dueAt" timestamptz, "dueMissing" text, late boolean, "recordedAt" timestamptz)
       on conflict do nothing`,
      [
        generation,
        JSON.stringify(
          events.map(({ data, branch, origin, late, recordedTime }) => ({
            ...data,
            branch,
            origin,
            late,
            recordedAt: recordedTime,
          })),
        ),
      ],
    );
  }

  /** Sets the columns to the events' values; of several changes of one ticket the last counts. */
  async change(
    tx: Tx,
    generation: number,
    columns: readonly FactColumn[],
    changes: readonly FactChange[],
  ): Promise<void> {
    const last = new Map(changes.map((change) => [change.ticketId, change]));
    await tx.query(
      `update ticket_fact f set ${columns.map(assignment).join(', ')}
       from ${generationRows(`"ticketId" uuid, ${columns.map((c) => `${c} ${COLUMNS[c]}`).join(', ')}`)} r
       where f.generation = r.generation and f.ticket_id = r."ticketId"`,
      [generation, JSON.stringify([...last.values()])],
    );
  }
}

const assignment = (column: FactColumn): string =>
  `${column} = ${FIRST.includes(column) ? `coalesce(f.${column}, r.${column})` : `r.${column}`}`;
