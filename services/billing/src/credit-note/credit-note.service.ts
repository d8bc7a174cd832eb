import { Injectable } from '@nestjs/common';
import { CreditNoteIssued } from '@steward/contracts';
import { moneyToJson, newId, notFound, parseMoney, unprocessable } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  Audit,
  Commands,
  Database,
  nextNumbers,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { checkKeeper, KEEPERS } from '../access.js';
import { AccountRepository } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import type { Charge } from '../charge/charge.js';
import { ChargeRepository } from '../charge/charge.repository.js';
import { invoiceNotFound } from '../invoice/invoice.errors.js';
import { InvoiceRepository, type Invoice } from '../invoice/invoice.repository.js';
import { Ledger } from '../ledger/ledger.repository.js';
import type { Posting } from '../ledger/ledger.rules.js';
import { CreditService } from '../payment/credit.service.js';
import {
  toCreditNoteDto,
  type CreditNoteDto,
  type CreditNotesQuery,
  type IssueCreditNoteBody,
} from './credit-note.dto.js';
import { CreditNoteRepository, type CreditNote } from './credit-note.repository.js';

const FORM = 'N';

type Part = Readonly<{ charge: Charge; amount: bigint }>;

/** BIL-07: an issued invoice is corrected downwards by a numbered note; what was paid too much becomes credit. */
@Injectable()
export class CreditNoteService {
  constructor(
    private readonly repository: CreditNoteRepository,
    private readonly invoices: InvoiceRepository,
    private readonly accounts: AccountRepository,
    private readonly charges: ChargeRepository,
    private readonly credits: CreditService,
    private readonly ledger: Ledger,
    private readonly branches: BranchService,
    private readonly commands: Commands,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async issue(ctx: CallContext, body: IssueCreditNoteBody): Promise<CreditNoteDto> {
    return this.commands.execute(ctx, async (tx) => {
      const invoice = await this.invoices.find(tx, body.invoiceId);
      if (!invoice) throw invoiceNotFound();
      checkKeeper(ctx, KEEPERS, invoice);
      await this.accounts.lock(tx, invoice.accountId);
      const parts = await this.partsOf(tx, invoice, body);
      const note = await this.draft(tx, ctx, invoice, parts, body.reason);
      await this.book(tx, ctx, note, parts);
      await this.repository.add(tx, note, ctx.now);
      await this.tell(tx, ctx, note);
      return toCreditNoteDto(note);
    });
  }

  async get(ctx: CallContext, id: string): Promise<CreditNoteDto> {
    const note = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!note) throw notFound('credit-note.not-found', 'There is no such credit note in your scope.');
    return toCreditNoteDto(note);
  }

  async list(ctx: CallContext, query: CreditNotesQuery): Promise<Page<CreditNoteDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map(toCreditNoteDto) };
  }

  private async partsOf(tx: Tx, invoice: Invoice, { lines }: IssueCreditNoteBody): Promise<Part[]> {
    const ids = lines.map(({ chargeId }) => chargeId);
    const charges = new Map((await this.charges.lockAll(tx, ids)).map((charge) => [charge.id, charge]));
    return lines.map(({ chargeId, amount }) => {
      const charge = charges.get(chargeId);
      const { minor, currency } = parseMoney(amount);
      if (charge?.invoiceId !== invoice.id) throw notOnInvoice(chargeId);
      if (charge.currency !== currency) throw otherCurrency();
      return { charge, amount: minor };
    });
  }

  private async draft(
    tx: Tx,
    ctx: CallContext,
    { id: invoiceId, branchId, siteId, accountId, customerId, currency }: Invoice,
    parts: readonly Part[],
    reason: string,
  ): Promise<CreditNote> {
    const issuedOn = await this.branches.dayOf(branchId, ctx.now);
    const [number] = await nextNumbers(tx, await this.branches.series(branchId, FORM, issuedOn));
    const of = { invoiceId, branchId, siteId, accountId, customerId, currency, issuedOn, reason };
    return {
      ...of,
      id: newId(ctx.now.getTime()),
      number: number!,
      totalMinor: String(parts.reduce((sum, { amount }) => sum + amount, 0n)),
      lines: parts.map(({ charge, amount }, at) => ({
        line: at + 1,
        chargeId: charge.id,
        feeItemCode: charge.feeItemCode,
        amountMinor: String(amount),
      })),
    };
  }

  private async book(tx: Tx, ctx: CallContext, note: CreditNote, parts: readonly Part[]): Promise<void> {
    const { branchId, siteId, accountId, id: creditNoteId, issuedOn: on, currency } = note;
    const postings: Posting[] = [];
    for (const { charge, amount } of parts)
      postings.push(...(await this.credits.release(tx, ctx, charge, { amount, on, creditNoteId })));
    await this.charges.credit(
      tx,
      ctx,
      parts.map(({ charge, amount }) => ({ chargeId: charge.id, amountMinor: amount })),
      { on, creditNoteId },
    );
    const place = { branchId, siteId, accountId, currency };
    await this.ledger.post(tx, ctx, [
      { ...place, kind: 'credit-note', sourceId: creditNoteId, bookedOn: on, postings },
    ]);
  }

  private async tell(tx: Tx, ctx: CallContext, note: CreditNote): Promise<void> {
    const { id, branchId, number, invoiceId, accountId, issuedOn, currency, reason } = note;
    const total = moneyToJson({ minor: BigInt(note.totalMinor), currency });
    await this.outbox.append(tx, ctx, {
      definition: CreditNoteIssued,
      aggregateId: id,
      branchId,
      sequence: 1,
      occurredAt: ctx.now,
      data: { creditNoteId: id, number, invoiceId, accountId, total, issuedOn },
    });
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'credit-note',
      entityId: id,
      action: 'issue',
      reason,
      changes: [
        { field: 'number', from: null, to: number },
        { field: 'total', from: null, to: total },
      ],
    });
  }
}

const notOnInvoice = (chargeId: string) =>
  unprocessable(
    'credit-note.charge-not-on-invoice',
    'A line names a charge that does not stand on this invoice.',
    undefined,
    { chargeId },
  );

const otherCurrency = () =>
  unprocessable('credit-note.other-currency', 'A line is in another currency than its charge.');
