import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';

/** What a customer owes and has paid, for one unit or without one. */
export type Account = Readonly<{
  id: string;
  branchId: string;
  siteId: string | null;
  customerId: string;
  propertyUnitId: string | null;
  payerId: string;
  openedOn: string;
  version: number;
}>;

/** Which account is wanted. */
export type AccountOf = Readonly<{
  branchId: string;
  siteId: string | null;
  customerId: string;
  propertyUnitId: string | null;
}>;

export const ACCOUNT_COLUMNS = `id, branch_id "branchId", site_id "siteId", customer_id "customerId",
  property_unit_id "propertyUnitId", payer_id "payerId", opened_on::text "openedOn", version`;

const WANTED = `jsonb_to_recordset($1::jsonb) r (id uuid, "branchId" uuid, "siteId" uuid, "customerId" uuid,
  "propertyUnitId" uuid, "openedOn" date)`;

/** All SQL of billing accounts. */
@Injectable()
export class AccountRepository {
  async find(tx: Tx, id: string): Promise<Account | null> {
    const [row] = await tx.query<Account>(`select ${ACCOUNT_COLUMNS} from billing_account where id = $1`, [
      id,
    ]);
    return row ?? null;
  }

  async byIds(tx: Tx, ids: readonly string[]): Promise<Account[]> {
    if (ids.length === 0) return [];
    return tx.query<Account>(`select ${ACCOUNT_COLUMNS} from billing_account where id = any ($1)`, [ids]);
  }

  /** Locks an account: what is owed on it and paid for it changes under this lock only, one change after the other. */
  async lock(tx: Tx, id: string): Promise<Account | null> {
    const sql = `select ${ACCOUNT_COLUMNS} from billing_account where id = $1 for no key update`;
    const [row] = await tx.query<Account>(sql, [id]);
    return row ?? null;
  }

  /** Locks several accounts in the order of their ids, so that two who want the same ones never wait for each other. */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<Account[]> {
    return tx.query<Account>(
      `select ${ACCOUNT_COLUMNS} from billing_account where id = any ($1) order by id for no key update`,
      [ids],
    );
  }

  async setPayer(tx: Tx, id: string, payerId: string): Promise<void> {
    await tx.query('update billing_account set payer_id = $2, version = version + 1 where id = $1', [
      id,
      payerId,
    ]);
  }

  /** Makes the accounts that are missing; gives the new ones. */
  async addMissing(
    tx: Tx,
    ctx: CallContext,
    wanted: readonly AccountOf[],
    openedOn: string,
  ): Promise<Account[]> {
    const rows = wanted.map((one) => ({ ...one, id: newId(ctx.now.getTime()), openedOn }));
    return tx.query<Account>(
      `insert into billing_account (id, branch_id, site_id, customer_id, property_unit_id, payer_id, opened_on, version)
       select id, "branchId", "siteId", "customerId", "propertyUnitId", "customerId", "openedOn", 1 from ${WANTED}
       order by "customerId", "propertyUnitId" on conflict do nothing returning ${ACCOUNT_COLUMNS}`,
      [JSON.stringify(rows)],
    );
  }

  async findAll(tx: Tx, wanted: readonly AccountOf[]): Promise<Account[]> {
    return tx.query<Account>(
      `select ${ACCOUNT_COLUMNS} from billing_account where (branch_id, customer_id) in
         (select "branchId", "customerId" from ${WANTED})
       and exists (select from ${WANTED} where r."customerId" = customer_id
         and r."propertyUnitId" is not distinct from property_unit_id)`,
      [JSON.stringify(wanted)],
    );
  }
}
