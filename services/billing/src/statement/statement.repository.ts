import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { Movement, Opening } from './statement.rules.js';

/** What the customer owes: debts less what was paid ahead. */
const OWED = `p.ledger_account in ('receivable', 'prepaid')`;

/** What stands beside a statement for people. */
export type Names = Readonly<{
  customer: string | null;
  propertyUnit: string | null;
  feeItems: Readonly<Record<string, string>>;
}>;

/** Reads the movements of an account out of the ledger. */
@Injectable()
export class StatementRepository {
  async openings(tx: Tx, accountId: string, from: string): Promise<Opening[]> {
    return tx.query<Opening>(
      `select currency, sum(amount_minor)::text minor from posting p
       where account_id = $1 and ${OWED} and booked_on < $2 group by currency`,
      [accountId, from],
    );
  }

  /** Entries that changed what is owed, in their order; what only moved credit to a debt is none. */
  async movements(
    tx: Tx,
    accountId: string,
    { from, to }: Readonly<{ from: string; to: string }>,
    limit: number,
  ): Promise<Movement[]> {
    return tx.query<Movement>(
      `with moved as (
         select entry_id, currency, sum(amount_minor) minor from posting p
         where account_id = $1 and ${OWED} and booked_on between $2 and $3
         group by entry_id, currency having sum(amount_minor) <> 0)
       select e.booked_on::text "on", e.kind, moved.currency, moved.minor::text minor,
         c.fee_item_code "feeItemCode", c.service_from::text "serviceFrom", c.service_to::text "serviceTo",
         coalesce(i.number, n.number, r.number) number
       from moved join journal_entry e on e.id = moved.entry_id
         left join charge c on c.id = e.source_id
         left join invoice i on i.id = c.invoice_id
         left join credit_note n on n.id = e.source_id
         left join receipt r on r.payment_id = e.source_id and e.kind = 'payment'
       order by e.booked_on, e.recorded_at, e.id limit $4`,
      [accountId, from, to, limit],
    );
  }

  async names(
    tx: Tx,
    of: Readonly<{ branchId: string; customerId: string; propertyUnitId: string | null }>,
  ): Promise<Names> {
    const [row] = await tx.query<Names>(
      `select (select name from customer_name where customer_id = $2 and branch_id = $1) customer,
         (select code from property_unit where id = $3) "propertyUnit",
         (select coalesce(jsonb_object_agg(code, name), '{}') from fee_item where branch_id = $1) "feeItems"`,
      [of.branchId, of.customerId, of.propertyUnitId],
    );
    return row!;
  }
}
