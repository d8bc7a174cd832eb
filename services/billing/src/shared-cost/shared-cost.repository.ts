import { Injectable } from '@nestjs/common';
import { moneyToJson } from '@steward/kernel';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { ShareDto, SharedCostDto, SharedCostsQuery, SharesQuery } from './shared-cost.dto.js';

export type SharedCost = Omit<SharedCostDto, 'amount' | 'shares'> &
  Readonly<{ minor: bigint; currency: string; uses: readonly string[] }>;

export type StoredShareRow = Readonly<{ id: string; propertyUnitId: string; weight: string; minor: bigint }>;

type Row = Omit<SharedCostDto, 'amount'> & Readonly<{ minor: string; currency: string }>;

const COLUMNS = `c.id, c.branch_id "branchId", c.site_id "siteId", c.building_id "buildingId", c.fee_item_id "feeItemId",
  c.service_from::text "from", c.service_to::text "to", c.amount_minor::text minor, c.currency, c.rule, c.document,
  (select count(*)::int from shared_cost_share s where s.shared_cost_id = c.id) shares, c.entered_by "enteredBy",
  to_char(c.entered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') "enteredAt", c.version`;
const EQUALS = { branchId: 'c.branch_id', siteId: 'c.site_id', feeItemId: 'c.fee_item_id' } as const;

const toDto = ({ minor, currency, ...row }: Row): SharedCostDto => ({
  ...row,
  amount: moneyToJson({ minor: BigInt(minor), currency }),
});

/** All SQL of common costs. */
@Injectable()
export class SharedCostRepository {
  /** Active units of a site or building that an item is for, with their areas. */
  async units(
    tx: Tx,
    { siteId, buildingId, uses }: Pick<SharedCost, 'siteId' | 'buildingId' | 'uses'>,
  ): Promise<{ id: string; area: string | null }[]> {
    return tx.query(
      `select id, area::text area from property_unit where site_id = $1 and ($2::uuid is null or building_id = $2) and active
         and (cardinality($3::text[]) = 0 or use = any($3)) order by code, id`,
      [siteId, buildingId, uses],
    );
  }

  async add(tx: Tx, cost: SharedCost, shares: readonly StoredShareRow[]): Promise<void> {
    await tx.query(
      `insert into shared_cost (id, branch_id, site_id, building_id, fee_item_id, service_from, service_to, amount_minor,
         currency, rule, uses, document, entered_by, entered_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`,
      [
        cost.id,
        cost.branchId,
        cost.siteId,
        cost.buildingId,
        cost.feeItemId,
        cost.from,
        cost.to,
        String(cost.minor),
        cost.currency,
        cost.rule,
        cost.uses,
        cost.document,
        cost.enteredBy,
        cost.enteredAt,
      ],
    );
    await tx.query(
      `insert into shared_cost_share (id, shared_cost_id, property_unit_id, branch_id, site_id, weight, amount_minor)
       select id, $2, "propertyUnitId", $3, $4, weight, minor
       from jsonb_to_recordset($1::jsonb) r (id uuid, "propertyUnitId" uuid, weight numeric, minor bigint)`,
      [
        JSON.stringify(shares.map((share) => ({ ...share, minor: String(share.minor) }))),
        cost.id,
        cost.branchId,
        cost.siteId,
      ],
    );
  }

  async find(tx: Tx, id: string): Promise<SharedCostDto | null> {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from shared_cost c where c.id = $1`, [id]);
    return row ? toDto(row) : null;
  }

  async list(tx: Tx, query: SharedCostsQuery): Promise<Page<SharedCostDto>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    const page = keyset(
      query,
      { from: { column: 'c.service_from', type: 'date' } },
      { id: 'c.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Row & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from shared_cost c where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toDto(row));
  }

  async shares(tx: Tx, id: string, query: SharesQuery): Promise<Page<ShareDto>> {
    const page = keyset(
      query,
      { code: { column: 'u.code', type: 'text' } },
      { id: 's.id', firstParameter: 2 },
    );
    const rows = await tx.query<Omit<ShareDto, 'amount'> & { minor: string; currency: string } & KeyedRow>(
      `select s.id, s.property_unit_id "propertyUnitId", u.code, s.weight::text weight, s.amount_minor::text minor,
         c.currency, ${page.select}
       from shared_cost_share s join shared_cost c on c.id = s.shared_cost_id
         join property_unit u on u.id = s.property_unit_id
       where s.shared_cost_id = $1 and ${page.where} order by ${page.orderBy} limit ${page.limit}`,
      [id, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, minor, currency, ...row }) => ({
      ...row,
      amount: moneyToJson({ minor: BigInt(minor), currency }),
    }));
  }
}
