import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import { ChargeRepository } from '../charge/charge.repository.js';
import type { SettledBy } from '../charge/charge.js';
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
    const steps = Map.groupBy(parts, ({ paymentId, settledOn }) => `${paymentId} ${settledOn}`);
    for (const step of steps.values()) {
      const { paymentId, settledOn: on } = step[0]!;
      const by: SettledBy = { on, paymentId, ...(creditNoteId === undefined ? {} : { creditNoteId }) };
      const settled = step.map(({ chargeId, amount }) => ({ chargeId, amountMinor: amount }));
      await this.charges.settle(tx, ctx, settled, by);
    }
  }
}
