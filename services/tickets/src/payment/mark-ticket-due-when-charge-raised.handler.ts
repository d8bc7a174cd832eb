import { Inject, Injectable } from '@nestjs/common';
import { ChargeRaised, type EventEnvelope } from '@steward/contracts';
import { parseMoney, type Clock } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { TicketChargeRepository } from './ticket-charge.repository.js';
import { TicketPaymentService } from './ticket-payment.service.js';

@Injectable()
@Handles(ChargeRaised, {
  repeat: 'a known charge is left as it is',
  late: 'facts of a charge come in order, and its ticket was here first',
})
export class MarkTicketDueWhenChargeRaised {
  constructor(
    private readonly payments: TicketPaymentService,
    private readonly charges: TicketChargeRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<ChargeRaised>): Promise<void> {
    const { chargeId, dueOn, amount: json, ticketId } = event.data;
    const ticket = await this.payments.ticket(tx, ticketId);
    if (!ticket) return;
    const amount = parseMoney(json);
    const { id, branchId, siteId } = ticket;
    await this.charges.add(tx, { chargeId, branchId, siteId, ticketId: id, amount, open: amount, dueOn });
    const ctx = reactionContext(tx, event, this.clock.now());
    await this.payments.settle(tx, ctx, ticket, { id: chargeId, at: event.time });
  }
}
