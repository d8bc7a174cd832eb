import { Injectable } from '@nestjs/common';
import { moneyToJson, newId, parseMoney } from '@steward/kernel';
import { keyset, pageOf, type CallContext, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { UnchargedWorksQuery } from './uncharged-work.dto.js';
import type { QuoteLine, Work } from './work.js';

/** Signed work of which nobody could say who pays for it; `chargeId` once somebody did. */
export type UnchargedWork = Work & Readonly<{ id: string; chargeId: string | null; version: number }>;

type Row = Omit<UnchargedWork, 'total'> & Readonly<{ amountMinor: string; currency: string }>;

const COLUMNS = `id, branch_id "branchId", site_id "siteId", ticket_id "ticketId", ticket_number "ticketNumber",
  quote_id "quoteId", property_unit_id "propertyUnitId", signed_at "signedAt", amount_minor "amountMinor", currency,
  lines, charge_id "chargeId", version`;

/** All SQL of signed work that waits for its customer. */
@Injectable()
export class UnchargedWorkRepository {
  async add(tx: Tx, ctx: CallContext, work: Work): Promise<void> {
    const { minor, currency } = parseMoney(work.total);
    await tx.query(
      `insert into uncharged_work (id, branch_id, site_id, ticket_id, ticket_number, quote_id, property_unit_id,
         signed_at, amount_minor, currency, lines, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) on conflict do nothing`,
      [
        newId(ctx.now.getTime()),
        work.branchId,
        work.siteId,
        work.ticketId,
        work.ticketNumber,
        work.quoteId,
        work.propertyUnitId,
        work.signedAt,
        String(minor),
        currency,
        JSON.stringify(work.lines satisfies readonly QuoteLine[]),
      ],
    );
  }

  async lock(tx: Tx, id: string): Promise<UnchargedWork | null> {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from uncharged_work where id = $1 for update`, [id]);
    return row ? toWork(row) : null;
  }

  async settle(tx: Tx, id: string, chargeId: string): Promise<void> {
    await tx.query('update uncharged_work set charge_id = $2, version = version + 1 where id = $1', [
      id,
      chargeId,
    ]);
  }

  async list(tx: Tx, query: UnchargedWorksQuery): Promise<Page<UnchargedWork>> {
    const where = ['charge_id is null'];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    const page = keyset(
      query,
      { signedAt: { column: 'signed_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Row & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from uncharged_work where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toWork(row));
  }
}

const toWork = ({ amountMinor, currency, ...row }: Row): UnchargedWork => ({
  ...row,
  total: moneyToJson({ minor: BigInt(amountMinor), currency }),
});
