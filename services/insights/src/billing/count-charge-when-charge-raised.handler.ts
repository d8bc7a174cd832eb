import { Injectable } from '@nestjs/common';
import { ChargeRaised, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService } from './billing-fact.service.js';

@Injectable()
@Handles(ChargeRaised, {
  repeat: 'a known fact is left as it is',
  late: 'the facts of a charge come in order; figures go by when it happened',
})
export class CountChargeWhenChargeRaised {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<ChargeRaised>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ chargeId, feeItemCode, serviceTo, ...charge }) => ({
      kind: 'charge',
      recordId: chargeId,
      chargeId,
      accountId: charge.accountId,
      siteId: charge.siteId,
      ticketId: charge.ticketId,
      about: feeItemCode,
      amount: charge.amount,
      dueOn: charge.dueOn,
      statedOn: serviceTo,
    }));
  }
}
