import { newId } from '@steward/kernel';
import { Database, scopeOf, systemContext } from '@steward/platform';
import type { Account } from '../src/account/account.repository.js';
import { AccountService } from '../src/account/account.service.js';
import { BARE_CHARGE, type NewCharge } from '../src/charge/charge.js';
import { ChargeService } from '../src/charge/charge.service.js';
import type { BillingUnderTest } from './billing.harness.js';

/** Accounts and what is owed on them, made inside the service, as its other parts make them. */
export class Debts {
  private day = 0;

  constructor(private readonly service: BillingUnderTest) {}

  async account(site = 'EB1-S1', branch = site.slice(0, 3)): Promise<Account> {
    const branchId = this.service.group.id(branch);
    const wanted = {
      branchId,
      siteId: this.service.group.id(site),
      customerId: newId(),
      propertyUnitId: null,
    };
    return this.within(branchId, async (tx, ctx) => {
      const opened = await this.part(AccountService).open(tx, ctx, [wanted], '2026-01-01');
      return [...opened.values()][0]!;
    });
  }

  /** Owes so many fen; each charge of a day of its own. Gives its id. */
  async owe(account: Account, fen: number | bigint, change: Partial<NewCharge> = {}): Promise<string> {
    const day = new Date(Date.UTC(2020, 0, (this.day += 1))).toISOString().slice(0, 10);
    const charge: NewCharge = {
      ...BARE_CHARGE,
      id: newId(),
      branchId: account.branchId,
      siteId: account.siteId,
      accountId: account.id,
      customerId: account.customerId,
      propertyUnitId: null,
      feeItemCode: 'management',
      kind: 'manual',
      serviceFrom: day,
      serviceTo: day,
      amountMinor: BigInt(fen),
      currency: 'CNY',
      bookedOn: '2026-03-01',
      dueOn: '2026-03-31',
      explanation: {},
      ...change,
    };
    await this.within(account.branchId, (tx, ctx) => this.part(ChargeService).raise(tx, ctx, [charge]));
    return charge.id;
  }

  async open(chargeId: string): Promise<number> {
    const [row] = await this.service.rows<{ open: string }>(
      'select open_minor open from charge where id = $1',
      [chargeId],
    );
    return Number(row!.open);
  }

  part<T>(type: { prototype: T }): T {
    return this.service.running.app.get(type as never, { strict: false });
  }

  /** Work of the platform itself in a branch, in a transaction of its own. */
  within<T>(
    branchId: string,
    work: (
      tx: Parameters<Parameters<Database['transaction']>[1]>[0],
      ctx: ReturnType<typeof systemContext>,
    ) => Promise<T>,
  ): Promise<T> {
    const ctx = systemContext('spec', scopeOf([branchId]), new Date());
    return this.part(Database).transaction(ctx.scope, (tx) => work(tx, ctx));
  }
}
