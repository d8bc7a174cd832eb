import { Inject, Injectable } from '@nestjs/common';
import { ChargeAllocated, type EventEnvelope } from '@steward/contracts';
import type { Clock } from '@steward/kernel';
import { Handles, reactionContext } from '@steward/messaging';
import { CLOCK, type Tx } from '@steward/platform';
import { TicketPaymentService } from './ticket-payment.service.js';

@Injectable()
@Handles(ChargeAllocated, {
  repeat: 'what remains open is stated as a whole, so it is the same again',
  late: 'facts of a charge come in order',
})
export class MarkTicketPaidWhenChargeAllocated {
  constructor(
    private readonly payments: TicketPaymentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<ChargeAllocated>): Promise<void> {
    const ctx = reactionContext(tx, event, this.clock.now());
    await this.payments.allocate(tx, ctx, event.data);
  }
}
