import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { CreditNotesQuery } from './credit-note.dto.js';

export type CreditNoteLine = Readonly<{
  line: number;
  chargeId: string;
  feeItemCode: string;
  amountMinor: string;
}>;

/** An issued credit note; it never changes. */
export type CreditNote = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  number: string;
  invoiceId: string;
  accountId: string;
  customerId: string;
  issuedOn: string;
  totalMinor: string;
  currency: string;
  lines: readonly CreditNoteLine[];
  reason: string;
}>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", number, invoice_id "invoiceId", account_id "accountId",
  customer_id "customerId", issued_on::text "issuedOn", total_minor "totalMinor", currency, lines, reason`;
const EQUALS = { branchId: 'branch_id', accountId: 'account_id', invoiceId: 'invoice_id' } as const;

/** All SQL of credit notes. */
@Injectable()
export class CreditNoteRepository {
  async add(tx: Tx, note: CreditNote, issuedAt: Date): Promise<void> {
    const { id, branchId, siteId, number, invoiceId, accountId, customerId } = note;
    await tx.query(
      `insert into credit_note (id, branch_id, site_id, number, invoice_id, account_id, customer_id, issued_on,
         total_minor, currency, lines, reason, issued_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[id, branchId, siteId, number, invoiceId, accountId, customerId, note.issuedOn, note.totalMinor],
        ...[note.currency, JSON.stringify(note.lines), note.reason, issuedAt],
      ],
    );
  }

  async find(tx: Tx, id: string): Promise<CreditNote | null> {
    const [row] = await tx.query<CreditNote>(`select ${COLUMNS} from credit_note where id = $1`, [id]);
    return row ?? null;
  }

  async list(tx: Tx, query: CreditNotesQuery): Promise<Page<CreditNote>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(
      query,
      { issuedOn: { column: 'issued_on', type: 'date' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<CreditNote & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from credit_note where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...note }) => note);
  }
}
