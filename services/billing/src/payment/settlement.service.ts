import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import { ChargeRepository } from '../charge/charge.repository.js';
import type { AllocatedPart } from './payment.js';
import { PaymentRepository } from './payment.repository.js';

/** Keeps what pays for what: allocation, what is left of the payment and what is open of the charge, together. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly charges: ChargeRepository,
  ) {}

  /** Books nothing in the ledger. The accounts are locked; `creditNoteId` names what took parts back, if a note did. */
  async settle(
    tx: Tx,
    ctx: CallContext,
    parts: readonly AllocatedPart[],
    creditNoteId?: string,
  ): Promise<void> {
    await this.payments.allocate(tx, ctx, parts);
    const note = creditNoteId === undefined ? {} : { creditNoteId };
    await this.charges.settleEach(
      tx,
      ctx,
      parts.map(({ chargeId, amount, paymentId, settledOn: on }) => ({
        chargeId,
        amountMinor: amount,
        by: { on, paymentId, ...note },
      })),
    );
  }
}
