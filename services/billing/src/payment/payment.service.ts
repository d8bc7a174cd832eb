import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId, parseMoney, toLocalDate } from '@steward/kernel';
import { Commands, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository, type Account } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import type { AssignPaymentBody, PaymentDto, ReceivePaymentBody } from './payment.dto.js';
import {
  accountUnknown,
  cashByMachine,
  paymentNotFound,
  providerIncomplete,
  receivedInFuture,
} from './payment.errors.js';
import type { Payment } from './payment.js';
import { PaymentBookingService } from './payment-booking.service.js';
import { PaymentQueryService } from './payment-query.service.js';
import { PaymentRecordService } from './payment-record.service.js';
import { PaymentRepository } from './payment.repository.js';
import { checkPayment, checkSameNotice, type Notice } from './payment.rules.js';

/** Money that came in, as it was told; `told` is in what order it shall pay debts. */
export type Intake = Readonly<{
  payment: Payment;
  told: ReceivePaymentBody['charges'];
  lenient: boolean;
}>;

/** Takes money in (BIL-08): once per provider's id, on the account that it is for or on the unmatched list. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly repository: PaymentRepository,
    private readonly accounts: AccountRepository,
    private readonly booking: PaymentBookingService,
    private readonly records: PaymentRecordService,
    private readonly queries: PaymentQueryService,
    private readonly branches: BranchService,
    private readonly directory: Directory,
    private readonly commands: Commands,
  ) {}

  async receive(ctx: CallContext, body: ReceivePaymentBody): Promise<PaymentDto> {
    const intake = await this.intake(ctx, body);
    return this.commands.execute(ctx, async (tx) => {
      const { id } = await this.take(tx, ctx, intake);
      return this.queries.present(tx, ctx, id);
    });
  }

  /** Books an intake, or gives the payment that it is a repeat of. @throws DomainError `payment.told-differently`. */
  async take(
    tx: Tx,
    ctx: CallContext,
    { payment, told, lenient }: Intake,
  ): Promise<Readonly<{ id: string; repeated: boolean }>> {
    const { account, invoiceId } = await this.accountOf(tx, payment);
    const placed = { ...payment, siteId: account?.siteId ?? payment.siteId };
    if (!(await this.repository.add(tx, placed))) return this.repeat(tx, placed);
    await this.records.trail(tx, ctx, placed, { action: 'receive', changes: receivedChanges(placed) });
    if (account) {
      const wishes = { charges: chargesOf(told), invoiceId, lenient };
      const source = { from: `money:${placed.method}`, on: placed.receivedOn, wishes } as const;
      await this.booking.book(tx, ctx, placed, account, source);
    } else await this.booking.keepUnmatched(tx, ctx, placed);
    return { id: placed.id, repeated: false };
  }

  /** A payment of an unknown payer finds its account; from today on it pays for what is owed there. */
  async assign(ctx: CallContext, id: string, body: AssignPaymentBody): Promise<PaymentDto> {
    return this.commands.execute(ctx, async (tx) => {
      const payment = await this.repository.lock(tx, id);
      if (!payment) throw paymentNotFound();
      this.queries.checkRole(ctx, payment, 'assign');
      requireMatch(ctx, payment.version);
      checkPayment(standingOf(payment), 'assign');
      const account = await this.accounts.find(tx, body.accountId);
      if (account?.branchId !== payment.branchId) throw accountUnknown();
      const wishes = { charges: chargesOf(body.charges), invoiceId: null, lenient: false };
      const on = await this.branches.dayOf(payment.branchId, ctx.now);
      await this.booking.book(tx, ctx, payment, account, { from: 'unmatched', on, wishes });
      await this.records.trail(tx, ctx, payment, {
        action: 'assign',
        reason: body.reason,
        changes: [{ field: 'accountId', from: null, to: account.id }],
      });
      return this.queries.present(tx, ctx, id);
    });
  }

  private async intake(ctx: CallContext, body: ReceivePaymentBody): Promise<Intake> {
    const branch = await this.branches.placeWritable(ctx, body);
    const receivedAt = body.receivedAt === null ? ctx.now : new Date(body.receivedAt);
    if (receivedAt > ctx.now) throw receivedInFuture();
    const { minor: amountMinor, currency } = parseMoney(body.amount);
    const payment = newPayment(ctx, {
      ...body,
      ...providerOf(ctx, body),
      till: await this.tillOf(ctx, body),
      amountMinor,
      currency,
      receivedAt,
      receivedOn: toLocalDate(receivedAt, branch.timeZone),
    });
    return { payment, told: body.charges, lenient: ctx.actor.kind !== 'person' };
  }

  /** BIL-09: cash lies in the drawer of the cashier who took it. */
  private async tillOf(ctx: CallContext, { method }: ReceivePaymentBody): Promise<string | null> {
    if (method !== 'cash') return null;
    if (ctx.actor.kind !== 'person') throw cashByMachine();
    return (await this.directory.employeeOf(ctx.actor.id)) ?? null;
  }

  private async repeat(tx: Tx, told: Payment): Promise<Readonly<{ id: string; repeated: boolean }>> {
    const known = await this.repository.byProvider(tx, told);
    if (!known) throw paymentNotFound();
    checkSameNotice(noticeOf(known), noticeOf(told));
    return { id: known.id, repeated: true };
  }

  /** The account that the payer names, by itself or by an invoice; none while it is unknown to the branch. */
  private async accountOf(
    tx: Tx,
    { branchId, toldAccount, toldInvoice }: Payment,
  ): Promise<Readonly<{ account: Account | null; invoiceId: string | null }>> {
    const invoice = toldInvoice === null ? null : await this.repository.invoice(tx, branchId, toldInvoice);
    const accountId = toldAccount ?? invoice?.accountId;
    const account = accountId === undefined ? null : await this.accounts.find(tx, accountId);
    if (account?.branchId !== branchId) return { account: null, invoiceId: null };
    return { account, invoiceId: invoice?.id ?? null };
  }
}

