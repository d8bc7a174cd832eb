import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { FeeItem } from '../fee-item/fee-item.repository.js';
import type { Interval } from '../tariff/tariff.rules.js';
import type { Subject } from './assessment.js';
import type { MeterOf, Register } from './metered.rules.js';
import type { FixedShare, SharingRule } from '../shared-cost/shared-cost.rules.js';

/** A subject with the place at which the next part of a run goes on. */
export type Placed = Subject & Readonly<{ position: string }>;

type Part = Readonly<{ branchId: string; after: string | null; limit: number }>;
type StoredShare = Placed &
  Interval & {
    minor: string;
    currency: string;
    cost: string;
    weight: string;
    rule: SharingRule;
    document: string;
  };

const UNIT = `u.id "propertyUnitId", u.site_id "siteId", u.use, u.area::text area`;
const FITS = `u.active and (cardinality($4::text[]) = 0 or u.use = any($4))`;

/** What runs look through, part by part in the order of ids. */
@Injectable()
export class SubjectRepository {
  /** Units of the branch that an item is for. */
  async units(tx: Tx, { branchId, after, limit }: Part, { uses }: FeeItem): Promise<Placed[]> {
    return tx.query<Placed>(
      `select ${UNIT}, null "meterId", u.id "position" from property_unit u
       where u.branch_id = $1 and ($2::uuid is null or u.id > $2) and ${FITS} order by u.id limit $3`,
      [branchId, after, limit, uses],
    );
  }

  /** Meters of units that an item is for, in place within the days; those with a series, or those without. */
  async meters(
    tx: Tx,
    { branchId, after, limit }: Part,
    { uses, medium, kind }: FeeItem,
    { from, to }: Interval,
  ): Promise<(Placed & MeterOf)[]> {
    return tx.query<Placed & MeterOf>(
      `select ${UNIT}, m.id "meterId", m.id "position", m.digits, m.multiplier::text multiplier,
         m.installed_on::text "installedOn", m.removed_on::text "removedOn"
       from meter m join property_unit u on u.id = m.property_unit_id
       where m.branch_id = $1 and ($2::uuid is null or m.id > $2) and ${FITS} and m.medium = $5
         and m.installed_on <= $7 and coalesce(m.removed_on, 'infinity') >= $6::date
         and exists (select from interval_reading i where i.meter_id = m.id) = $8
       order by m.id limit $3`,
      [branchId, after, limit, uses, medium, from, to, kind === 'interval'],
    );
  }

  /** Shares of common costs of an item whose first day lies within the days. */
  async shares(tx: Tx, { branchId, after, limit }: Part, item: FeeItem, { from, to }: Interval) {
    const rows = await tx.query<StoredShare>(
      `select ${UNIT}, null "meterId", s.id "position", c.service_from::text "from", c.service_to::text "to",
         s.amount_minor::text minor, c.currency, c.amount_minor::text cost, s.weight::text weight, c.rule, c.document
       from shared_cost_share s join shared_cost c on c.id = s.shared_cost_id
         join property_unit u on u.id = s.property_unit_id
       where s.branch_id = $1 and ($2::uuid is null or s.id > $2) and c.fee_item_id = $4
         and c.service_from between $5 and $6 order by s.id limit $3`,
      [branchId, after, limit, item.id, from, to],
    );
    return rows.map(({ minor, cost, currency, ...row }): Placed & FixedShare => ({
      ...row,
      amount: { minor: BigInt(minor), currency },
      cost: { minor: BigInt(cost), currency },
    }));
  }

  /** Days of the item that are charged already, from a day on, by `chargedKey`. */
  async charged(
    tx: Tx,
    subjects: readonly Subject[],
    code: string,
    from: string,
  ): Promise<Map<string, Interval[]>> {
    const rows = await tx.query<Interval & Pick<Subject, 'propertyUnitId' | 'meterId'>>(
      `select property_unit_id "propertyUnitId", meter_id "meterId", service_from::text "from", service_to::text "to"
       from charge where property_unit_id = any($1) and fee_item_code = $2 and service_to >= $3 and reversed_on is null
         and kind <> 'ticket' and reference is null`,
      [[...new Set(subjects.map(({ propertyUnitId }) => propertyUnitId))], code, from],
    );
    return Map.groupBy(rows, chargedKey);
  }

  /** Readings of meters that may bill within the days: from some before them on, up to the day after. */
  async registers(
    tx: Tx,
    meterIds: readonly string[],
    { from, to }: Interval,
    before: number,
  ): Promise<Map<string, Register[]>> {
    const columns = `meter_id "meterId", day::text, value::text, kind, estimated, state`;
    const rows = await tx.query<Register & { meterId: string }>(
      `select ${columns} from reading where meter_id = any($1) and state <> 'voided' and day > $2 and day <= $3::date + 1
       union all
       select r.* from unnest($1::uuid[]) m (id) cross join lateral (
         select ${columns} from reading where meter_id = m.id and state <> 'voided' and day <= $2
         order by reading.day desc limit $4) r
       order by "meterId", day`,
      [meterIds, from, to, before],
    );
    return Map.groupBy(rows, ({ meterId }) => meterId);
  }
}

export const chargedKey = ({
  propertyUnitId,
  meterId,
}: Pick<Subject, 'propertyUnitId' | 'meterId'>): string => `${propertyUnitId}/${meterId ?? ''}`;
