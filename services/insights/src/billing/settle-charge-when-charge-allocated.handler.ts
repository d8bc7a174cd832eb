import { Injectable } from '@nestjs/common';
import { ChargeAllocated, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService, takenBack } from './billing-fact.service.js';

@Injectable()
@Handles(ChargeAllocated, {
  repeat: 'a known fact is left as it is',
  late: 'the facts of a charge come in order; figures go by when it happened',
})
export class SettleChargeWhenChargeAllocated {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<ChargeAllocated>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ chargeId, accountId, ticketId, ...part }) => {
      const credited = part.paymentId === null;
      return {
        kind: credited ? 'credit' : 'settlement',
        recordId: part.paymentId ?? part.creditNoteId ?? chargeId,
        chargeId,
        accountId,
        ticketId,
        amount: credited ? takenBack(part.amount) : part.amount,
        statedOn: part.allocatedOn,
      };
    });
  }
}
