import { Injectable } from '@nestjs/common';
import { ChargeAllocated, ChargeRaised, ChargeReversed } from '@steward/contracts';
import { moneyToJson, newId, unprocessable } from '@steward/kernel';
import { insertOutboxRows, Outbox } from '@steward/messaging';
import { keyset, pageOf, type CallContext, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { ChargesQuery } from './charge.dto.js';
import type { Charge, NewCharge, Settlement, SettledBy } from './charge.js';

export const CHARGE_COLUMNS = `id, branch_id "branchId", site_id "siteId", account_id "accountId",
  customer_id "customerId", property_unit_id "propertyUnitId", meter_id "meterId", fee_item_code "feeItemCode", kind,
  run_id "runId", ticket_id "ticketId", quote_id "quoteId", reference, service_from::text "serviceFrom",
  service_to::text "serviceTo", amount_minor "amountMinor", credited_minor "creditedMinor", open_minor "openMinor",
  currency, booked_on::text "bookedOn", due_on::text "dueOn", raised_at "raisedAt", explanation,
  tariff_ids "tariffIds", invoice_id "invoiceId", reversed_on::text "reversedOn", version`;

const GIVEN = `jsonb_to_recordset($1::jsonb) r (id uuid, "entryId" uuid, "branchId" uuid, "siteId" uuid,
  "accountId" uuid, "customerId" uuid, "propertyUnitId" uuid, "meterId" uuid, "feeItemCode" text, kind text,
  "runId" uuid, "ticketId" uuid, "quoteId" uuid, reference text, "serviceFrom" date, "serviceTo" date,
  "amountMinor" bigint, currency text, "bookedOn" date, "dueOn" date, explanation jsonb, "tariffIds" uuid[])`;

// Charge, its ledger entry (receivable against the income of its item) and its fact, for what is not charged already.
const RAISE = `
with given as materialized (select * from ${GIVEN}),
added as (
  insert into charge (id, branch_id, site_id, account_id, customer_id, property_unit_id, meter_id, fee_item_code, kind,
    run_id, ticket_id, quote_id, reference, service_from, service_to, amount_minor, open_minor, currency, booked_on,
    due_on, raised_at, explanation, tariff_ids, version)
  select id, "branchId", "siteId", "accountId", "customerId", "propertyUnitId", "meterId", "feeItemCode", kind,
    "runId", "ticketId", "quoteId", reference, "serviceFrom", "serviceTo", "amountMinor", "amountMinor", currency,
    "bookedOn", "dueOn", $3, explanation, "tariffIds", 1
  from given on conflict do nothing returning id),
booked as materialized (select given.* from given join added using (id) where "amountMinor" > 0),
entry as (
  insert into journal_entry (id, branch_id, site_id, account_id, kind, source_id, booked_on, recorded_at)
  select "entryId", "branchId", "siteId", "accountId", 'charge', id, "bookedOn", $3 from booked),
posted as (
  insert into posting (entry_id, line, branch_id, site_id, account_id, booked_on, ledger_account, amount_minor, currency)
  select "entryId", line, "branchId", "siteId", "accountId", "bookedOn", ledger_account, amount, currency
  from booked cross join lateral (values (1, 'receivable', "amountMinor"),
    (2, 'income:' || "feeItemCode", - "amountMinor")) lines (line, ledger_account, amount)),
waiting as (
  insert into charge_to_invoice (charge_id, branch_id, site_id, account_id, service_to)
  select id, "branchId", "siteId", "accountId", "serviceTo" from given join added using (id)),
told as (${insertOutboxRows('$2', ' join added on added.id = r.aggregateid')})
select id from added`;

const SETTLE = `
update charge c set open_minor = open_minor - part.amount, version = version + part.parts
from jsonb_to_recordset($1::jsonb) part (id uuid, amount bigint, parts int)
where c.id = part.id and c.open_minor - part.amount between 0 and c.amount_minor - c.credited_minor
  and c.reversed_on is null
returning c.id, c.branch_id "branchId", c.account_id "accountId", c.ticket_id "ticketId", c.currency,
  c.open_minor open, c.version, part.amount`;

// A credit note lowers a charge; what it frees of payments was released before, so it comes off what is open.
const CREDIT = `
update charge c set credited_minor = credited_minor + part.amount, open_minor = open_minor - part.amount,
  version = version + 1
from jsonb_to_recordset($1::jsonb) part (id uuid, amount bigint)
where c.id = part.id and c.open_minor >= part.amount and c.reversed_on is null
returning c.id, c.branch_id "branchId", c.account_id "accountId", c.ticket_id "ticketId", c.currency,
  c.open_minor open, c.version, part.amount`;

const REVERSE = `
with reversed as (
  update charge set open_minor = 0, reversed_on = $2, version = version + 1
  where id = any ($1) and invoice_id is null and reversed_on is null and open_minor = amount_minor
  returning ${CHARGE_COLUMNS}),
settled as (delete from charge_to_invoice w using reversed r
  where w.branch_id = r."branchId" and w.account_id = r."accountId" and w.charge_id = r.id)
select * from reversed`;

// An invoice never changes, so its own lines tell which charges stand on it.
const ON_INVOICE = `id in (select (line ->> 'chargeId')::uuid
  from invoice i cross join lateral jsonb_array_elements(i.lines) line where i.id = `;

type Settled = Readonly<{
  id: string;
  branchId: string;
  accountId: string;
  ticketId: string | null;
  currency: string;
  open: string;
  version: number;
  amount: string;
}>;

const EQUALS = {
  branchId: 'branch_id',
  accountId: 'account_id',
  propertyUnitId: 'property_unit_id',
  ticketId: 'ticket_id',
  runId: 'run_id',
} as const;

/** All SQL of charges. */
@Injectable()
export class ChargeRepository {
  constructor(private readonly outbox: Outbox) {}

  /**
   * Adds charges with their ledger entries and facts in one statement. What is charged already (its service interval,
   * its quote or its reference) is left out: gives the ids of those that were added.
   */
  async insertAll(tx: Tx, ctx: CallContext, charges: readonly NewCharge[]): Promise<ReadonlySet<string>> {
    if (charges.length === 0) return new Set();
    const now = ctx.now.getTime();
    const rows = charges.map((charge) => ({
      ...charge,
      entryId: newId(now),
      amountMinor: String(charge.amountMinor),
    }));
    const facts = await this.outbox.toRows(
      ctx,
      charges.map((charge) => raisedFact(ctx, charge)),
    );
    const added = await tx.query<{ id: string }>(RAISE, [
      JSON.stringify(rows),
      JSON.stringify(facts),
      ctx.now,
    ]);
    if (added.length > 0) tx.afterCommit(() => this.outbox.wake());
    return new Set(added.map(({ id }) => id));
  }

  /** What is open on an account, oldest debt first, locked until the end of the transaction. Lock the account first. */
  async lockOpen(tx: Tx, accountId: string): Promise<Charge[]> {
    return this.lockOpenOf(tx, [accountId]);
  }

  /** The same of several accounts; each account's oldest debt first. */
  async lockOpenOf(tx: Tx, accountIds: readonly string[]): Promise<Charge[]> {
    const rows = await tx.query<StoredCharge>(
      `select ${CHARGE_COLUMNS} from charge where account_id = any ($1) and open_minor > 0
       order by account_id, due_on, raised_at, id for update`,
      [accountIds],
    );
    return rows.map(toCharge);
  }

  /** Charges by their ids, locked; in the order of their ids. */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<Charge[]> {
    const rows = await tx.query<StoredCharge>(
      `select ${CHARGE_COLUMNS} from charge where id = any ($1) order by id for update`,
      [ids],
    );
    return rows.map(toCharge);
  }

  async find(tx: Tx, id: string): Promise<Charge | null> {
    const [row] = await tx.query<StoredCharge>(`select ${CHARGE_COLUMNS} from charge where id = $1`, [id]);
    return row ? toCharge(row) : null;
  }

  async list(tx: Tx, query: ChargesQuery): Promise<Page<Charge>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.customerIds)
      where.push(
        `account_id in (select id from billing_account where customer_id = any ($${values.push(query.customerIds)}))`,
      );
    if (query.invoiceId !== undefined) where.push(`${ON_INVOICE} $${values.push(query.invoiceId)})`);
    if (query.open !== undefined) where.push(`open_minor ${query.open ? '> 0' : '= 0'}`);
    const page = keyset(
      query,
      { raised: { column: 'raised_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<StoredCharge & KeyedRow>(
      `select ${CHARGE_COLUMNS}, ${page.select} from charge where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toCharge(row));
  }

  /**
   * Money settles parts of charges, or is taken back where negative; states `charge-allocated`. Books nothing. Gives what
   * is open then. @throws DomainError `billing.settles-too-much` where more would be settled than is open, or given back
   * than was paid.
   */
  async settle(
    tx: Tx,
    ctx: CallContext,
    parts: readonly Settlement[],
    by: SettledBy,
  ): Promise<ReadonlyMap<string, bigint>> {
    return this.settleEach(
      tx,
      ctx,
      parts.map((part) => ({ ...part, by })),
    );
  }

  /** The same where each part is settled by something of its own: one statement, one fact per part, in their order. */
  async settleEach(
    tx: Tx,
    ctx: CallContext,
    parts: readonly (Settlement & Readonly<{ by: SettledBy }>)[],
  ): Promise<ReadonlyMap<string, bigint>> {
    const ofCharges = Map.groupBy(
      parts.filter(({ amountMinor }) => amountMinor !== 0n),
      ({ chargeId }) => chargeId,
    );
    if (ofCharges.size === 0) return new Map();
    const wanted = [...ofCharges].map(([id, list]) => ({
      id,
      amount: String(list.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)),
      parts: list.length,
    }));
    const rows = await tx.query<Settled>(SETTLE, [JSON.stringify(wanted)]);
    if (rows.length !== wanted.length) throw settlesTooMuch();
    const facts = rows.flatMap((row) => partFacts(ctx, row, ofCharges.get(row.id)!));
    await this.outbox.append(tx, ctx, facts);
    return new Map(rows.map(({ id, open }) => [id, BigInt(open)]));
  }

  /** A credit note takes parts off charges; what was paid of them was released before. Books nothing. */
  async credit(tx: Tx, ctx: CallContext, parts: readonly Settlement[], by: SettledBy): Promise<void> {
    await this.change(tx, ctx, CREDIT, parts, by);
  }

  /** Takes back whole charges that are on no invoice and unpaid, and states it; others are left alone. Books nothing. */
  async reverseAll(tx: Tx, ctx: CallContext, ids: readonly string[], on: string): Promise<Charge[]> {
    const charges = (await tx.query<StoredCharge>(REVERSE, [ids, on])).map(toCharge);
    await this.outbox.append(
      tx,
      ctx,
      charges.map((charge) => reversedFact(ctx, charge)),
    );
    return charges;
  }

  private async change(
    tx: Tx,
    ctx: CallContext,
    sql: string,
    parts: readonly Settlement[],
    by: SettledBy,
  ): Promise<ReadonlyMap<string, bigint>> {
    const sums = new Map<string, bigint>();
    for (const { chargeId, amountMinor } of parts)
      sums.set(chargeId, (sums.get(chargeId) ?? 0n) + amountMinor);
    const wanted = [...sums].filter(([, amount]) => amount !== 0n);
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<Settled>(sql, [
      JSON.stringify(wanted.map(([id, amount]) => ({ id, amount: String(amount) }))),
    ]);
    if (rows.length !== wanted.length) throw settlesTooMuch();
    await this.outbox.append(
      tx,
      ctx,
      rows.map((row) => allocatedFact(ctx, row, by)),
    );
    return new Map(rows.map(({ id, open }) => [id, BigInt(open)]));
  }
}

/** A row of `CHARGE_COLUMNS`, with amounts as text. */
export type StoredCharge = Omit<Charge, 'amountMinor' | 'creditedMinor' | 'openMinor'> &
  Readonly<{ amountMinor: string; creditedMinor: string; openMinor: string }>;

/** A row of `CHARGE_COLUMNS`. */
export const toCharge = (row: StoredCharge): Charge => ({
  ...row,
  amountMinor: BigInt(row.amountMinor),
  creditedMinor: BigInt(row.creditedMinor),
  openMinor: BigInt(row.openMinor),
});

const settlesTooMuch = () =>
  unprocessable(
    'billing.settles-too-much',
    'More would be settled than is open on a charge, or taken back than was paid.',
  );

/** The facts of a charge's parts: each with the version that it made, and with what was open after it. */
function partFacts(
  ctx: CallContext,
  row: Settled,
  parts: readonly (Settlement & Readonly<{ by: SettledBy }>)[],
) {
  let open = BigInt(row.open);
  let version = row.version;
  return parts
    .toReversed()
    .map(({ amountMinor, by }) => {
      const state = { ...row, amount: String(amountMinor), open: String(open), version };
      open += amountMinor;
      version -= 1;
      return allocatedFact(ctx, state, by);
    })
    .toReversed();
}

const raisedFact = (ctx: CallContext, charge: NewCharge) => ({
  definition: ChargeRaised,
  aggregateId: charge.id,
  branchId: charge.branchId,
  sequence: 1,
  occurredAt: charge.occurredAt ?? ctx.now,
  data: {
    chargeId: charge.id,
    accountId: charge.accountId,
    customerId: charge.customerId,
    propertyUnitId: charge.propertyUnitId,
    siteId: charge.siteId,
    ticketId: charge.ticketId,
    feeItemCode: charge.feeItemCode,
    amount: moneyToJson({ minor: charge.amountMinor, currency: charge.currency }),
    serviceFrom: charge.serviceFrom,
    serviceTo: charge.serviceTo,
    dueOn: charge.dueOn,
  },
});

const allocatedFact = (ctx: CallContext, row: Settled, by: SettledBy) => {
  const money = (minor: string) => moneyToJson({ minor: BigInt(minor), currency: row.currency });
  return {
    definition: ChargeAllocated,
    aggregateId: row.id,
    branchId: row.branchId,
    sequence: row.version,
    occurredAt: by.at ?? ctx.now,
    data: {
      chargeId: row.id,
      accountId: row.accountId,
      ticketId: row.ticketId,
      amount: money(row.amount),
      open: money(row.open),
      paymentId: by.paymentId ?? null,
      creditNoteId: by.creditNoteId ?? null,
      allocatedOn: by.on,
      allocatedAt: (by.at ?? ctx.now).toISOString(),
    },
  };
};

const reversedFact = (ctx: CallContext, charge: Charge) => ({
  definition: ChargeReversed,
  aggregateId: charge.id,
  branchId: charge.branchId,
  sequence: charge.version,
  occurredAt: ctx.now,
  data: {
    chargeId: charge.id,
    accountId: charge.accountId,
    ticketId: charge.ticketId,
    feeItemCode: charge.feeItemCode,
    amount: moneyToJson({ minor: charge.amountMinor, currency: charge.currency }),
    reversedOn: charge.reversedOn!,
    reversedAt: ctx.now.toISOString(),
  },
});
