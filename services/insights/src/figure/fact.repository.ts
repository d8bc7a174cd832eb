import { Injectable } from '@nestjs/common';
import type { EventEnvelope, TicketRegistered } from '@steward/contracts';
import type { Tx } from '@steward/platform';

const COLUMNS = {
  kind: 'text',
  category_code: 'text',
  due_at: 'timestamptz',
  due_missing: 'text',
  completed_at: 'timestamptz',
  cancelled_at: 'timestamptz',
  on_time: 'boolean',
} as const;
export type FactColumn = keyof typeof COLUMNS;

/** New values of one ticket's fact. */
export type FactChange = Readonly<{ ticketId: string } & Partial<Record<FactColumn, unknown>>>;

/** Writes the facts of one generation, many in one statement. */
@Injectable()
export class FactRepository {
  async add(tx: Tx, generation: number, events: readonly EventEnvelope<TicketRegistered>[]): Promise<void> {
    await tx.query(
      `insert into ticket_fact (generation, ticket_id, branch_id, site_id, number, kind, channel, category_code, priority,
         origin, source, external_id, received_at, due_at, due_missing)
       select $1, r."ticketId", r.branch, r."siteId", r.number, r.kind, r.channel, r."categoryCode", r.priority, r.origin,
         r.source, r."externalId", r."receivedAt", r."dueAt", r."dueMissing"
       from jsonb_to_recordset($2::jsonb) as r("ticketId" uuid, branch uuid, "siteId" uuid, number text, kind text,
         channel text, "categoryCode" text, priority text, origin text, source text, "externalId" text,
         "receivedAt" timestamptz, "dueAt" timestamptz, "dueMissing" text)
       on conflict do nothing`,
      [generation, JSON.stringify(events.map(({ data, branch, origin }) => ({ ...data, branch, origin })))],
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
      `update ticket_fact f set ${columns.map((column) => `${column} = r.${column}`).join(', ')}
       from jsonb_to_recordset($2::jsonb) as r("ticketId" uuid, ${columns.map((c) => `${c} ${COLUMNS[c]}`).join(', ')})
       where f.generation = $1 and f.ticket_id = r."ticketId"`,
      [generation, JSON.stringify([...last.values()])],
    );
  }
}
