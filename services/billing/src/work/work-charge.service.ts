import { Injectable } from '@nestjs/common';
import { conflict, newId, notFound, parseMoney } from '@steward/kernel';
import { Commands, Database, requireMatch, type CallContext, type Page, type Tx } from '@steward/platform';
import { checkKeeper, KEEPERS } from '../access.js';
import { AccountService } from '../account/account.service.js';
import { BranchService } from '../branch/branch.service.js';
import { BARE_CHARGE } from '../charge/charge.js';
import { ChargeService } from '../charge/charge.service.js';
import { CustomerService } from '../customer/customer.service.js';
import { InvoiceService } from '../invoice/invoice.service.js';
import { toUnchargedWorkDto, type UnchargedWorkDto, type UnchargedWorksQuery } from './uncharged-work.dto.js';
import { UnchargedWorkRepository } from './uncharged-work.repository.js';
import { REPAIR, type Work } from './work.js';

/** BIL-14: signed work is charged to its customer by the accepted quote, and invoiced at once. */
@Injectable()
export class WorkChargeService {
  constructor(
    private readonly accounts: AccountService,
    private readonly charges: ChargeService,
    private readonly invoices: InvoiceService,
    private readonly customers: CustomerService,
    private readonly uncharged: UnchargedWorkRepository,
    private readonly branches: BranchService,
    private readonly commands: Commands,
    private readonly database: Database,
  ) {}

  /** Charges work to a customer; work whose customer nobody named goes to the list of what is not charged yet. */
  async charge(tx: Tx, ctx: CallContext, work: Work, customerId: string | null): Promise<void> {
    if (customerId === null) return this.uncharged.add(tx, ctx, work);
    await this.raise(tx, ctx, work, customerId);
  }

  /** Somebody says who pays for work on the list. */
  async nameCustomer(ctx: CallContext, id: string, customerId: string): Promise<UnchargedWorkDto> {
    return this.commands.execute(ctx, async (tx) => {
      const work = await this.uncharged.lock(tx, id);
      if (!work) throw notFound('uncharged-work.not-found', 'There is no such work in your scope.');
      checkKeeper(ctx, KEEPERS, work);
      requireMatch(ctx, work.version);
      if (work.chargeId !== null)
        throw conflict('uncharged-work.charged', 'This work was charged meanwhile.');
      await this.customers.checkSeen(tx, work.branchId, customerId);
      const chargeId = await this.raise(tx, ctx, work, customerId);
      if (chargeId !== null) await this.uncharged.settle(tx, id, chargeId);
      return toUnchargedWorkDto(ctx, { ...work, chargeId, version: work.version + 1 });
    });
  }

  async list(ctx: CallContext, query: UnchargedWorksQuery): Promise<Page<UnchargedWorkDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.uncharged.list(tx, query));
    return { ...page, items: page.items.map((work) => toUnchargedWorkDto(ctx, work)) };
  }

  /** Gives the charge's id; null where the quote was charged before. */
  private async raise(tx: Tx, ctx: CallContext, work: Work, customerId: string): Promise<string | null> {
    const { branchId, siteId, propertyUnitId, ticketId, quoteId } = work;
    const signedOn = await this.branches.dayOf(branchId, work.signedAt);
    const wanted = { branchId, siteId, customerId, propertyUnitId };
    const [account] = (await this.accounts.open(tx, ctx, [wanted], signedOn)).values();
    const { minor, currency } = parseMoney(work.total);
    const bookedOn = await this.branches.dayOf(branchId, ctx.now);
    const charge = {
      ...BARE_CHARGE,
      ...{ branchId, siteId: account!.siteId, customerId, propertyUnitId, ticketId, quoteId },
      id: newId(ctx.now.getTime()),
      accountId: account!.id,
      feeItemCode: REPAIR,
      kind: 'ticket' as const,
      serviceFrom: signedOn,
      serviceTo: signedOn,
      amountMinor: minor,
      currency,
      bookedOn,
      dueOn: await this.branches.dueOn(branchId, signedOn, work.signedAt),
      explanation: { ticketNumber: work.ticketNumber, quoteId, lines: work.lines },
      occurredAt: work.signedAt,
    };
    const [raised] = await this.charges.raise(tx, ctx, [charge]);
    if (!raised) return null;
    await this.invoices.issue(tx, ctx, branchId, [account!.id], { chargeIds: [raised.id] });
    return raised.id;
  }
}
