import { Injectable } from '@nestjs/common';
import { insertOutboxRows, Outbox, type NewEvent, type OutboxRow } from '@steward/messaging';
import {
  Audit,
  Database,
  hotStatement,
  insertAuditRows,
  keyset,
  numberIs,
  pageOf,
  type AuditEntry,
  type AuditRow,
  type CallContext,
  type IdempotencyKey,
  type KeyedRow,
  type Page,
  type Scope,
  type Tx,
} from '@steward/platform';
import type { HistoryQuery, TicketsQuery } from './ticket.dto.js';
import { Ticket } from './ticket.entity.js';

/** The column of each field; the order of the parameters of an insert. */
const COLUMNS: Readonly<Record<keyof Ticket, string>> = {
  id: 'id',
  branchId: 'branch_id',
  siteId: 'site_id',
  number: 'number',
  kind: 'kind',
  channel: 'channel',
  categoryCode: 'category_code',
  priority: 'priority',
  state: 'state',
  resumeTo: 'resume_to',
  customerId: 'customer_id',
  propertyUnitId: 'property_unit_id',
  requesterName: 'requester_name',
  requesterPhone: 'requester_phone',
  company: 'company',
  unitText: 'unit_text',
  content: 'content',
  evidence: 'evidence',
  witnesses: 'witnesses',
  preferredTime: 'preferred_time',
  receivedAt: 'received_at',
  registeredAt: 'registered_at',
  registeredBy: 'registered_by',
  assigneeId: 'assignee_id',
  assignedAt: 'assigned_at',
  startedAt: 'started_at',
  completedAt: 'completed_at',
  cancelledAt: 'cancelled_at',
  outcome: 'outcome',
  pauses: 'pauses',
  resumeAt: 'resume_at',
  dueAt: 'due_at',
  dueMissing: 'due_missing',
  dueBasis: 'due_basis',
  onTime: 'on_time',
  intakeDueAt: 'intake_due_at',
  intakeMetAt: 'intake_met_at',
  slipReceivedAt: 'slip_received_at',
  slipReceivedBy: 'slip_received_by',
  quoteState: 'quote_state',
  signedAt: 'signed_at',
  signedBy: 'signed_by',
  chargedAt: 'charged_at',
  reworkRounds: 'rework_rounds',
  payment: 'payment',
  rootCauseOf: 'root_cause_of',
  causeCheck: 'cause_check',
  origin: 'origin',
  source: 'source',
  externalId: 'external_id',
  version: 'version',
};
const NAMES = Object.values(COLUMNS).join(', ');

/** What one round trip stores: the ticket, its number, event, trail and the answer to the caller's key. */
export type Registration = Readonly<{
  ticket: Ticket;
  /** Stands for the number in the JSON texts until the database knows it; occurs in nothing that a caller sends. */
  placeholder: string;
  series: Readonly<{ prefix: string; form: string; year: number }>;
  event: OutboxRow;
  audit: AuditRow;
  personal: readonly unknown[];
  answer: unknown;
  idempotency?: (IdempotencyKey & { client: string }) | undefined;
}>;

// One statement, one round trip: a repeated key, or a customer or unit that the branch does not have, writes nothing and
// takes no number; two first uses at once collide on the key and one is rolled back whole, so numbers stay gapless
// (ORG-05). The looks at customer and unit name `v`, so that they never run before the scope is set.
const REGISTER = hotStatement(
  'register-ticket',
  `with scope as materialized (select set_config('app.scope', $1, true) v),
  known as materialized (
    select v, ($16::uuid is null or exists (
        select from seen_customer where branch_id = $6 and customer_id = $16 and v <> '')) as customer,
      ($17::uuid is null or exists (
        select from known_property_unit u where u.branch_id = $6 and property_unit_id = $17 and u.active
          and ($18::uuid is null or u.site_id = $18) and v <> '')) as unit,
      ($2::text is not null and idempotency_seen($2, $3, $4)) as seen
    from scope where v is not null),
  fresh as materialized (select v from known where not seen and customer and unit),
  taken as materialized (select next_number($6, $7, $8, 1) as n from fresh),
  numbered as materialized (select $9 || lpad(n::text, greatest(6, length(n::text)), '0') as number from taken),
  created as (
    insert into ticket (${NAMES}) select ${NAMES.replace(/\bnumber\b/, 'numbered.number').replace(/(^|, )(?=[a-z_]+(,|$))/g, '$1r.')}
    from numbered, jsonb_populate_record(null::ticket, $11::jsonb) r),
  event as (${insertOutboxRows('$12', ', numbered', "r.payload || jsonb_build_object('number', numbered.number)")}),
  trail as (${insertAuditRows('replace($13, $10, numbered.number)', 'numbered, ')}),
  private as (
    insert into audit_personal select p.* from numbered, jsonb_populate_recordset(null::audit_personal, $14::jsonb) p),
  kept as materialized (
    select idempotency_store($2, $3, $4, $5, replace($15, $10, numbered.number)::json) from numbered where $2 is not null)
  select number, customer, unit, seen, (select count(*) from kept) as kept from known left join numbered on true`,
);

