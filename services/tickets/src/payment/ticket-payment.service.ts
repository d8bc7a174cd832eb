import { Injectable } from '@nestjs/common';
import { TicketAmended, TicketPaid, type ChargeAllocated, type ChargeRaised } from '@steward/contracts';
import { parseMoney } from '@steward/kernel';
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

  /** A charge was raised: what it is about is due. A charge of no ticket here is nobody's matter. */
  async raise(tx: Tx, ctx: CallContext, data: ChargeRaised, at: Date): Promise<void> {
    const ticket = await this.ticket(tx, data.ticketId);
    if (!ticket) return;
    const { chargeId, dueOn } = data;
    const amount = parseMoney(data.amount);
    const { id: ticketId, branchId, siteId } = ticket;
    await this.charges.add(tx, { chargeId, branchId, siteId, ticketId, amount, open: amount, dueOn });
    await this.settle(tx, ctx, ticket, { id: chargeId, at });
  }

  /** Part of a charge was settled, or taken back: what remains is stated as a whole. */
  async allocate(tx: Tx, ctx: CallContext, data: ChargeAllocated): Promise<void> {
    const ticket = await this.ticket(tx, data.ticketId);
    if (!ticket) return;
    await this.charges.leave(tx, data.chargeId, parseMoney(data.open));
    await this.settle(tx, ctx, ticket, { id: data.chargeId, at: new Date(data.allocatedAt) });
  }

  private async ticket(tx: Tx, id: string | null): Promise<Ticket | null> {
    return id === null ? null : this.tickets.lock(tx, id);
  }

  /** Paid is a fact of its own; everything else is a correction of what the ticket shows. */
  private async settle(
    tx: Tx,
    ctx: CallContext,
    ticket: Ticket,
    charge: { id: string; at: Date },
  ): Promise<void> {
    const payment = paymentOf(await this.charges.of(tx, ticket.id));
    if (payment === ticket.payment) return;
    const fact =
      payment === 'paid'
        ? { definition: TicketPaid, data: { chargeId: charge.id, paidAt: charge.at.toISOString() } }
        : { definition: TicketAmended, data: { fields: ['payment'] } };
    await this.actions.store(tx, ctx, ticket, 'payment', { ...fact, patch: { payment }, at: charge.at });
  }
}
