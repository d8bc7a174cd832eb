import { Injectable } from '@nestjs/common';
import { moneyToJson, newId, notFound } from '@steward/kernel';
import { Database, nextNumbers, type CallContext, type Page, type Tx } from '@steward/platform';
import type { Account } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import type { Payment } from '../payment/payment.js';
import type { ReceiptDto, ReceiptsQuery } from './receipt.dto.js';
import { ReceiptRepository, type Receipt } from './receipt.repository.js';
import { receiptLines, type ReceiptShare } from './receipt.rules.js';

/** The form of receipt numbers: `EB1-R-2026-000001`. */
const RECEIPT_FORM = 'R';

type Issue = Readonly<{ payment: Payment; account: Account; shares: readonly ReceiptShare[] }>;

/** BIL-09: a receipt for each payment, with a number without gaps (ORG-05). */
@Injectable()
export class ReceiptService {
  constructor(
    private readonly database: Database,
    private readonly repository: ReceiptRepository,
    private readonly branches: BranchService,
  ) {}

  /** Issues the receipt of a payment in the transaction that books it; gives its number. */
  async issue(tx: Tx, ctx: CallContext, { payment, account, shares }: Issue): Promise<string> {
    const { branchId, currency, method, receivedOn } = payment;
    const on = await this.branches.dayOf(branchId, ctx.now);
    const series = await this.branches.series(branchId, RECEIPT_FORM, on);
    const [number] = await nextNumbers(tx, series);
    const { siteId: siteOfAccount } = account;
    await this.repository.add(tx, {
      id: newId(ctx.now.getTime()),
      branchId,
      siteId: siteOfAccount ?? payment.siteId,
      paymentId: payment.id,
      accountId: account.id,
      number: number!,
      amount: String(payment.leftMinor),
      currency,
      method,
      receivedOn,
      issuedAt: ctx.now,
      issuedBy: ctx.actor.id,
      lines: receiptLines(shares).map((line) => ({ ...line, amount: String(line.amount) })),
      voidedAt: null,
    });
    return number!;
  }

  /** The payment was taken back as a whole: its receipt counts no more; the number stays on record. */
  async void(tx: Tx, ctx: CallContext, paymentId: string): Promise<void> {
    await this.repository.void(tx, paymentId, ctx.now);
  }

  async ofPayment(ctx: CallContext, paymentId: string): Promise<ReceiptDto> {
    const receipt = await this.database.read(ctx.scope, (tx) => this.repository.ofPayment(tx, paymentId));
    if (!receipt) throw notFound('receipt.not-found', 'The payment has no receipt in your scope.');
    return toReceiptDto(receipt);
  }

  async list(ctx: CallContext, query: ReceiptsQuery): Promise<Page<ReceiptDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: items.map(toReceiptDto), next };
  }
}

function toReceiptDto({ siteId: _site, currency, ...receipt }: Receipt): ReceiptDto {
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  const paid = receipt.lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  return {
    ...receipt,
    amount: money(BigInt(receipt.amount)),
    lines: receipt.lines.map((line) => ({ ...line, amount: money(BigInt(line.amount)) })),
    prepaid: money(BigInt(receipt.amount) - paid),
    issuedAt: receipt.issuedAt.toISOString(),
    voidedAt: receipt.voidedAt?.toISOString() ?? null,
  };
}
