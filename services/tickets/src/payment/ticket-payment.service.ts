import { Injectable } from '@nestjs/common';
import { TicketAmended, TicketPaid } from '@steward/contracts';
import type { CallContext, Tx } from '@steward/platform';
import { TicketActionService } from '../ticket/ticket-action.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { TicketRepository } from '../ticket/ticket.repository.js';
import { paymentOf } from './payment.rules.js';
import { TicketChargeRepository } from './ticket-charge.repository.js';

/** Keeps what the ticket shows of its payment in step with what billing says of its charges. */
@Injectable()
export class TicketPaymentService {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly charges: TicketChargeRepository,
    private readonly actions: TicketActionService,
  ) {}

  /** The ticket of a charge, locked; null when no ticket here has this id. */
  async ticket(tx: Tx, id: string | null): Promise<Ticket | null> {
    return id === null ? null : this.tickets.lock(tx, id);
  }

  /** Paid is a fact of its own; everything else is a correction of what the ticket shows. */
  async settle(tx: Tx, ctx: CallContext, ticket: Ticket, charge: { id: string; at: Date }): Promise<void> {
    const payment = paymentOf(await this.charges.of(tx, ticket.id));
    if (payment === ticket.payment) return;
    const fact =
      payment === 'paid'
        ? { definition: TicketPaid, data: { chargeId: charge.id, paidAt: charge.at.toISOString() } }
        : { definition: TicketAmended, data: { fields: ['payment'] } };
    await this.actions.store(tx, ctx, ticket, 'payment', { ...fact, patch: { payment }, at: charge.at });
  }
}
