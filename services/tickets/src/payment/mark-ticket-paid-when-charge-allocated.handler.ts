import { Inject, Injectable } from '@nestjs/common';
import { ChargeAllocated, type EventEnvelope } from '@steward/contracts';
import { parseMoney, type Clock } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { TicketChargeRepository } from './ticket-charge.repository.js';
import { TicketPaymentService } from './ticket-payment.service.js';

@Injectable()
@Handles(ChargeAllocated, {
  repeat: 'what remains open is stated as a whole, so it is the same again',
  late: 'facts of a charge come in order',
})
export class MarkTicketPaidWhenChargeAllocated {
  constructor(
    private readonly payments: TicketPaymentService,
    private readonly charges: TicketChargeRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<ChargeAllocated>): Promise<void> {
    const { chargeId, open, ticketId, allocatedAt } = event.data;
    const ticket = await this.payments.ticket(tx, ticketId);
    if (!ticket) return;
    await this.charges.leave(tx, chargeId, parseMoney(open));
    const ctx = reactionContext(tx, event, this.clock.now());
    await this.payments.settle(tx, ctx, ticket, { id: chargeId, at: new Date(allocatedAt) });
  }
}