/** What became of a registration: its number, or why there is none. */
export type Registered = Readonly<{
  number: string | null;
  /** the caller's key was used before */
  seen: boolean;
  /** the branch sees the customer; it has the property unit, at the site */
  customer: boolean;
  unit: boolean;
}>;

const SEEN: Registered = { number: null, seen: true, customer: true, unit: true };

function parametersOf(registration: Registration): unknown[] {
  const { ticket, series, idempotency: key, placeholder } = registration;
  return [
    key?.client ?? null,
    key?.route ?? null,
    key?.key ?? null,
    key?.hash ?? null,
    ticket.branchId,
    series.form,
    series.year,
    series.prefix,
    placeholder,
    rowJson(ticket),
    JSON.stringify([registration.event]),
    JSON.stringify([registration.audit]),
    JSON.stringify(registration.personal),
    JSON.stringify(registration.answer),
    ticket.customerId,
    ticket.propertyUnitId,
    ticket.siteId,
  ];
}

const isKeyTaken = (error: unknown): boolean => {
  const { code, table } = error as { code?: unknown; table?: unknown };
  return code === '23505' && table === 'idempotency';
};

const JSON_NAMES = Object.entries(COLUMNS).map(
  ([field, column]) => [field as keyof Ticket, `"${column}":`] as const,
);

/**
 * The row as JSON text, column by column: that is faster by half than to make an object of its columns first. What is
 * left out is null.
 */
function rowJson(ticket: Ticket): string {
  let text = '';
  for (const [field, name] of JSON_NAMES) {
    const value = ticket[field] ?? null;
    if (value !== null) text += `${text ? ',' : ''}${name}${JSON.stringify(value)}`;
  }
  return `{${text}}`;
}

/** All SQL of tickets. */
@Injectable()
export class TicketRepository {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Stores a registration. Of two first uses of a key at once the later fails on the key and is rolled back whole, its
   * number with it: it counts as seen before.
   */
  async register(scope: Scope, registration: Registration): Promise<Registered> {
    try {
      const [row] = await this.database.statement<Registered>(scope, REGISTER, parametersOf(registration));
      this.outbox.wake();
      return row!;
    } catch (error) {
      if (registration.idempotency && isKeyTaken(error)) return SEEN;
      throw error;
    }
  }

  /** Stores many numbered tickets with their trail and events in three statements (imports). */
  async insertAll(
    tx: Tx,
    ctx: CallContext,
    tickets: readonly Ticket[],
    entries: readonly AuditEntry[],
    events: readonly NewEvent[],
  ): Promise<void> {
    await tx.query(
      `insert into ticket (${NAMES}) select ${NAMES} from json_populate_recordset(null::ticket, $1::json)`,
      [`[${tickets.map(rowJson).join()}]`],
    );
    await this.audit.recordAll(tx, ctx, entries);
    await this.outbox.append(tx, ctx, events);
  }

  async find(tx: Tx, id: string): Promise<Ticket | null> {
    return tx.manager.findOneBy(Ticket, { id });
  }

