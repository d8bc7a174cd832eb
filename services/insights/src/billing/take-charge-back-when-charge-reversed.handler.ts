import { Injectable } from '@nestjs/common';
import { ChargeReversed, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService, takenBack } from './billing-fact.service.js';

@Injectable()
@Handles(ChargeReversed, {
  repeat: 'a known fact is left as it is',
  late: 'the facts of a charge come in order; figures go by when it happened',
})
export class TakeChargeBackWhenChargeReversed {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<ChargeReversed>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ chargeId, accountId, ticketId, ...charge }) => ({
      kind: 'charge-reversal',
      recordId: chargeId,
      chargeId,
      accountId,
      ticketId,
      amount: takenBack(charge.amount),
      statedOn: charge.reversedOn,
    }));
  }
}
