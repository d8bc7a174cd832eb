import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { CashHandoversQuery, DrawersQuery } from './cash-handover.dto.js';

/** A signed count as it is kept. Amounts in minor units as text. */
export type CashHandover = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  cashierId: string;
  receiverId: string;
  businessDay: string;
  expected: string;
  counted: string;
  currency: string;
  pieces: readonly Readonly<{ value: string; pieces: number }>[];
  payments: number;
  returns: number;
  explanation: string | null;
  signature: string;
  handedOverAt: Date;
  version: number;
}>;

/** Whose cash, up to which day. */
export type DrawerOf = Readonly<{
  branchId: string;
  siteId: string | null;
  cashierId: string;
  businessDay: string;
  currency: string;
}>;

export type Drawer = Readonly<{
  id: string;
  branchId: string;
  currency: string;
  cash: string;
  oldestDay: string;
  payments: number;
  returns: number;
}>;

type Emptied = Readonly<{ expected: string; payments: number; returns: number }>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", cashier_id "cashierId", receiver_id "receiverId",
  business_day::text "businessDay", expected_minor expected, counted_minor counted, currency, pieces, payments,
  returns, explanation, signature, handed_over_at "handedOverAt", version`;

// What goes into a handover, taken by it: nobody else can take it again.
const EMPTY = `
with paid as (
  update payment set handover_id = $1, version = version + 1
  where branch_id = $2 and till = $3 and received_on <= $4 and currency = $5 and handover_id is null
    and ($6::uuid is null or site_id = $6)
  returning amount_minor),
back as (
  update payment_return set handover_id = $1
  where branch_id = $2 and till = $3 and returned_on <= $4 and currency = $5 and handover_id is null
    and ($6::uuid is null or site_id = $6)
  returning amount_minor)
select (coalesce((select sum(amount_minor) from paid), 0) - coalesce((select sum(amount_minor) from back), 0))::text
    expected, (select count(*)::int from paid) payments, (select count(*)::int from back) returns`;

const MOVED = `
  select branch_id, till, currency, received_on moved_on, amount_minor amount, 1 paid
  from payment where till is not null and handover_id is null
  union all
  select branch_id, till, currency, returned_on, - amount_minor, 0
  from payment_return where till is not null and handover_id is null`;

/** All SQL of cash. */
@Injectable()
export class CashHandoverRepository {
  /** Puts everything in a cashier's drawer into a handover; gives what must be there. */
  async empty(tx: Tx, id: string, drawer: DrawerOf): Promise<Emptied> {
    const { branchId, cashierId, businessDay, currency, siteId } = drawer;
    const [row] = await tx.query<Emptied>(EMPTY, [id, branchId, cashierId, businessDay, currency, siteId]);
    return row!;
  }

  /** Whether the cashier handed this day's cash over before. */
  async isDone(tx: Tx, { branchId, cashierId, businessDay, currency }: DrawerOf): Promise<boolean> {
    const rows = await tx.query(
      `select from cash_handover where branch_id = $1 and cashier_id = $2 and business_day = $3 and currency = $4`,
      [branchId, cashierId, businessDay, currency],
    );
    return rows.length > 0;
  }

  /** Keeps a handover; false when the cashier handed over that day already. */
  async add(tx: Tx, handover: CashHandover): Promise<boolean> {
    const rows = await tx.query(
      `insert into cash_handover (id, branch_id, site_id, cashier_id, receiver_id, business_day, expected_minor,
         counted_minor, currency, pieces, payments, returns, explanation, signature, handed_over_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)
       on conflict (branch_id, cashier_id, business_day, currency) do nothing returning id`,
      [
        handover.id,
        handover.branchId,
        handover.siteId,
        handover.cashierId,
        handover.receiverId,
        handover.businessDay,
        handover.expected,
        handover.counted,
        handover.currency,
        JSON.stringify(handover.pieces),
        handover.payments,
        handover.returns,
        handover.explanation,
        handover.signature,
        handover.handedOverAt,
      ],
    );
    return rows.length > 0;
  }

  async find(tx: Tx, id: string): Promise<CashHandover | null> {
    const [row] = await tx.query<CashHandover>(`select ${COLUMNS} from cash_handover where id = $1`, [id]);
    return row ?? null;
  }

  async list(tx: Tx, query: CashHandoversQuery): Promise<Page<CashHandover>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.cashierId !== undefined) where.push(`cashier_id = $${values.push(query.cashierId)}`);
    if (query.from !== undefined) where.push(`business_day >= $${values.push(query.from)}`);
    if (query.to !== undefined) where.push(`business_day <= $${values.push(query.to)}`);
    const page = keyset(
      query,
      { businessDay: { column: 'business_day', type: 'date' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<CashHandover & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from cash_handover where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...handover }) => handover);
  }

  /** Cash that was not handed over yet, per cashier and currency. */
  async drawers(tx: Tx, query: DrawersQuery): Promise<Page<Drawer>> {
    const values: unknown[] = [query.branchId];
    const where = ['branch_id = $1'];
    if (query.cashierId !== undefined) where.push(`till = $${values.push(query.cashierId)}`);
    if (query.receivedTo !== undefined) where.push(`moved_on <= $${values.push(query.receivedTo)}`);
    const page = keyset(
      query,
      { cashier: { column: 'currency', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Drawer & KeyedRow>(
      `select *, ${page.select} from (
         select till id, branch_id "branchId", currency, sum(amount)::text cash, min(moved_on)::text "oldestDay",
           sum(paid)::int payments, (count(*) - sum(paid))::int returns
         from (${MOVED}) moved where ${where.join(' and ')} group by till, branch_id, currency) drawer
       where ${page.where} order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...drawer }) => drawer);
  }
}
