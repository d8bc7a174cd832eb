import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** The small copy of customers: which branch sees whom, and who was found to be whom. */
@Injectable()
export class CustomerService {
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

  async isSeen(tx: Tx, branchId: string, customerId: string): Promise<boolean> {
    const rows = await tx.query('select 1 from seen_customer where branch_id = $1 and customer_id = $2', [
      branchId,
      customerId,
    ]);
    return rows.length > 0;
  }

  /** What was entered under the merged customer is shown under the survivor. */
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
}
