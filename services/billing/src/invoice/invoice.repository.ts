import { Injectable } from '@nestjs/common';
import { keyset, numberIs, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import { CHARGE_COLUMNS, toCharge, type StoredCharge } from '../charge/charge.repository.js';
import type { Charge } from '../charge/charge.js';
import type { InvoiceLine } from './invoice.rules.js';
import type { InvoicesQuery } from './invoice.dto.js';

/** An issued invoice. Amounts in minor units; `openMinor` and `creditedMinor` are those of its charges now. */
export type Invoice = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  number: string;
  accountId: string;
  customerId: string;
  propertyUnitId: string | null;
  issuedOn: string;
  dueOn: string;
  totalMinor: string;
  currency: string;
  lines: readonly InvoiceLine[];
}>;

export type InvoiceState = Invoice & Readonly<{ openMinor: string; creditedMinor: string }>;

const FIELDS = `i.id, i.branch_id "branchId", i.site_id "siteId", i.number, i.account_id "accountId",
  i.customer_id "customerId", i.property_unit_id "propertyUnitId", i.issued_on::text "issuedOn",
  i.due_on::text "dueOn", i.total_minor "totalMinor", i.currency, i.lines, now_of."openMinor", now_of."creditedMinor"`;
const CHARGES = `jsonb_array_elements(i.lines) line join charge c on c.id = (line ->> 'chargeId')::uuid`;
const FROM = `invoice i cross join lateral (
  select coalesce(sum(c.open_minor), 0)::text "openMinor", coalesce(sum(c.credited_minor), 0)::text "creditedMinor"
  from ${CHARGES}) now_of`;
const EQUALS = { branchId: 'branch_id', accountId: 'account_id' } as const;

/** All SQL of invoices. */
@Injectable()
export class InvoiceRepository {
  /** Charges of a branch's accounts that stand on no invoice yet, locked. Lock the accounts first. */
  async lockUninvoiced(
    tx: Tx,
    branchId: string,
    accountIds: readonly string[],
    { chargeIds = null, through = null }: { chargeIds?: readonly string[] | null; through?: string | null },
  ): Promise<Charge[]> {
    const rows = await tx.query<StoredCharge>(
      `select c.* from charge_to_invoice w cross join lateral (
         select ${CHARGE_COLUMNS} from charge where id = w.charge_id and invoice_id is null for update) c
       where w.branch_id = $1 and w.account_id = any ($2) and ($3::uuid[] is null or w.charge_id = any ($3))
         and ($4::date is null or w.service_to <= $4)
       order by w.account_id, w.charge_id limit 10000`,
      [branchId, accountIds, chargeIds, through],
    );
    return rows.map(toCharge);
  }

  /** Accounts of a branch with something to invoice, in a fixed order. */
  async accountsToInvoice(tx: Tx, branchId: string, through: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select distinct account_id id from charge_to_invoice where branch_id = $1 and service_to <= $2
       order by account_id limit $3`,
      [branchId, through, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Adds invoices and puts their charges on them, in two statements. */
  async addAll(tx: Tx, invoices: readonly Invoice[], issuedAt: Date): Promise<void> {
    await tx.query(
      `insert into invoice (id, branch_id, site_id, number, account_id, customer_id, property_unit_id, issued_on,
         due_on, total_minor, currency, lines, issued_at)
       select id, "branchId", "siteId", number, "accountId", "customerId", "propertyUnitId", "issuedOn", "dueOn",
         "totalMinor", currency, lines, $2
       from jsonb_to_recordset($1::jsonb) r (id uuid, "branchId" uuid, "siteId" uuid, number text, "accountId" uuid,
         "customerId" uuid, "propertyUnitId" uuid, "issuedOn" date, "dueOn" date, "totalMinor" bigint, currency text,
         lines jsonb)`,
      [JSON.stringify(invoices), issuedAt],
    );
    const pairs = invoices.flatMap(({ id, lines }) =>
      lines.map(({ chargeId }) => ({ invoice: id, charge: chargeId })),
    );
    await tx.query(
      `with placed as (
         update charge c set invoice_id = pair.invoice
         from jsonb_to_recordset($1::jsonb) pair (invoice uuid, charge uuid) where c.id = pair.charge
         returning c.id, c.branch_id, c.account_id)
       delete from charge_to_invoice w using placed p
       where w.branch_id = p.branch_id and w.account_id = p.account_id and w.charge_id = p.id`,
      [JSON.stringify(pairs)],
    );
  }

  async find(tx: Tx, id: string): Promise<InvoiceState | null> {
    const [row] = await tx.query<InvoiceState>(`select ${FIELDS} from ${FROM} where i.id = $1`, [id]);
    return row ?? null;
  }

  async list(tx: Tx, query: InvoicesQuery): Promise<Page<InvoiceState>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`i.${column} = $${values.push(value)}`);
    }
    if (query.number !== undefined) where.push(numberIs('i.number', `$${values.push(query.number)}`));
    if (query.customerIds) where.push(`i.customer_id = any ($${values.push(query.customerIds)})`);
    if (query.open !== undefined)
      where.push(`${query.open ? '' : 'not '}exists (select from ${CHARGES} where c.open_minor > 0)`);
    if (query.from !== undefined) where.push(`i.issued_on >= $${values.push(query.from)}`);
    if (query.to !== undefined) where.push(`i.issued_on <= $${values.push(query.to)}`);
    const page = keyset(
      query,
      { issuedOn: { column: 'i.issued_on', type: 'date' }, number: { column: 'i.number', type: 'text' } },
      { id: 'i.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<InvoiceState & KeyedRow>(
      `select ${FIELDS}, ${page.select} from ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...invoice }) => invoice);
  }
}
