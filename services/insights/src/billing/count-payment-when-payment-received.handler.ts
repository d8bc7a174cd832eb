import { Injectable } from '@nestjs/common';
import { PaymentReceived, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService } from './billing-fact.service.js';

@Injectable()
@Handles(PaymentReceived, {
  repeat: 'a known fact is left as it is',
  late: 'each fact stands for itself; figures go by when it happened',
})
export class CountPaymentWhenPaymentReceived {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<PaymentReceived>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ paymentId, accountId, number, ...payment }) => ({
      kind: 'payment',
      recordId: paymentId,
      accountId,
      number,
      about: payment.method,
      amount: payment.amount,
      statedOn: payment.receivedOn,
    }));
  }
}
