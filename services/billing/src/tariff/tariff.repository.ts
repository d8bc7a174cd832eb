import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { ListedTariff } from './applicable.rules.js';
import type { TariffDto, TariffsQuery } from './tariff.dto.js';

export type StoredTariff = Omit<TariffDto, 'actions'>;

const COLUMNS = `t.id, t.branch_id "branchId", t.fee_item_id "feeItemId", i.code "feeItemCode", t.for_site_id "siteId", t.use,
  t.area_from::text "areaFrom", t.area_below::text "areaBelow", t.valid_from::text "validFrom",
  t.valid_to::text "validTo", t.document, t.terms, t.state,
  to_char(t.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') "publishedAt", t.version`;
const FROM = 'tariff t join fee_item i on i.id = t.fee_item_id';
const EQUALS = {
  branchId: 't.branch_id',
  feeItemId: 't.fee_item_id',
  siteId: 't.for_site_id',
  state: 't.state',
} as const;

/** All SQL of tariffs. */
@Injectable()
export class TariffRepository {
  async find(tx: Tx, id: string): Promise<StoredTariff | null> {
    const [row] = await tx.query<StoredTariff>(`select ${COLUMNS} from ${FROM} where t.id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<StoredTariff | null> {
    const sql = `select ${COLUMNS} from ${FROM} where t.id = $1 for update of t`;
    const [row] = await tx.query<StoredTariff>(sql, [id]);
    return row ?? null;
  }

  /** What is published of the items and may hold within the days; a price that another one follows included. */
  async published(
    tx: Tx,
    feeItemIds: readonly string[],
    days: Readonly<{ from: string; to: string }>,
  ): Promise<(ListedTariff & { feeItemId: string })[]> {
    return tx.query(
      `select t.id, t.fee_item_id "feeItemId", t.valid_from::text "validFrom", t.valid_to::text "validTo", t.document,
         t.terms, t.for_site_id "siteId", t.use, t.area_from::text "areaFrom", t.area_below::text "areaBelow"
       from tariff t where t.fee_item_id = any($1) and t.state = 'published' and t.valid_from <= $3
         and coalesce(t.valid_to, 'infinity') >= $2::date order by t.id`,
      [feeItemIds, days.from, days.to],
    );
  }

  async add(tx: Tx, tariff: StoredTariff): Promise<void> {
    await tx.query(
      `insert into tariff (id, branch_id, fee_item_id, for_site_id, use, area_from, area_below, valid_from, valid_to, document,
         terms, state, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', 0)`,
      [
        tariff.id,
        tariff.branchId,
        tariff.feeItemId,
        tariff.siteId,
        tariff.use,
        tariff.areaFrom,
        tariff.areaBelow,
        tariff.validFrom,
        tariff.validTo,
        tariff.document,
        JSON.stringify(tariff.terms),
      ],
    );
  }

  /** Whether another published tariff has the same reach from the same day. */
  async rival(tx: Tx, tariff: StoredTariff): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from tariff where fee_item_id = $1 and state = 'published' and valid_from = $2
         and for_site_id is not distinct from $3 and use is not distinct from $4
         and area_from is not distinct from $5 and area_below is not distinct from $6`,
      [tariff.feeItemId, tariff.validFrom, tariff.siteId, tariff.use, tariff.areaFrom, tariff.areaBelow],
    );
    return rows.length > 0;
  }

  async setState(tx: Tx, { id, state, publishedAt, version }: StoredTariff): Promise<void> {
    await tx.query('update tariff set state = $2, published_at = $3, version = $4 where id = $1', [
      id,
      state,
      publishedAt,
      version,
    ]);
  }

  async list(tx: Tx, query: TariffsQuery): Promise<Page<StoredTariff>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.on !== undefined) {
      const on = `$${values.push(query.on)}::date`;
      where.push(`t.valid_from <= ${on} and coalesce(t.valid_to, 'infinity') >= ${on}`);
    }
    const page = keyset(
      query,
      { validFrom: { column: 't.valid_from', type: 'date' } },
      { id: 't.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<StoredTariff & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...tariff }) => tariff);
  }
}
