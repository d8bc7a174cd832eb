import { Injectable } from '@nestjs/common';
import { Audit, type CallContext, type Tx } from '@steward/platform';
import { AccountRepository, type Account, type AccountOf } from './account.repository.js';

/** Whose account it is, as a key. */
export const accountKey = ({ branchId, customerId, propertyUnitId }: AccountOf): string =>
  `${branchId}/${customerId}/${propertyUnitId ?? ''}`;

/** Finds billing accounts and opens those that are missing. */
@Injectable()
export class AccountService {
  constructor(
    private readonly repository: AccountRepository,
    private readonly audit: Audit,
  ) {}

  /** The accounts by `accountKey`, in a constant number of statements; those that are missing are opened on the day. */
  async open(
    tx: Tx,
    ctx: CallContext,
    wanted: readonly AccountOf[],
    openedOn: string,
  ): Promise<ReadonlyMap<string, Account>> {
    const unique = [...new Map(wanted.map((one) => [accountKey(one), one])).values()];
    const known = await this.repository.findAll(tx, unique);
    const found = new Map(known.map((account) => [accountKey(account), account]));
    const missing = unique.filter((one) => !found.has(accountKey(one)));
    if (missing.length === 0) return found;
    const opened = await this.repository.addMissing(tx, ctx, missing, openedOn);
    await this.audit.recordAll(tx, ctx, opened.map(openedEntry));
    // what somebody else opened in this moment was waited for, and is found now
    const others = opened.length < missing.length ? await this.repository.findAll(tx, missing) : [];
    for (const account of [...others, ...opened]) found.set(accountKey(account), account);
    return found;
  }
}

const openedEntry = ({ id, branchId, customerId, propertyUnitId }: Account) => ({
  branchId,
  entity: 'billing-account',
  entityId: id,
  action: 'open',
  changes: [
    { field: 'customerId', from: null, to: customerId },
    { field: 'propertyUnitId', from: null, to: propertyUnitId },
  ],
});
