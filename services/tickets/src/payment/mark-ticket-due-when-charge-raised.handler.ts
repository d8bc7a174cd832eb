import { Inject, Injectable } from '@nestjs/common';
import { ChargeRaised, type EventEnvelope } from '@steward/contracts';
import type { Clock } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { TicketPaymentService } from './ticket-payment.service.js';

@Injectable()
@Handles(ChargeRaised, {
  repeat: 'a known charge is left as it is',
  late: 'facts of a charge come in order, and its ticket was here first',
})
export class MarkTicketDueWhenChargeRaised {
  constructor(
    private readonly payments: TicketPaymentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<ChargeRaised>): Promise<void> {
    const ctx = reactionContext(tx, event, this.clock.now());
    await this.payments.raise(tx, ctx, event.data, event.time);
  }
}
