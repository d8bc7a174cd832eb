import { Injectable } from '@nestjs/common';
import type { Money } from '@steward/kernel';
import type { Tx } from '@steward/platform';

/** A charge of a ticket as billing states it. */
export type TicketCharge = Readonly<{
  chargeId: string;
  branchId: string;
  siteId: string | null;
  ticketId: string;
  amount: Money;
  open: Money;
  dueOn: string | null;
}>;

type Row = Omit<TicketCharge, 'amount' | 'open'> & { amount: string; open: string; currency: string };

/** All SQL of the copy of charges. */
@Injectable()
export class TicketChargeRepository {
  async of(tx: Tx, ticketId: string): Promise<TicketCharge[]> {
    const rows = await tx.query<Row>(
      `select charge_id "chargeId", branch_id "branchId", site_id "siteId", ticket_id "ticketId", amount_minor amount,
         open_minor open, currency, due_on::text "dueOn"
       from ticket_charge where ticket_id = $1 order by charge_id`,
      [ticketId],
    );
    return rows.map(({ amount, open, currency, ...row }) => ({
      ...row,
      amount: { minor: BigInt(amount), currency },
      open: { minor: BigInt(open), currency },
    }));
  }

  async add(tx: Tx, charge: TicketCharge): Promise<void> {
    await tx.query(
      `insert into ticket_charge (charge_id, branch_id, site_id, ticket_id, amount_minor, open_minor, currency, due_on)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (charge_id) do nothing`,
      [
        ...[charge.chargeId, charge.branchId, charge.siteId, charge.ticketId],
        ...[String(charge.amount.minor), String(charge.open.minor), charge.amount.currency, charge.dueOn],
      ],
    );
  }

  /** What remains to pay of a charge. */
  async leave(tx: Tx, chargeId: string, open: Money): Promise<void> {
    await tx.query('update ticket_charge set open_minor = $2 where charge_id = $1', [
      chargeId,
      String(open.minor),
    ]);
  }
}
