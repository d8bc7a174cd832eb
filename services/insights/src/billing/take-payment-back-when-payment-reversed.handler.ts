import { Injectable } from '@nestjs/common';
import { PaymentReversed, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService, takenBack } from './billing-fact.service.js';

@Injectable()
@Handles(PaymentReversed, {
  repeat: 'a known fact is left as it is',
  late: 'each fact stands for itself; figures go by when it happened',
})
export class TakePaymentBackWhenPaymentReversed {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<PaymentReversed>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ paymentId, accountId, ...payment }) => ({
      kind: 'payment-reversal',
      recordId: paymentId,
      accountId,
      about: payment.why,
      amount: takenBack(payment.amount),
      statedOn: payment.reversedOn,
    }));
  }
}
