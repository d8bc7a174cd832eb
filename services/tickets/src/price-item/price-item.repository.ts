import { Injectable } from '@nestjs/common';
import { moneyToJson, parseMoney } from '@steward/kernel';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { PriceItemDto, PriceItemsQuery } from './price-item.dto.js';

type Row = Omit<PriceItemDto, 'unitPrice'> & { priceMinor: string; currency: string };

const COLUMNS = `id, branch_id "branchId", code, name, kind, measure, price_minor "priceMinor", currency,
  valid_from::text "validFrom", valid_to::text "validTo", version`;

const EQUALS = { branchId: 'branch_id', code: 'code', kind: 'kind' } as const;

/** All SQL of the price list. */
@Injectable()
export class PriceItemRepository {
  /** Keeps others from pricing the same code until the end of the transaction: its days never overlap. */
  async lockCode(tx: Tx, branchId: string, code: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 43))', [`${branchId}/${code}`]);
  }

  /** All prices of a code, the oldest first. */
  async ofCode(tx: Tx, branchId: string, code: string): Promise<PriceItemDto[]> {
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from price_item where branch_id = $1 and code = $2 order by valid_from`,
      [branchId, code],
    );
    return rows.map(itemOf);
  }

  /** The prices of many codes that hold on a day, in one look. */
  async validOn(tx: Tx, branchId: string, codes: readonly string[], day: string): Promise<PriceItemDto[]> {
    if (codes.length === 0) return [];
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from price_item where branch_id = $1 and code = any ($2)
       and valid_from <= $3 and coalesce(valid_to, 'infinity') >= $3`,
      [branchId, codes, day],
    );
    return rows.map(itemOf);
  }

  async find(tx: Tx, id: string): Promise<PriceItemDto | null> {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from price_item where id = $1`, [id]);
    return row ? itemOf(row) : null;
  }

  async add(tx: Tx, item: PriceItemDto): Promise<void> {
    const { minor, currency } = parseMoney(item.unitPrice);
    await tx.query(
      `insert into price_item
         (id, branch_id, code, name, kind, measure, price_minor, currency, valid_from, valid_to, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[item.id, item.branchId, item.code, item.name, item.kind, item.measure],
        ...[String(minor), currency, item.validFrom, item.validTo, item.version],
      ],
    );
  }

  async update(tx: Tx, { id, name, validTo, version }: PriceItemDto): Promise<void> {
    await tx.query('update price_item set name = $2, valid_to = $3, version = $4 where id = $1', [
      ...[id, name, validTo, version],
    ]);
  }

  async list(tx: Tx, query: PriceItemsQuery): Promise<Page<PriceItemDto>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.on !== undefined) {
      const on = `$${values.push(query.on)}`;
      where.push(`valid_from <= ${on} and coalesce(valid_to, 'infinity') >= ${on}`);
    }
    const page = keyset(
      query,
      { code: { column: 'code', type: 'text' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Row & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from price_item where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => itemOf(row));
  }
}

const itemOf = ({ priceMinor, currency, ...row }: Row): PriceItemDto => ({
  ...row,
  unitPrice: moneyToJson({ minor: BigInt(priceMinor), currency }),
});
