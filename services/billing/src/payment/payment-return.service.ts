import { Injectable } from '@nestjs/common';
import { newId, parseMoney } from '@steward/kernel';
import { Commands, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository } from '../account/account.repository.js';
import { reverse } from '../account/account.rules.js';
import { BranchService } from '../branch/branch.service.js';
import { Ledger } from '../ledger/ledger.repository.js';
import { transfer, type Posting } from '../ledger/ledger.rules.js';
import { ReceiptService } from '../receipt/receipt.service.js';
import { CreditService } from './credit.service.js';
import type { PaymentDto, RefundPaymentBody, ReversePaymentBody } from './payment.dto.js';
import { currencyDiffers, paymentNotFound } from './payment.errors.js';
import type { Payment, PaymentReturn } from './payment.js';
import { PaymentQueryService } from './payment-query.service.js';
import { PaymentRecordService } from './payment-record.service.js';
import { PaymentRepository } from './payment.repository.js';
import { checkPayment, type PaymentAction } from './payment.rules.js';
import { standingOf } from './payment.service.js';
import { SettlementService } from './settlement.service.js';

/** Takes payments back, never by editing them: as a whole when one bounced or was a mistake, else what is left (BIL-08). */
@Injectable()
export class PaymentReturnService {
  constructor(
    private readonly repository: PaymentRepository,
    private readonly accounts: AccountRepository,
    private readonly branches: BranchService,
    private readonly settlements: SettlementService,
    private readonly credits: CreditService,
    private readonly ledger: Ledger,
    private readonly receipts: ReceiptService,
    private readonly records: PaymentRecordService,
    private readonly queries: PaymentQueryService,
    private readonly commands: Commands,
  ) {}

  /** A payment bounced or was a mistake: what it had paid for is owed again. */
  async reverse(ctx: CallContext, id: string, { why, reason }: ReversePaymentBody): Promise<PaymentDto> {
    return this.act(ctx, id, 'reverse', async (tx, payment) => {
      checkPayment(standingOf(payment), 'reverse');
      const given = await this.returnOf(ctx, payment, { why, amountMinor: payment.amountMinor, reason });
      const postings = await this.takeBack(tx, ctx, payment, given.returnedOn);
      await this.giveBack(tx, ctx, given, { state: 'reversed', kind: 'reversal', postings });
      if (payment.accountId === null) return;
      await this.receipts.void(tx, ctx, id);
      await this.credits.use(tx, ctx, [payment.accountId]);
    });
  }

  /** Money that no charge has taken goes back to the payer. */
  async refund(ctx: CallContext, id: string, { amount, reason }: RefundPaymentBody): Promise<PaymentDto> {
    const { minor: amountMinor, currency } = parseMoney(amount);
    return this.act(ctx, id, 'refund', async (tx, payment) => {
      if (currency !== payment.currency) throw currencyDiffers();
      checkPayment(standingOf(payment), 'refund', amountMinor);
      const given = await this.returnOf(ctx, payment, { why: 'refunded', amountMinor, reason });
      const from = payment.state === 'unmatched' ? 'unmatched' : 'prepaid';
      const gone = payment.state === 'unmatched' && amountMinor === payment.leftMinor;
      const state = gone ? 'reversed' : payment.state;
      const postings = transfer(from, `money:${payment.method}`, amountMinor);
      await this.giveBack(tx, ctx, given, { state, kind: 'refund', postings });
    });
  }

  private async act(
    ctx: CallContext,
    id: string,
    action: PaymentAction,
    work: (tx: Tx, payment: Payment) => Promise<void>,
  ): Promise<PaymentDto> {
    return this.commands.execute(ctx, async (tx) => {
      const seen = await this.repository.find(tx, id);
      if (seen?.accountId) await this.accounts.lock(tx, seen.accountId);
      const payment = seen && (await this.repository.lock(tx, id));
      if (!payment) throw paymentNotFound();
      this.queries.checkRole(ctx, payment, action);
      requireMatch(ctx, payment.version);
      await work(tx, payment);
      return this.queries.present(tx, ctx, id);
    });
  }

  /** Takes back what the payment paid for; gives the lines of the whole counter-entry. */
  private async takeBack(
    tx: Tx,
    ctx: CallContext,
    payment: Payment,
    on: string,
  ): Promise<readonly Posting[]> {
    const { id: paymentId, method, amountMinor: amount } = payment;
    if (payment.state === 'unmatched') return transfer('unmatched', `money:${method}`, payment.leftMinor);
    const allocations = await this.repository.paidFor(tx, 'payment_id', [paymentId]);
    const received = payment.receivedAt.getTime();
    const payments = [{ paymentId, method, amount, left: payment.leftMinor, received }];
    const effects = reverse({ charges: [], payments, allocations }, paymentId);
    const parts = effects.allocations.map((part) => ({ ...part, settledOn: on, why: 'reversed' as const }));
    await this.settlements.settle(tx, ctx, parts);
    return effects.entry;
  }

  private async returnOf(
    ctx: CallContext,
    payment: Payment,
    given: Pick<PaymentReturn, 'why' | 'amountMinor' | 'reason'>,
  ): Promise<PaymentReturn> {
    const returnedOn = await this.branches.dayOf(payment.branchId, ctx.now);
    return { ...given, id: newId(ctx.now.getTime()), payment, returnedOn, till: tillOf(payment) };
  }

  private async giveBack(
    tx: Tx,
    ctx: CallContext,
    given: PaymentReturn,
    { state, kind, postings }: Booked,
  ): Promise<void> {
    const { payment, returnedOn: bookedOn, why, reason } = given;
    const { id: sourceId, branchId, siteId, accountId, currency } = payment;
    await this.repository.giveBack(tx, ctx, given, state);
    const entry = { branchId, siteId, accountId, kind, sourceId, bookedOn, currency };
    await this.ledger.post(tx, ctx, [{ ...entry, postings: outOf(payment, postings) }]);
    await this.records.returned(tx, ctx, given);
    await this.records.trail(tx, ctx, payment, {
      action: kind === 'refund' ? 'refund' : 'reverse',
      reason,
      changes: [
        { field: 'why', from: null, to: why },
        { field: 'returnedMinor', from: String(payment.returnedMinor), to: String(given.amountMinor) },
        { field: 'state', from: payment.state, to: state },
      ],
    });
  }
}

/** Cash comes out of the drawer in which it lies. */
const tillOf = ({ handoverId, till }: Payment): string | null => (handoverId === null ? till : null);

/** Cash that was handed over comes out of the safe. */
const outOf = ({ method, handoverId }: Payment, postings: readonly Posting[]): readonly Posting[] =>
  method === 'cash' && handoverId !== null
    ? postings.map((line) => (line.account === 'money:cash' ? { ...line, account: 'safe' } : line))
    : postings;

/** What becomes of the payment, and how it is booked. */
type Booked = Readonly<{
  state: Payment['state'];
  kind: 'reversal' | 'refund';
  postings: readonly Posting[];
}>;
