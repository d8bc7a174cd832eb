import { Injectable } from '@nestjs/common';
import type { CallContext, Tx } from '@steward/platform';
import { AccountRepository, type Account } from '../account/account.repository.js';
import { allocate } from '../account/allocation.rules.js';
import type { Charge } from '../charge/charge.js';
import { ChargeRepository } from '../charge/charge.repository.js';
import { Ledger, type NewEntry } from '../ledger/ledger.repository.js';
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

/** Money for an account: where it comes from in the books, on which local day, and what it shall pay first. */
export type Booking = Readonly<{
  payment: Payment;
  account: Account;
  from: LedgerAccount;
  on: string;
  wishes: Wishes;
}>;

type Planned = Booking & Readonly<{ parts: readonly AllocatedPart[] }>;

/** Books money on accounts: debts paid, ledger, receipts, facts (BIL-03, BIL-08, BIL-09), in a constant number of statements. */
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
  async keepUnmatched(tx: Tx, ctx: CallContext, payments: readonly Payment[]): Promise<void> {
    await this.ledger.post(tx, ctx, payments.map(unmatchedEntry));
  }

  /** Books payments one after the other: each pays what those before it left open. */
  async book(tx: Tx, ctx: CallContext, bookings: readonly Booking[]): Promise<void> {
    if (bookings.length === 0) return;
    const ids = [...new Set(bookings.map(({ account }) => account.id))];
    await this.accounts.lockAll(tx, ids);
    const open = await this.charges.lockOpenOf(tx, ids);
    const charges = new Map(open.map((charge) => [charge.id, charge]));
    const planned = plan(bookings, open);
    await this.repository.assignAll(
      tx,
      bookings.map(({ payment: { id }, account, on }) => ({
        id,
        accountId: account.id,
        siteId: account.siteId,
        on,
      })),
    );
    await this.settlements.settle(
      tx,
      ctx,
      planned.flatMap(({ parts }) => parts),
    );
    await this.ledger.post(tx, ctx, planned.flatMap(entriesOf));
    const numbers = await this.receipts.issueAll(
      tx,
      ctx,
      planned.map(({ payment, account, parts }) => ({
        payment,
        account,
        shares: parts.map(({ chargeId, amount }) => ({ amount, charge: charges.get(chargeId)! })),
      })),
    );
    await this.records.received(
      tx,
      ctx,
      planned.map(({ payment, account }, at) => ({ payment, account, number: numbers[at]! })),
    );
  }
}

/** What each payment pays for, in their order. */
function plan(bookings: readonly Booking[], open: readonly Charge[]): Planned[] {
  const left = new Map(open.map((charge) => [charge.id, charge.openMinor]));
  const ofAccounts = Map.groupBy(open, ({ accountId }) => accountId);
  return bookings.map((booking) => {
    const { payment, account, on, wishes } = booking;
    const debts = (ofAccounts.get(account.id) ?? [])
      .filter(({ id, currency }) => currency === payment.currency && left.get(id)! > 0n)
      .map((charge) => ({ ...toDebt(charge), open: left.get(charge.id)!, invoiceId: charge.invoiceId }));
    const days = new Map(debts.map(({ chargeId, bookedOn }) => [chargeId, bookedOn]));
    const { shares } = allocate(payment.leftMinor, debts, toldOf(wishes, debts, payment.leftMinor));
    for (const { chargeId, amount } of shares) left.set(chargeId, left.get(chargeId)! - amount);
    const parts = shares.map((share): AllocatedPart => ({
      ...share,
      paymentId: payment.id,
      settledOn: settledOn(on, days.get(share.chargeId)!),
      why: 'received',
    }));
    return { ...booking, parts };
  });
}

const entriesOf = ({ payment, account, from, on, parts }: Planned): NewEntry[] =>
  bookMoney(from, on, payment.leftMinor, parts).map((entry) => ({
    ...entry,
    branchId: payment.branchId,
    siteId: account.siteId ?? payment.siteId,
    accountId: account.id,
    sourceId: payment.id,
    currency: payment.currency,
  }));

const unmatchedEntry = (payment: Payment): NewEntry => ({
  branchId: payment.branchId,
  siteId: payment.siteId,
  accountId: null,
  kind: 'payment',
  sourceId: payment.id,
  bookedOn: payment.receivedOn,
  currency: payment.currency,
  postings: transfer(`money:${payment.method}`, 'unmatched', payment.leftMinor),
});
