import { Injectable } from '@nestjs/common';
import { Commands, Database, type CallContext, type Page } from '@steward/platform';
import { checkKeeper, KEEPERS } from '../access.js';
import { AccountRepository } from '../account/account.repository.js';
import { accountNotFound } from '../account/account.errors.js';
import { BranchService } from '../branch/branch.service.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import {
  toInvoiceDto,
  type InvoiceDto,
  type InvoicesQuery,
  type IssueInvoiceBody,
  type IssuePeriodBody,
  type PeriodIssuedDto,
} from './invoice.dto.js';
import { invoiceNotFound, nothingToInvoice } from './invoice.errors.js';
import { InvoiceRepository } from './invoice.repository.js';
import { InvoiceService } from './invoice.service.js';

/** Accounts that one call of a period takes: bounded work under the lock of the numbers. */
const ACCOUNTS_AT_ONCE = 200;

/** What the routes of invoices ask for. */
@Injectable()
export class InvoiceIssueService {
  constructor(
    private readonly invoices: InvoiceService,
    private readonly repository: InvoiceRepository,
    private readonly accounts: AccountRepository,
    private readonly customers: CustomerRepository,
    private readonly branches: BranchService,
    private readonly commands: Commands,
    private readonly database: Database,
  ) {}

  async issue(ctx: CallContext, { accountId, chargeIds }: IssueInvoiceBody): Promise<InvoiceDto> {
    return this.commands.execute(ctx, async (tx) => {
      const account = await this.accounts.find(tx, accountId);
      if (!account) throw accountNotFound();
      checkKeeper(ctx, KEEPERS, account);
      const issued = await this.invoices.issue(
        tx,
        ctx,
        account.branchId,
        [accountId],
        chargeIds ? { chargeIds } : {},
      );
      const lines = issued.reduce((sum, invoice) => sum + invoice.lines.length, 0);
      if (!issued[0] || (chargeIds && lines < new Set(chargeIds).size)) throw nothingToInvoice();
      return toInvoiceDto(ctx, (await this.repository.find(tx, issued[0].id))!);
    });
  }

  /** Issues a period's charges, some accounts per call; what a call has issued stays, so repeating goes on from there. */
  async issuePeriod(ctx: CallContext, { branchId, period }: IssuePeriodBody): Promise<PeriodIssuedDto> {
    await this.branches.writable(ctx, { branchId });
    return this.commands.execute(ctx, async (tx) => {
      const through = lastDayOf(period);
      const found = await this.repository.accountsToInvoice(tx, branchId, through, ACCOUNTS_AT_ONCE + 1);
      const accounts = found.slice(0, ACCOUNTS_AT_ONCE);
      const issued = await this.invoices.issue(tx, ctx, branchId, accounts, { through });
      return { issued: issued.length, done: found.length <= ACCOUNTS_AT_ONCE };
    });
  }

  async get(ctx: CallContext, id: string): Promise<InvoiceDto> {
    const invoice = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!invoice) throw invoiceNotFound();
    return toInvoiceDto(ctx, invoice);
  }

  async list(ctx: CallContext, query: InvoicesQuery): Promise<Page<InvoiceDto>> {
    const page = await this.database.read(ctx.scope, async (tx) => {
      const { customerId } = query;
      if (customerId === undefined) return this.repository.list(tx, query);
      return this.repository.list(tx, {
        ...query,
        customerIds: await this.customers.sameAs(tx, customerId),
      });
    });
    return { ...page, items: page.items.map((invoice) => toInvoiceDto(ctx, invoice)) };
  }
}

function lastDayOf(period: string): string {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
