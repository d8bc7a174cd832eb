import { Injectable } from '@nestjs/common';
import { newId, parseMoney } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { AccountService } from '../account/account.service.js';
import { BranchService } from '../branch/branch.service.js';
import { BARE_CHARGE } from '../charge/charge.js';
import { ChargeService } from '../charge/charge.service.js';
import { InvoiceService } from '../invoice/invoice.service.js';
import { REPAIR, type Work } from './work.js';

/** BIL-14: signed work is charged to its customer by the accepted quote, and invoiced at once. */
@Injectable()
export class WorkChargeService {
  constructor(
    private readonly accounts: AccountService,
    private readonly charges: ChargeService,
    private readonly invoices: InvoiceService,
    private readonly branches: BranchService,
  ) {}

  /** Charges work to its customer; a quote that was charged before is left as it is. */
  async charge(tx: Tx, ctx: CallContext, work: Work): Promise<void> {
    const { branchId, siteId, customerId, propertyUnitId, ticketId, quoteId } = work;
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
    if (raised) await this.invoices.issue(tx, ctx, branchId, [account!.id], { chargeIds: [raised.id] });
  }
}
