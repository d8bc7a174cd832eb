import type { TicketRegistered } from '@steward/contracts';

/** The effect of both consumers: `$1` the consumer, `$2` the rows as JSON. */
export const EFFECT = `insert into bench_fact (ticket_id, consumer, branch_id, number, kind, channel, priority, received_at, due_at)
  select r."ticketId", $1, r.branch, r.number, r.kind, r.channel, r.priority, r."receivedAt", r."dueAt"
  from jsonb_to_recordset($2::jsonb) as r("ticketId" uuid, branch uuid, number text, kind text, channel text, priority text,
    "receivedAt" timestamptz, "dueAt" timestamptz)
  on conflict do nothing`;

/** The second parameter of the effect. */
export const rowsOf = (
  events: readonly Readonly<{ data: TicketRegistered; branch: string | null }>[],
): string => JSON.stringify(events.map(({ data, branch }) => ({ ...data, branch })));
