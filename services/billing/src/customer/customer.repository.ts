import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** The small copy of customers: which branch sees whom by which name, and who was found to be whom. */
@Injectable()
export class CustomerRepository {
  /** What is owed under the merged customer counts for the survivor. */
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

  /** The name for the branches that see the customer; null: it was erased (ORG-04). */
  async keepName(
    tx: Tx,
    customerId: string,
    state: Readonly<{ name: string; branchIds: readonly string[] }> | null,
  ): Promise<void> {
    const branchIds = state?.branchIds ?? [];
    await tx.query('delete from customer_name where customer_id = $1 and branch_id <> all ($2)', [
      customerId,
      branchIds,
    ]);
    await tx.query(
      `insert into customer_name (customer_id, branch_id, name) select $1, unnest($2::uuid[]), $3
       on conflict (branch_id, customer_id) do update set name = excluded.name`,
      [customerId, branchIds, state?.name ?? ''],
    );
  }

  /** Those of the customers whom the branch sees. */
  async seenIn(tx: Tx, branchId: string, customerIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(
      'select customer_id id from customer_name where branch_id = $1 and customer_id = any ($2)',
      [branchId, customerIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Everybody who is the same person or company as this customer, itself among them: merges may follow each other. */
  async sameAs(tx: Tx, customerId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `with recursive up as (
         select $1::uuid id union select m.into_customer_id from merged_customer m join up on m.customer_id = up.id
       ), down as (
         select id from up union select m.customer_id from merged_customer m join down on m.into_customer_id = down.id
       ) select id from down`,
      [customerId],
    );
    return rows.map(({ id }) => id);
  }
}
