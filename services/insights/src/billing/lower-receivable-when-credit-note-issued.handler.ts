import { Injectable } from '@nestjs/common';
import { CreditNoteIssued, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { BillingFactService, takenBack } from './billing-fact.service.js';

@Injectable()
@Handles(CreditNoteIssued, {
  repeat: 'a known fact is left as it is',
  late: 'each fact stands for itself; figures go by when it happened',
})
export class LowerReceivableWhenCreditNoteIssued {
  constructor(private readonly facts: BillingFactService) {}

  async handleMany(tx: Tx, events: readonly EventEnvelope<CreditNoteIssued>[]): Promise<void> {
    await this.facts.keep(tx, events, ({ creditNoteId, accountId, number, total, issuedOn }) => ({
      kind: 'credit-note',
      recordId: creditNoteId,
      accountId,
      number,
      amount: takenBack(total),
      statedOn: issuedOn,
    }));
  }
}
