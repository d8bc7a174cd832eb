import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** A property unit as the premises service states it. */
export type KnownPropertyUnit = Readonly<{
  branchId: string;
  propertyUnitId: string;
  siteId: string;
  code: string;
  active: boolean;
}>;

/** What a ticket may say of whom and where it is about. */
export type Whereabouts = Readonly<{
  branchId: string;
  siteId: string | null;
  customerId: string | null;
  propertyUnitId: string | null;
}>;

/** The small copies of customers and property units: which branch has whom and what. */
@Injectable()
export class PlaceRepository {
  async see(tx: Tx, branchId: string, customerId: string): Promise<void> {
    await tx.query(
      'insert into seen_customer (branch_id, customer_id) values ($1, $2) on conflict do nothing',
      [branchId, customerId],
    );
  }

  async lose(tx: Tx, branchId: string, customerId: string): Promise<void> {
    await tx.query('delete from seen_customer where branch_id = $1 and customer_id = $2', [
      branchId,
      customerId,
    ]);
  }

  /** What was registered for the merged customer is found under the survivor. */
  async merge(tx: Tx, customerId: string, intoCustomerId: string): Promise<void> {
    await tx.query(
      `insert into merged_customer (customer_id, into_customer_id) values ($1, $2)
       on conflict (customer_id) do update set into_customer_id = excluded.into_customer_id`,
      [customerId, intoCustomerId],
    );
  }

  async separate(tx: Tx, customerId: string): Promise<void> {
    await tx.query('delete from merged_customer where customer_id = $1', [customerId]);
  }

  async keepUnit(tx: Tx, unit: KnownPropertyUnit): Promise<void> {
    await tx.query(
      `insert into known_property_unit (branch_id, property_unit_id, site_id, code, active)
       values ($1, $2, $3, $4, $5) on conflict (branch_id, property_unit_id)
       do update set site_id = excluded.site_id, code = excluded.code, active = excluded.active`,
      [unit.branchId, unit.propertyUnitId, unit.siteId, unit.code, unit.active],
    );
  }

  /** Whether the branch has the customer, and the branch or site the unit; what is not named is fine. */
  async known(tx: Tx, place: Whereabouts): Promise<{ customer: boolean; unit: boolean }> {
    const [row] = await tx.query<{ customer: boolean; unit: boolean }>(
      `select $2::uuid is null or exists (select from seen_customer where branch_id = $1 and customer_id = $2) as customer,
         $3::uuid is null or exists (
           select from known_property_unit where branch_id = $1 and property_unit_id = $3 and active
             and ($4::uuid is null or site_id = $4)) as unit`,
      [place.branchId, place.customerId, place.propertyUnitId, place.siteId],
    );
    return row!;
  }
}
