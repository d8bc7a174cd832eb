import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import { keyset, pageOf, type CallContext, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { AllocationsQuery, PaymentsQuery } from './payment.dto.js';
import type { AllocatedPart, Payment, PaymentReturn } from './payment.js';

const COLUMNS = `p.id, p.branch_id "branchId", p.site_id "siteId", p.account_id "accountId",
  coalesce(m.into_customer_id, a.customer_id) "customerId", p.state, p.method, p.provider,
  p.provider_id "providerId", p.told_account "toldAccount", p.told_invoice "toldInvoice", p.reference,
  p.amount_minor "amountMinor", p.left_minor "leftMinor", p.returned_minor "returnedMinor", p.currency,
  p.received_on::text "receivedOn", p.received_at "receivedAt", p.recorded_at "recordedAt",
  p.recorded_by "recordedBy", p.till, p.handover_id "handoverId", r.number "receiptNumber", p.facts, p.version`;

const FROM = `payment p left join billing_account a on a.id = p.account_id
  left join merged_customer m on m.customer_id = a.customer_id left join receipt r on r.payment_id = p.id`;

// New rows of what pays for what, and what is left of each payment after them.
const ALLOCATE = `
with part as materialized (
  select * from jsonb_to_recordset($1::jsonb) r (id uuid, payment_id uuid, charge_id uuid, amount bigint,
    settled_on date, why text)),
moved as (
  update payment p set left_minor = p.left_minor - sums.amount, version = p.version + 1
  from (select payment_id, sum(amount)::bigint amount from part group by payment_id) sums
  where p.id = sums.payment_id
  returning p.id, p.branch_id, p.site_id, p.account_id)
insert into allocation (id, branch_id, site_id, account_id, payment_id, charge_id, amount_minor, settled_on, why)
select part.id, moved.branch_id, moved.site_id, moved.account_id, payment_id, charge_id, amount, settled_on, why
from part join moved on moved.id = part.payment_id`;

const ADD = `
insert into payment (id, branch_id, site_id, state, method, provider, provider_id, told_account, told_invoice, reference,
  amount_minor, left_minor, currency, received_on, received_at, recorded_at, recorded_by, till, version)
select id, "branchId", "siteId", 'unmatched', method, provider, "providerId", "toldAccount", "toldInvoice", reference,
  "amountMinor", "amountMinor", currency, "receivedOn", "receivedAt", "recordedAt", "recordedBy", till, 1
from jsonb_to_recordset($1::jsonb) r (id uuid, "branchId" uuid, "siteId" uuid, method text,
  provider text, "providerId" text, "toldAccount" text, "toldInvoice" text, reference text, "amountMinor" bigint,
  currency text, "receivedOn" date, "receivedAt" timestamptz, "recordedAt" timestamptz, "recordedBy" text, till uuid)
on conflict (branch_id, provider, provider_id) do nothing returning id`;

type Stored = Omit<Payment, 'amountMinor' | 'leftMinor' | 'returnedMinor'> &
  Readonly<{ amountMinor: string; leftMinor: string; returnedMinor: string }>;

const toPayment = (row: Stored): Payment => ({
  ...row,
  amountMinor: BigInt(row.amountMinor),
  leftMinor: BigInt(row.leftMinor),
  returnedMinor: BigInt(row.returnedMinor),
});

/** What of a payment pays for a charge now; with what the receipt and the list show of the charge. */
export type Allocated = Readonly<{
  id: string;
  paymentId: string;
  chargeId: string;
  feeItemCode: string;
  serviceFrom: string;
  serviceTo: string;
  amount: string;
  currency: string;
  settledOn: string;
  why: string;
}>;

/** All SQL of payments and of what they pay for. */
@Injectable()
export class PaymentRepository {
  /** Adds payments; gives the ids of those of which no provider had told before. */
  async addAll(tx: Tx, payments: readonly Payment[]): Promise<ReadonlySet<string>> {
    const rows = payments.map(({ amountMinor, leftMinor: _1, returnedMinor: _2, ...payment }) => ({
      ...payment,
      amountMinor: String(amountMinor),
    }));
    const added = await tx.query<{ id: string }>(ADD, [JSON.stringify(rows)]);
    return new Set(added.map(({ id }) => id));
  }

  async find(tx: Tx, id: string): Promise<Payment | null> {
    const [row] = await tx.query<Stored>(`select ${COLUMNS} from ${FROM} where p.id = $1`, [id]);
    return row ? toPayment(row) : null;
  }

  /** What providers told of before. */
  async byProvider(tx: Tx, told: readonly Payment[]): Promise<Payment[]> {
    const rows = await tx.query<Stored>(
      `select ${COLUMNS} from ${FROM} join jsonb_to_recordset($1::jsonb) t ("branchId" uuid, provider text,
         "providerId" text)
       on p.branch_id = t."branchId" and p.provider = t.provider and p.provider_id = t."providerId"`,
      [
        JSON.stringify(
          told.map(({ branchId, provider, providerId }) => ({ branchId, provider, providerId })),
        ),
      ],
    );
    return rows.map(toPayment);
  }

  /** Locks a payment; lock its account before. */
  async lock(tx: Tx, id: string): Promise<Payment | null> {
    const [row] = await tx.query<Stored>(`select ${COLUMNS} from ${FROM} where p.id = $1 for update of p`, [
      id,
    ]);
    return row ? toPayment(row) : null;
  }

  /** Payments by their ids, locked in that order; lock their account before. */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<Payment[]> {
    const rows = await tx.query<Stored>(
      `select ${COLUMNS} from ${FROM} where p.id = any ($1) order by p.id for update of p`,
      [ids],
    );
    return rows.map(toPayment);
  }

  /** Payments with credit on these accounts, oldest first, locked; lock the accounts before. */
  async lockCredits(tx: Tx, accountIds: readonly string[]): Promise<Payment[]> {
    const rows = await tx.query<Stored>(
      `select ${COLUMNS} from ${FROM}
       where p.account_id = any ($1) and p.left_minor > 0 and p.state = 'booked'
       order by p.account_id, p.received_at, p.id for update of p`,
      [accountIds],
    );
    return rows.map(toPayment);
  }

  /** The invoices that payers name, with their accounts. */
  async invoices(
    tx: Tx,
    numbers: readonly string[],
  ): Promise<Readonly<{ id: string; branchId: string; number: string; accountId: string }>[]> {
    if (numbers.length === 0) return [];
    return tx.query(
      'select id, branch_id "branchId", number, account_id "accountId" from invoice where number = any ($1)',
      [numbers],
    );
  }

  /** Payments stand on accounts from a day on; their first fact is told with it. */
  async assignAll(
    tx: Tx,
    assigned: readonly Readonly<{ id: string; accountId: string; siteId: string | null; on: string }>[],
  ): Promise<void> {
    await tx.query(
      `update payment p set state = 'booked', account_id = t."accountId", site_id = coalesce(t."siteId", p.site_id),
         booked_on = t."on", facts = facts + 1, version = version + 1
       from jsonb_to_recordset($1::jsonb) t (id uuid, "accountId" uuid, "siteId" uuid, "on" date) where p.id = t.id`,
      [JSON.stringify(assigned)],
    );
  }

  /** Keeps what pays for what, and what is left of the payments then. */
  async allocate(tx: Tx, ctx: CallContext, parts: readonly AllocatedPart[]): Promise<void> {
    if (parts.length === 0) return;
    const rows = parts.map((part) => ({
      id: newId(ctx.now.getTime()),
      payment_id: part.paymentId,
      charge_id: part.chargeId,
      amount: String(part.amount),
      settled_on: part.settledOn,
      why: part.why,
    }));
    await tx.query(ALLOCATE, [JSON.stringify(rows)]);
  }

  /** What these payments, or all that pay for these charges, pay for now: sums above zero, per payment and charge. */
  async paidFor(
    tx: Tx,
    by: 'payment_id' | 'charge_id',
    ids: readonly string[],
  ): Promise<Readonly<{ paymentId: string; chargeId: string; amount: bigint }>[]> {
    const rows = await tx.query<{ paymentId: string; chargeId: string; amount: string }>(
      `select payment_id "paymentId", charge_id "chargeId", sum(amount_minor) amount from allocation
       where ${by} = any ($1) group by payment_id, charge_id having sum(amount_minor) > 0
       order by payment_id, charge_id`,
      [ids],
    );
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  }

  /** Takes money back out: off what is left, onto what was returned. */
  async giveBack(tx: Tx, ctx: CallContext, given: PaymentReturn, state: Payment['state']): Promise<void> {
    const { payment, amountMinor } = given;
    await tx.query(
      `with given as (
         update payment set left_minor = left_minor - $2, returned_minor = returned_minor + $2, state = $3,
           version = version + 1
         where id = $1)
       insert into payment_return (id, branch_id, site_id, payment_id, why, amount_minor, currency, reason, returned_on,
         returned_at, returned_by, till)
       values ($4, $5, $6, $1, $7, $2, $8, $9, $10, $11, $12, $13)`,
      [
        payment.id,
        String(amountMinor),
        state,
        given.id,
        payment.branchId,
        payment.siteId,
        given.why,
        payment.currency,
        given.reason,
        given.returnedOn,
        ctx.now,
        ctx.actor.id,
        given.till,
      ],
    );
  }

  /** The next place among the facts that are told of a payment. */
  async nextFact(tx: Tx, id: string): Promise<number> {
    const [row] = await tx.query<{ facts: number }>(
      'update payment set facts = facts + 1 where id = $1 returning facts',
      [id],
    );
    return row!.facts;
  }

  async list(tx: Tx, query: PaymentsQuery): Promise<Page<Payment>> {
    const { where, values } = conditions(query);
    const page = keyset(
      query,
      { receivedAt: { column: 'p.received_at', type: 'timestamptz' } },
      { id: 'p.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Stored & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toPayment(row));
  }

  async allocations(tx: Tx, paymentId: string, query: AllocationsQuery): Promise<Page<Allocated>> {
    const page = keyset(query, { id: { column: 'l.id', type: 'uuid' } }, { id: 'l.id', firstParameter: 2 });
    const rows = await tx.query<Allocated & KeyedRow>(
      `select l.id, l.payment_id "paymentId", l.charge_id "chargeId", c.fee_item_code "feeItemCode",
         c.service_from::text "serviceFrom", c.service_to::text "serviceTo", l.amount_minor amount, c.currency,
         l.settled_on::text "settledOn", l.why, ${page.select}
       from allocation l join charge c on c.id = l.charge_id where l.payment_id = $1 and ${page.where}
       order by ${page.orderBy} limit ${page.limit}`,
      [paymentId, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => row);
  }
}

/** Filters as SQL, in the order of their parameters. */
function conditions(query: PaymentsQuery): Readonly<{ where: string[]; values: unknown[] }> {
  const values: unknown[] = [];
  const where: string[] = [];
  const equal: readonly (readonly [string, unknown])[] = [
    ['p.branch_id', query.branchId],
    ['p.account_id', query.accountId],
    ['coalesce(m.into_customer_id, a.customer_id)', query.customerId],
    ['p.state', query.state],
    ['p.method', query.method],
    ['p.provider', query.provider],
    ['p.provider_id', query.providerId],
  ];
  for (const [column, value] of equal)
    if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
  if (query.receivedFrom !== undefined) where.push(`p.received_on >= $${values.push(query.receivedFrom)}`);
  if (query.receivedTo !== undefined) where.push(`p.received_on <= $${values.push(query.receivedTo)}`);
  if (query.receipt !== undefined) where.push(`r.id is ${query.receipt ? 'not null' : 'null'}`);
  if (query.credit !== undefined)
    where.push(query.credit ? "p.left_minor > 0 and p.state = 'booked'" : 'p.left_minor = 0');
  return { where, values };
}
