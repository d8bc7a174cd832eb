import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import { credit, type AccountState } from '../account/account.rules.js';
import type { Charge } from '../charge/charge.js';
import { ChargeRepository } from '../charge/charge.repository.js';
import { Ledger, type NewEntry } from '../ledger/ledger.repository.js';
import { transfer, type Posting } from '../ledger/ledger.rules.js';
import { useCredit, type CreditShare } from './credit.rules.js';
import type { Payment } from './payment.js';
import { PaymentRepository } from './payment.repository.js';
import { SettlementService } from './settlement.service.js';

/** Prepayments: they pay for what becomes owed, and a credit note makes some of what was paid. */
@Injectable()
export class CreditService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly charges: ChargeRepository,
    private readonly settlements: SettlementService,
    private readonly ledger: Ledger,
  ) {}

  /**
   * BIL-08: what is left of payments on these accounts pays for what is open on them. Called wherever something becomes
   * owed, in the same transaction; the accounts are locked by the caller.
   */
  async use(tx: Tx, ctx: CallContext, accountIds: readonly string[]): Promise<void> {
    const credits = await this.payments.lockCredits(tx, accountIds);
    if (credits.length === 0) return;
    const byAccount = Map.groupBy(credits, (payment) => payment.accountId!);
    const open = await this.charges.lockOpenOf(tx, [...byAccount.keys()]);
    const debts = Map.groupBy(open, (charge) => charge.accountId);
    const shares = [...byAccount].flatMap(([accountId, list]) =>
      useCredit(list.map(toCredit), (debts.get(accountId) ?? []).map(toDebt)),
    );
    if (shares.length === 0) return;
    await this.settlements.settle(
      tx,
      ctx,
      shares.map((share) => ({ ...share, why: 'credit-used' as const })),
    );
    await this.ledger.post(tx, ctx, entriesOf(shares, credits));
  }

  /**
   * BIL-07: a credit note takes so much off a charge: gives the lines to book, after what was paid too much for it has
   * become credit again, the youngest payment first. The caller locks account and charge, books the lines and lowers
   * the charge afterwards. @throws DomainError `billing.credit-too-much`.
   */
  async release(
    tx: Tx,
    ctx: CallContext,
    charge: Charge,
    { amount, on, creditNoteId }: Readonly<{ amount: bigint; on: string; creditNoteId: string }>,
  ): Promise<readonly Posting[]> {
    const { allocations, entry } = credit(await this.stateOf(tx, charge), charge.id, amount);
    await this.settlements.settle(
      tx,
      ctx,
      allocations.map((part) => ({ ...part, settledOn: on, why: 'credited' as const })),
      creditNoteId,
    );
    return entry;
  }

  /** The account as far as one charge sees it: itself and the payments that pay for it. */
  private async stateOf(tx: Tx, charge: Charge): Promise<AccountState> {
    const allocations = await this.payments.paidFor(tx, 'charge_id', [charge.id]);
    const payments = await this.payments.lockAll(
      tx,
      allocations.map(({ paymentId }) => paymentId),
    );
    return {
      charges: [
        {
          ...toDebt(charge),
          feeItemCode: charge.feeItemCode,
          amount: charge.amountMinor - charge.creditedMinor,
        },
      ],
      payments: payments.map((payment) => ({
        paymentId: payment.id,
        method: payment.method,
        amount: payment.amountMinor - payment.returnedMinor,
        left: payment.leftMinor,
        received: payment.receivedAt.getTime(),
      })),
      allocations,
    };
  }
}

const toCredit = (payment: Payment) => ({
  paymentId: payment.id,
  receivedOn: payment.receivedOn,
  left: payment.leftMinor,
  currency: payment.currency,
});

/** A charge as allocation sees it. */
export const toDebt = (charge: Charge) => ({
  chargeId: charge.id,
  dueOn: charge.dueOn,
  raised: charge.raisedAt.getTime(),
  open: charge.openMinor,
  bookedOn: charge.bookedOn,
  currency: charge.currency,
});

/** One entry per payment and day: the prepayment settles what is owed. */
function entriesOf(shares: readonly CreditShare[], credits: readonly Payment[]): NewEntry[] {
  const payments = new Map(credits.map((payment) => [payment.id, payment]));
  const steps = Map.groupBy(shares, ({ paymentId, settledOn }) => `${paymentId} ${settledOn}`);
  return [...steps.values()].map((step) => {
    const payment = payments.get(step[0]!.paymentId)!;
    const sum = step.reduce((total, { amount }) => total + amount, 0n);
    return {
      branchId: payment.branchId,
      siteId: payment.siteId,
      accountId: payment.accountId,
      kind: 'allocation',
      sourceId: payment.id,
      bookedOn: step[0]!.settledOn,
      currency: payment.currency,
      postings: transfer('prepaid', 'receivable', sum),
    };
  });
}
