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
import { PaymentBookingService, type Booking } from './payment-booking.service.js';
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
      const [taken] = await this.take(tx, ctx, [intake]);
      return this.queries.present(tx, ctx, taken!.id);
    });
  }

  /**
   * Books intakes in their order, or gives the payments that they repeat, in a constant number of statements.
   * @throws DomainError `payment.told-differently`.
   */
  async take(tx: Tx, ctx: CallContext, intakes: readonly Intake[]): Promise<Taken[]> {
    const placed = await this.place(tx, intakes);
    const added = await this.repository.addAll(
      tx,
      placed.map(({ payment }) => payment),
    );
    const fresh = placed.filter(({ payment }) => added.has(payment.id));
    await this.records.intake(
      tx,
      ctx,
      fresh.map(({ payment }) => payment),
    );
    await this.booking.book(tx, ctx, fresh.flatMap(bookingOf));
    await this.booking.keepUnmatched(
      tx,
      ctx,
      fresh.flatMap(({ payment, account }) => (account ? [] : [payment])),
    );
    const repeated = await this.repeats(
      tx,
      placed.filter(({ payment }) => !added.has(payment.id)).map(({ payment }) => payment),
    );
    return placed.map(({ payment }) => repeated.get(payment.id) ?? { id: payment.id, repeated: false });
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
      await this.booking.book(tx, ctx, [{ payment, account, from: 'unmatched', on, wishes }]);
      await this.records.trail(tx, ctx, payment, {
        action: 'assign',
        reason: body.reason,
        changes: [{ field: 'accountId', from: null, to: account.id }],
      });
      return this.queries.present(tx, ctx, id);
    });
  }

  private async intake(ctx: CallContext, body: ReceivePaymentBody): Promise<Intake> {
    const branch = await this.branches.writable(ctx, body);
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

  /** The payments of which was told before, by the ids of what repeats them. */
  private async repeats(tx: Tx, told: readonly Payment[]): Promise<ReadonlyMap<string, Taken>> {
    if (told.length === 0) return new Map();
    const found = await this.repository.byProvider(tx, told);
    const known = new Map(found.map((payment) => [providerKey(payment), payment]));
    return new Map(
      told.map((payment) => {
        const before = known.get(providerKey(payment));
        if (!before) throw paymentNotFound();
        checkSameNotice(noticeOf(before), noticeOf(payment));
        return [payment.id, { id: before.id, repeated: true }];
      }),
    );
  }

  /** Each with the account that the payer names, by itself or by an invoice; none while it is unknown to the branch. */
  private async place(tx: Tx, intakes: readonly Intake[]): Promise<Placed[]> {
    const numbers = intakes.flatMap(({ payment }) => payment.toldInvoice ?? []);
    const invoices = await this.repository.invoices(tx, numbers);
    const named = intakes.map((intake) => {
      const { toldAccount, toldInvoice, branchId } = intake.payment;
      const invoice = invoices.find((each) => each.number === toldInvoice && each.branchId === branchId);
      return { ...intake, invoice, accountId: toldAccount ?? invoice?.accountId };
    });
    const ids = named.flatMap(({ accountId }) => accountId ?? []);
    const accounts = new Map((await this.accounts.byIds(tx, ids)).map((account) => [account.id, account]));
    return named.map(({ invoice, accountId, ...intake }) => {
      const found = accountId === undefined ? undefined : accounts.get(accountId);
      const account = found?.branchId === intake.payment.branchId ? found : null;
      // a person corrects what was mistyped; money that a machine tells of is here, and waits unmatched
      const claimed = intake.payment.toldAccount !== null || intake.told.length > 0;
      if (!account && claimed && !intake.lenient) throw accountUnknown();
      const payment = { ...intake.payment, siteId: account?.siteId ?? intake.payment.siteId };
      return { ...intake, payment, account, invoiceId: account ? (invoice?.id ?? null) : null };
    });
  }
}

/** What became of an intake. */
export type Taken = Readonly<{ id: string; repeated: boolean }>;

type Placed = Intake & Readonly<{ account: Account | null; invoiceId: string | null }>;

const bookingOf = ({ payment, account, told, invoiceId, lenient }: Placed): Booking[] => {
  if (!account) return [];
  const wishes = { charges: chargesOf(told), invoiceId, lenient };
  return [{ payment, account, from: `money:${payment.method}`, on: payment.receivedOn, wishes }];
};

const providerKey = ({ branchId, provider, providerId }: Payment): string =>
  JSON.stringify([branchId, provider, providerId]);

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
