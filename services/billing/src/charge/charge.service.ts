import { Injectable } from '@nestjs/common';
import { Audit, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository } from '../account/account.repository.js';
import { CreditService } from '../payment/credit.service.js';
import type { NewCharge } from './charge.js';
import { ChargeRepository } from './charge.repository.js';

/** The one way in which something becomes owed. */
@Injectable()
export class ChargeService {
  constructor(
    private readonly repository: ChargeRepository,
    private readonly accounts: AccountRepository,
    private readonly credits: CreditService,
    private readonly audit: Audit,
  ) {}

  /**
   * Raises charges with their ledger entries and facts, in a constant number of statements; what is charged already is
   * left out. Gives the charges that were raised. Charges of a run are in the trail by their run, others one by one.
   */
  async raise(tx: Tx, ctx: CallContext, charges: readonly NewCharge[]): Promise<NewCharge[]> {
    if (charges.length === 0) return [];
    await this.accounts.lockAll(tx, [...new Set(charges.map(({ accountId }) => accountId))]);
    const added = await this.repository.insertAll(tx, ctx, charges);
    const raised = charges.filter(({ id }) => added.has(id));
    await this.audit.recordAll(tx, ctx, raised.filter(({ kind }) => kind !== 'run').map(raisedEntry));
    await this.credits.use(tx, ctx, [...new Set(raised.map(({ accountId }) => accountId))]);
    return raised;
  }
}

const raisedEntry = (charge: NewCharge) => ({
  branchId: charge.branchId,
  entity: 'charge',
  entityId: charge.id,
  action: 'raise',
  changes: [
    { field: 'feeItemCode', from: null, to: charge.feeItemCode },
    { field: 'amountMinor', from: null, to: String(charge.amountMinor) },
    { field: 'serviceFrom', from: null, to: charge.serviceFrom },
    { field: 'serviceTo', from: null, to: charge.serviceTo },
  ],
});