  /** The ticket, locked until the end of the transaction: order of its events is order of commits. */
  async lock(tx: Tx, id: string): Promise<Ticket | null> {
    return tx.manager.findOne(Ticket, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Stores a change with its trail and its event. */
  async save(
    tx: Tx,
    ctx: CallContext,
    id: string,
    patch: Partial<Ticket>,
    entry: AuditEntry,
    events: NewEvent | readonly NewEvent[],
  ): Promise<void> {
    await tx.manager.update(Ticket, { id }, patch);
    await this.audit.record(tx, ctx, entry);
    await this.outbox.append(tx, ctx, events);
  }

  /** Changes that are nobody's fact: bookkeeping of the platform's own work. */
  async note(tx: Tx, id: string, patch: Partial<Ticket>): Promise<void> {
    await tx.manager.update(Ticket, { id }, patch);
  }

  /** Ids of tickets whose pause has ended by itself (TKT-27), at most `limit`. */
  async resumable(tx: Tx, now: Date, limit: number): Promise<{ id: string; branchId: string }[]> {
    return tx.query(
      `select id, branch_id "branchId" from ticket where resume_at is not null and resume_at <= $1 order by resume_at limit $2`,
      [now, limit],
    );
  }

  /** One page in a stable order. */
  async list(tx: Tx, query: TicketsQuery): Promise<Page<Ticket>> {
    const filter = filters(query, tx.scope.refs);
    const page = keyset(query, SORT_COLUMNS, { id: 'id', firstParameter: filter.values.length + 1 });
    const rows = await tx.query<Record<string, unknown> & KeyedRow>(
      `select ${NAMES}, ${page.select} from ticket where ${[...filter.where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...filter.values, ...page.values],
    );
    return pageOf(rows, query, ticketOf);
  }

  /** The trail of one ticket with the personal values that are still kept. */
  async history(tx: Tx, id: string, query: HistoryQuery): Promise<Page<HistoryRow>> {
    const columns = { recorded: { column: 'a.pos', type: 'bigint' } } as const;
    const page = keyset(query, columns, { id: 'a.id', firstParameter: 2 });
    const rows = await tx.query<HistoryRow & KeyedRow>(
      `select a.at, a.actor, a.action, a.reason, a.changes, a.chain_hash is not null as sealed,
              (select jsonb_object_agg(p.field, jsonb_build_object('from', p.from_value, 'to', p.to_value))
               from audit_personal p where p.audit_id = a.id) as personal, ${page.select}
       from audit a where a.entity_id = $1 and a.entity = 'ticket' and ${page.where}
       order by ${page.orderBy} limit ${page.limit}`,
      [id, ...page.values],
    );
    return pageOf(rows, query, (row) => row);
  }
}

export type HistoryRow = {
  at: Date;
  actor: string;
  action: string;
  reason: string | null;
  changes: { field: string; from?: unknown; to?: unknown; personal?: true }[];
  sealed: boolean;
  personal: Record<string, { from: unknown; to: unknown }> | null;
};

const SORT_COLUMNS = {
  registeredAt: { column: 'registered_at', type: 'timestamptz' },
  receivedAt: { column: 'received_at', type: 'timestamptz' },
  dueAt: { column: "coalesce(due_at, 'infinity')", type: 'timestamptz' },
  number: { column: 'number', type: 'text' },
} as const;

const FIELDS = Object.fromEntries(Object.entries(COLUMNS).map(([field, column]) => [column, field]));

function ticketOf({ cursor_key: _key, cursor_id: _id, ...row }: Record<string, unknown>): Ticket {
  const fields: unknown = Object.fromEntries(
    Object.entries(row).map(([column, value]) => [FIELDS[column], value]),
  );
  return fields as Ticket;
}

const EQUALS = {
  branchId: 'branch_id',
  siteId: 'site_id',
  state: 'state',
  kind: 'kind',
  categoryCode: 'category_code',
  assigneeId: 'assignee_id',
  source: 'source',
  propertyUnitId: 'property_unit_id',
  payment: 'payment',
} as const;

/** The customer and those that were merged into it (ACC-02). */
export const sameCustomer = (id: string): string => `(
  with recursive same as (
    select ${id}::uuid as id union select m.customer_id from merged_customer m join same on m.into_customer_id = same.id)
  select id from same)`;

const OPEN = "state not in ('completed', 'cancelled')";

/** Row-level security decides what is seen; naming the scope's branches lets an index give the order. */
function branchesOf(refs: Scope['refs'], values: unknown[]): string[] {
  if (refs === '*') return [];
  return refs.length === 1
    ? [`branch_id = $${values.push(refs[0])}`]
    : [`branch_id = any ($${values.push(refs)}::uuid[])`];
}

function filters(query: TicketsQuery, refs: Scope['refs']): { where: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const where = branchesOf(refs, values);
  for (const [field, column] of Object.entries(EQUALS)) {
    const value = query[field as keyof typeof EQUALS];
    if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
  }
  if (query.number !== undefined) where.push(numberIs('number', `$${values.push(query.number)}`));
  if (query.customerId !== undefined)
    where.push(`customer_id in ${sameCustomer(`$${values.push(query.customerId)}`)}`);
  if (query.open !== undefined) where.push(query.open ? OPEN : `not (${OPEN})`);
  if (query.overdueAsOf !== undefined) {
    const at = `$${values.push(query.overdueAsOf)}`;
    where.push(
      `due_at < ${at} and received_at <= ${at} and coalesce(completed_at, cancelled_at, 'infinity') > ${at}`,
    );
  }
  return { where, values };
}
