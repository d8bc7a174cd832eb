import { Injectable } from '@nestjs/common';
import { Audit, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository } from '../account/account.repository.js';
import { CreditService } from '../payment/credit.service.js';
import { Ledger } from '../ledger/ledger.repository.js';
import { transfer } from '../ledger/ledger.rules.js';
import type { Charge, NewCharge } from './charge.js';
import { ChargeRepository } from './charge.repository.js';

/** The one way in which something becomes owed. */
@Injectable()
export class ChargeService {
  constructor(
    private readonly repository: ChargeRepository,
    private readonly accounts: AccountRepository,
    private readonly credits: CreditService,
    private readonly ledger: Ledger,
    private readonly audit: Audit,
  ) {}

  /**
   * Raises charges with their ledger entries and facts, in a constant number of statements; what is charged already is
   * left out. Gives the charges that were raised. Charges of a run are in the trail by their run, others one by one.
   * `held` is called when all accounts are locked.
   */
  async raise(
    tx: Tx,
    ctx: CallContext,
    charges: readonly NewCharge[],
    held: () => void = () => undefined,
  ): Promise<NewCharge[]> {
    if (charges.length > 0)
      await this.accounts.lockAll(tx, [...new Set(charges.map(({ accountId }) => accountId))]);
    held();
    if (charges.length === 0) return [];
    const added = await this.repository.insertAll(tx, ctx, charges);
    const raised = charges.filter(({ id }) => added.has(id));
    await this.audit.recordAll(tx, ctx, raised.filter(({ kind }) => kind !== 'run').map(raisedEntry));
    await this.credits.use(tx, ctx, [...new Set(raised.map(({ accountId }) => accountId))]);
    return raised;
  }

  /**
   * Takes back whole charges that are on no invoice and unpaid, by counter-entries, in a constant number of statements;
   * others are left alone. The same can then be charged anew. Gives what was taken back; its trail is the caller's.
   */
  async takeBack(tx: Tx, ctx: CallContext, ids: readonly string[], on: string): Promise<Charge[]> {
    const charges = await this.repository.reverseAll(tx, ctx, ids, on);
    const entries = new Map(
      (await this.ledger.entriesOfAll(tx, ids, 'charge')).map(({ id, sourceId }) => [sourceId, id]),
    );
    await this.ledger.post(
      tx,
      ctx,
      charges
        .filter(({ amountMinor }) => amountMinor > 0n)
        .map((charge) => ({
          branchId: charge.branchId,
          siteId: charge.siteId,
          accountId: charge.accountId,
          kind: 'reversal',
          sourceId: charge.id,
          bookedOn: on,
          currency: charge.currency,
          postings: transfer(`income:${charge.feeItemCode}`, 'receivable', charge.amountMinor),
          reversesId: entries.get(charge.id)!,
        })),
    );
    return charges;
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
