import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import { AccountRepository, type Account } from '../account/account.repository.js';
import { allocate } from '../account/allocation.rules.js';
import { ChargeRepository } from '../charge/charge.repository.js';
import { Ledger } from '../ledger/ledger.repository.js';
import { transfer, type LedgerAccount } from '../ledger/ledger.rules.js';
import { ReceiptService } from '../receipt/receipt.service.js';
import { bookMoney } from './booking.rules.js';
import { toDebt } from './credit.service.js';
import type { AllocatedPart, Payment } from './payment.js';
import { PaymentRecordService } from './payment-record.service.js';
import { PaymentRepository } from './payment.repository.js';
import { settledOn } from './payment.rules.js';
import { SettlementService } from './settlement.service.js';
import { toldOf, type Wishes } from './wishes.rules.js';

/** Where the money comes from in the books, and on which local day. */
type Source = Readonly<{ from: LedgerAccount; on: string; wishes: Wishes }>;

/** Books money on an account: debts paid, ledger, receipt, fact (BIL-03, BIL-08, BIL-09). */
@Injectable()
export class PaymentBookingService {
  constructor(
    private readonly repository: PaymentRepository,
    private readonly accounts: AccountRepository,
    private readonly charges: ChargeRepository,
    private readonly settlements: SettlementService,
    private readonly ledger: Ledger,
    private readonly receipts: ReceiptService,
    private readonly records: PaymentRecordService,
  ) {}

  /** Money whose owner is unknown is booked as such, without a receipt. */
  async keepUnmatched(tx: Tx, ctx: CallContext, payment: Payment): Promise<void> {
    const { branchId, siteId, id: sourceId, currency, receivedOn: bookedOn } = payment;
    const postings = transfer(`money:${payment.method}`, 'unmatched', payment.leftMinor);
    const kind = 'payment';
    await this.ledger.post(tx, ctx, [
      { branchId, siteId, accountId: null, kind, sourceId, bookedOn, currency, postings },
    ]);
  }

  async book(tx: Tx, ctx: CallContext, payment: Payment, account: Account, source: Source): Promise<void> {
    const { from, on, wishes } = source;
    await this.accounts.lock(tx, account.id);
    const open = await this.charges.lockOpen(tx, account.id);
    const payable = open.filter(({ currency }) => currency === payment.currency);
    const debts = payable.map((charge) => ({ ...toDebt(charge), invoiceId: charge.invoiceId }));
    const { shares } = allocate(payment.leftMinor, debts, toldOf(wishes, debts, payment.leftMinor));
    const days = new Map(debts.map(({ chargeId, bookedOn }) => [chargeId, bookedOn]));
    const parts = shares.map((share): AllocatedPart => ({
      ...share,
      paymentId: payment.id,
      settledOn: settledOn(on, days.get(share.chargeId)!),
      why: 'received',
    }));
    await this.repository.assign(tx, payment.id, account, on);
    await this.settlements.settle(tx, ctx, parts);
    await this.post(tx, ctx, payment, account, bookMoney(from, on, payment.leftMinor, parts));
    const number = await this.receipts.issue(tx, ctx, {
      payment,
      account,
      shares: parts.map(({ chargeId, amount }) => ({
        amount,
        charge: payable.find(({ id }) => id === chargeId)!,
      })),
    });
    await this.records.received(tx, ctx, payment, account, number);
  }

  private async post(
    tx: Tx,
    ctx: CallContext,
    payment: Payment,
    account: Account,
    entries: ReturnType<typeof bookMoney>,
  ): Promise<void> {
    await this.ledger.post(
      tx,
      ctx,
      entries.map((entry) => ({
        ...entry,
        branchId: payment.branchId,
        siteId: account.siteId ?? payment.siteId,
        accountId: account.id,
        sourceId: payment.id,
        currency: payment.currency,
      })),
    );
  }
}
