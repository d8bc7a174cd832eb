import { Injectable } from '@nestjs/common';
import { keyset, numberIs, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { Method } from '../ledger/ledger.rules.js';
import type { ReceiptsQuery } from './receipt.dto.js';

type StoredLine = Readonly<{
  feeItemCode: string;
  from: string;
  to: string;
  charges: number;
  amount: string;
}>;

/** A receipt as it was issued; it never changes but for being voided. Amounts in minor units as text. */
export type Receipt = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  paymentId: string;
  accountId: string;
  number: string;
  amount: string;
  currency: string;
  method: Method;
  receivedOn: string;
  issuedAt: Date;
  issuedBy: string;
  lines: readonly StoredLine[];
  voidedAt: Date | null;
}>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", payment_id "paymentId", account_id "accountId", number,
  amount_minor amount, currency, method, received_on::text "receivedOn", issued_at "issuedAt",
  issued_by "issuedBy", lines, voided_at "voidedAt"`;

/** All SQL of receipts. */
@Injectable()
export class ReceiptRepository {
  async addAll(tx: Tx, receipts: readonly Receipt[]): Promise<void> {
    await tx.query(
      `insert into receipt (id, branch_id, site_id, payment_id, account_id, number, amount_minor, currency, method,
         received_on, issued_at, issued_by, lines)
       select id, "branchId", "siteId", "paymentId", "accountId", number, amount, currency, method, "receivedOn",
         "issuedAt", "issuedBy", lines
       from jsonb_to_recordset($1::jsonb) r (id uuid, "branchId" uuid, "siteId" uuid, "paymentId" uuid,
         "accountId" uuid, number text, amount bigint, currency text, method text, "receivedOn" date,
         "issuedAt" timestamptz, "issuedBy" text, lines jsonb)`,
      [JSON.stringify(receipts)],
    );
  }

  async ofPayment(tx: Tx, paymentId: string): Promise<Receipt | null> {
    const [row] = await tx.query<Receipt>(`select ${COLUMNS} from receipt where payment_id = $1`, [
      paymentId,
    ]);
    return row ?? null;
  }

  async void(tx: Tx, paymentId: string, at: Date): Promise<void> {
    await tx.query('update receipt set voided_at = $2 where payment_id = $1', [paymentId, at]);
  }

  async list(tx: Tx, query: ReceiptsQuery): Promise<Page<Receipt>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.accountId !== undefined) where.push(`account_id = $${values.push(query.accountId)}`);
    if (query.number !== undefined) where.push(numberIs('number', `$${values.push(query.number)}`));
    if (query.voided !== undefined) where.push(`voided_at is ${query.voided ? 'not null' : 'null'}`);
    const page = keyset(
      query,
      { issuedAt: { column: 'issued_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Receipt & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from receipt where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...receipt }) => receipt);
  }
}