const chargesOf = (named: ReceivePaymentBody['charges']) =>
  named.map(({ chargeId, amount }) => ({ chargeId, amount: amount && parseMoney(amount).minor }));

/** A machine client is a provider by itself; whoever moves money for others gives it an id. */
function providerOf(
  ctx: CallContext,
  { provider, providerId }: ReceivePaymentBody,
): Pick<Payment, 'provider' | 'providerId'> {
  const named = provider ?? (ctx.actor.kind === 'person' ? null : ctx.actor.id);
  if ((named === null) !== (providerId === null)) throw providerIncomplete();
  return { provider: named, providerId };
}

/** What an intake says of a payment. */
export type PaymentWords = Pick<
  Payment,
  'branchId' | 'siteId' | 'method' | 'provider' | 'providerId' | 'reference' | 'till'
> &
  Pick<Payment, 'amountMinor' | 'currency' | 'receivedAt' | 'receivedOn'> &
  Readonly<{ accountId: string | null; invoiceNumber: string | null }>;

/** A payment as it comes in: whose it is stands in `toldAccount` until it is booked. */
export function newPayment(ctx: CallContext, words: PaymentWords): Payment {
  return {
    id: newId(ctx.now.getTime()),
    branchId: words.branchId,
    siteId: words.siteId,
    accountId: null,
    customerId: null,
    state: 'unmatched',
    method: words.method,
    provider: words.provider,
    providerId: words.providerId,
    toldAccount: words.accountId,
    toldInvoice: words.invoiceNumber,
    reference: words.reference,
    amountMinor: words.amountMinor,
    leftMinor: words.amountMinor,
    returnedMinor: 0n,
    currency: words.currency,
    receivedOn: words.receivedOn,
    receivedAt: words.receivedAt,
    recordedAt: ctx.now,
    recordedBy: ctx.actor.id,
    till: words.till,
    handoverId: null,
    receiptNumber: null,
    facts: 0,
    version: 1,
  };
}

/** A payment as its rules see it. */
export const standingOf = (payment: Payment) => ({
  state: payment.state,
  amount: payment.amountMinor,
  left: payment.leftMinor,
  returned: payment.returnedMinor,
});

const noticeOf = (payment: Payment): Notice => ({
  amount: payment.amountMinor,
  currency: payment.currency,
  method: payment.method,
  account: payment.toldAccount,
  invoice: payment.toldInvoice,
});

const RECEIVED = [
  'method',
  'provider',
  'providerId',
  'currency',
  'receivedOn',
  'toldAccount',
  'toldInvoice',
] as const;

const receivedChanges = (payment: Payment) => [
  { field: 'amountMinor', from: null, to: String(payment.amountMinor) },
  ...RECEIVED.filter((field) => payment[field] !== null).map((field) => ({
    field,
    from: null,
    to: payment[field],
  })),
];
