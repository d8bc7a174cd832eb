import { Injectable } from '@nestjs/common';
import { InvoiceIssued } from '@steward/contracts';
import { moneyToJson, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { Audit, nextNumbers, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository, type Account } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import { InvoiceRepository, type Invoice } from './invoice.repository.js';
import { draftsOf, type Draft } from './invoice.rules.js';

const FORM = 'I';

/** What of the accounts is put on invoices; everything that stands on none yet if left out. */
export type Wanted = Readonly<{ chargeIds?: readonly string[]; through?: string }>;

/** BIL-07: puts charges on invoices with numbers without gaps (ORG-05), which never change. */
@Injectable()
export class InvoiceService {
  constructor(
    private readonly repository: InvoiceRepository,
    private readonly accounts: AccountRepository,
    private readonly branches: BranchService,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /**
   * Issues what the accounts of one branch have to be invoiced, in a constant number of statements. A charge stands on one
   * invoice only, so a repeat issues what is left. Gives the new invoices.
   */
  async issue(
    tx: Tx,
    ctx: CallContext,
    branchId: string,
    accountIds: readonly string[],
    wanted: Wanted = {},
  ): Promise<Invoice[]> {
    const accounts = await this.accounts.lockAll(tx, accountIds);
    const drafts = draftsOf(await this.repository.lockUninvoiced(tx, branchId, accountIds, wanted));
    if (drafts.length === 0) return [];
    const issuedOn = await this.branches.dayOf(branchId, ctx.now);
    const numbers = await nextNumbers(
      tx,
      await this.branches.series(branchId, FORM, issuedOn),
      drafts.length,
    );
    const byId = new Map(accounts.map((account) => [account.id, account]));
    const invoices = drafts.map((draft, at) => ({
      ...toInvoice(draft, byId.get(draft.accountId)!, issuedOn),
      id: newId(ctx.now.getTime()),
      number: numbers[at]!,
    }));
    await this.repository.addAll(tx, invoices, ctx.now);
    await this.outbox.append(
      tx,
      ctx,
      invoices.map((invoice) => issuedFact(ctx, invoice)),
    );
    await this.audit.recordAll(tx, ctx, invoices.map(issuedEntry));
    return invoices;
  }
}

const toInvoice = (draft: Draft, account: Account, issuedOn: string): Omit<Invoice, 'id' | 'number'> => ({
  branchId: account.branchId,
  siteId: account.siteId,
  accountId: account.id,
  customerId: account.payerId,
  propertyUnitId: account.propertyUnitId,
  issuedOn,
  dueOn: draft.dueOn > issuedOn ? draft.dueOn : issuedOn,
  totalMinor: String(draft.totalMinor),
  currency: draft.currency,
  lines: draft.lines,
});

const issuedFact = (ctx: CallContext, invoice: Invoice) => ({
  definition: InvoiceIssued,
  aggregateId: invoice.id,
  branchId: invoice.branchId,
  sequence: 1,
  occurredAt: ctx.now,
  data: {
    invoiceId: invoice.id,
    number: invoice.number,
    accountId: invoice.accountId,
    customerId: invoice.customerId,
    total: moneyToJson({ minor: BigInt(invoice.totalMinor), currency: invoice.currency }),
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    chargeIds: invoice.lines.map(({ chargeId }) => chargeId),
  },
});

const issuedEntry = ({ id, branchId, number, totalMinor, currency }: Invoice) => ({
  branchId,
  entity: 'invoice',
  entityId: id,
  action: 'issue',
  changes: [
    { field: 'number', from: null, to: number },
    { field: 'total', from: null, to: moneyToJson({ minor: BigInt(totalMinor), currency }) },
  ],
});
