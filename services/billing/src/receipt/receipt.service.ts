import { Injectable } from '@nestjs/common';
import { moneyToJson, newId, notFound } from '@steward/kernel';
import {
  Database,
  nextNumbersOfEach,
  type CallContext,
  type NumberSeries,
  type Page,
  type Tx,
} from '@steward/platform';
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

  /** Issues the receipts of payments in the transaction that books them; gives their numbers in the same order. */
  async issueAll(tx: Tx, ctx: CallContext, issues: readonly Issue[]): Promise<string[]> {
    const branchIds = [...new Set(issues.map(({ payment }) => payment.branchId))];
    const series = new Map(
      await Promise.all(branchIds.map(async (id) => [id, await this.series(ctx, id)] as const)),
    );
    const numbers = await nextNumbersOfEach(
      tx,
      issues.map(({ payment }) => series.get(payment.branchId)!),
    );
    const receipts = issues.map((issue, i) => receiptOf(ctx, issue, numbers[i]!));
    await this.repository.addAll(tx, receipts);
    return receipts.map(({ number }) => number);
  }

  private async series(ctx: CallContext, branchId: string): Promise<NumberSeries> {
    return this.branches.series(branchId, RECEIPT_FORM, await this.branches.dayOf(branchId, ctx.now));
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

function receiptOf(ctx: CallContext, { payment, account, shares }: Issue, number: string): Receipt {
  const { branchId, currency, method, receivedOn } = payment;
  return {
    id: newId(ctx.now.getTime()),
    branchId,
    siteId: account.siteId ?? payment.siteId,
    paymentId: payment.id,
    accountId: account.id,
    number,
    amount: String(payment.leftMinor),
    currency,
    method,
    receivedOn,
    issuedAt: ctx.now,
    issuedBy: ctx.actor.id,
    lines: receiptLines(shares).map((line) => ({ ...line, amount: String(line.amount) })),
    voidedAt: null,
  };
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
