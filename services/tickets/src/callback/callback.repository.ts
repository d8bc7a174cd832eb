import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import { sameCustomer } from '../ticket/ticket.repository.js';
import type { Priority } from '../ticket/ticket.rules.js';
import type { CallbacksQuery } from './callback.dto.js';
import type { Attempt, CallbackState } from './callback.rules.js';

/** A call that nobody answered: when, who called, what is to be known of it. */
export type StoredAttempt = Attempt & Readonly<{ at: string; by: string; note: string | null }>;

export type Callback = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  ticketId: string;
  /** of its ticket */
  number: string;
  priority: Priority;
  state: CallbackState;
  dueAt: Date;
  scheduledAt: Date;
  attempts: readonly StoredAttempt[];
  recordedAt: Date | null;
  recordedBy: string | null;
  score: number | null;
  priceAgrees: boolean | null;
  conductGood: boolean | null;
  /** what the customer said: personal */
  words: string | null;
  onTime: boolean | null;
  version: number;
}>;

const COLUMNS = `c.id, c.branch_id "branchId", c.site_id "siteId", c.ticket_id "ticketId", t.number, c.priority, c.state,
  c.due_at "dueAt", c.scheduled_at "scheduledAt", c.attempts, c.recorded_at "recordedAt", c.recorded_by "recordedBy",
  c.score, c.price_agrees "priceAgrees", c.conduct_good "conductGood", c.words, c.on_time "onTime", c.version`;
const FROM = 'callback c join ticket t on t.id = c.ticket_id';
const EQUALS = {
  branchId: 'c.branch_id',
  siteId: 'c.site_id',
  state: 'c.state',
  ticketId: 'c.ticket_id',
  priority: 'c.priority',
} as const;

/** All SQL of callbacks. */
@Injectable()
export class CallbackRepository {
  async find(tx: Tx, id: string): Promise<Callback | null> {
    const [row] = await tx.query<Callback>(`select ${COLUMNS} from ${FROM} where c.id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Callback | null> {
    const [row] = await tx.query<Callback>(`select ${COLUMNS} from ${FROM} where c.id = $1 for update of c`, [
      id,
    ]);
    return row ?? null;
  }

  /** The ticket's callback that is still to be made, locked. */
  async lockDue(tx: Tx, ticketId: string): Promise<Callback | null> {
    const [row] = await tx.query<Callback>(
      `select ${COLUMNS} from ${FROM} where c.ticket_id = $1 and c.state = 'due'
       order by c.scheduled_at desc limit 1 for update of c`,
      [ticketId],
    );
    return row ?? null;
  }

  async add(tx: Tx, callback: Callback): Promise<void> {
    const { id, branchId, siteId, ticketId, priority, state, dueAt, scheduledAt, version } = callback;
    await tx.query(
      `insert into callback (id, branch_id, site_id, ticket_id, priority, state, due_at, scheduled_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, branchId, siteId, ticketId, priority, state, dueAt, scheduledAt, version],
    );
  }

  async update(tx: Tx, after: Callback): Promise<void> {
    await tx.query(
      `update callback set priority = $2, state = $3, due_at = $4, scheduled_at = $5, attempts = $6, recorded_at = $7,
         recorded_by = $8, score = $9, price_agrees = $10, conduct_good = $11, words = $12, on_time = $13, version = $14
       where id = $1`,
      [
        ...[
          after.id,
          after.priority,
          after.state,
          after.dueAt,
          after.scheduledAt,
          JSON.stringify(after.attempts),
        ],
        ...[
          after.recordedAt,
          after.recordedBy,
          after.score,
          after.priceAgrees,
          after.conductGood,
          after.words,
        ],
        ...[after.onTime, after.version],
      ],
    );
  }

  /** One page in a stable order, what is due first. */
  async list(tx: Tx, query: CallbacksQuery): Promise<Page<Callback>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.customerId !== undefined)
      where.push(`t.customer_id in ${sameCustomer(`$${values.push(query.customerId)}`)}`);
    if (query.dueBefore !== undefined) where.push(`c.due_at < $${values.push(query.dueBefore)}`);
    const page = keyset(
      query,
      { dueAt: { column: 'c.due_at', type: 'timestamptz' } },
      { id: 'c.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Callback & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...callback }) => callback);
  }
}
