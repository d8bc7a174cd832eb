import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@steward/testing';
import type { Choices } from '../choices.js';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import type { Desk } from './clerk.js';
import type { Commander, Reply } from './commander.js';

/** The only branch of the demo group with a cashier and an accountant of its own. */
const ACCOUNTANT = 'eb1.accountant';
const CASHIER = 'eb1.cashier';
export const UNITS = 6;
const FIRST_YEAR = 2020;
const THINKING_MS = 100;
/** generous: a busy machine is slow, not broken */
const ARRIVES_MS = 180_000;

type Account = Readonly<{ id: string }>;
type Page<T> = Readonly<{ items: readonly T[] }>;

/** Month after month: a billing run, asked for twice at once, invoices, and payments, some of them told twice. */
export class CountingHouse {
  private month = 0;
  private payments = 0;

  constructor(
    private readonly desk: Desk,
    private readonly commander: Commander,
    private readonly platform: PlatformUnderFault,
    private readonly choices: Choices,
  ) {}

  /** Some units with owners, and a price for them; resolves when billing knows of everything. */
  async prepare(): Promise<void> {
    const { branchId, siteId, clerk } = this.desk;
    const code = 'CH';
    await this.post(clerk, '/buildings', { siteId, code, name: '账房楼' });
    for (let door = 1; door <= UNITS; door += 1) {
      const who = { branchId, kind: 'person', name: `业主 ${door}`, acceptDuplicates: true };
      const customerId = (await this.post(clerk, '/customers', who)).answer.id!;
      await this.arrives('premises', 'select from seen_customer where customer_id = $1', customerId);
      const place = { siteId, code: `${code}#1-1-${door}`, use: 'residential', area: '86.50' };
      const unit = (await this.post(clerk, '/property-units', place)).answer.id!;
      const occupancy = { customerId, role: 'owner', from: `${FIRST_YEAR}-01-01` };
      const { answer } = await this.post(clerk, `/property-units/${unit}/occupancies`, occupancy);
      await this.arrives('billing', 'select from occupancy where id = $1', answer.id!);
    }
    const fee = { branchId, code: 'management', name: '物业管理费', kind: 'recurring', dueDays: 15 };
    const item = await this.post(ACCOUNTANT, '/fee-items', fee);
    const terms = { method: 'per-area', price: '2.80', currency: 'CNY', per: 'month' };
    const draft = {
      feeItemId: item.answer.id,
      validFrom: `${FIRST_YEAR}-01-01`,
      document: '沪价费〔2020〕1号',
    };
    const tariff = await this.post(ACCOUNTANT, '/tariffs', { ...draft, terms });
    await this.post(ACCOUNTANT, `/tariffs/${tariff.answer.id}/publication`, {}, tariff.answer.version);
  }

  async work(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.bill();
      const accounts = await this.accounts();
      for (const account of accounts) if (goesOn()) await this.pay(account);
    }
  }

  /** Takes one payment; gives the answer. */
  async pay(account: Account): Promise<Reply> {
    const tell = (providerId: string, amount: string): Promise<Reply> =>
      this.post(CASHIER, '/payments', {
        ...{ branchId: this.desk.branchId, accountId: account.id, method: 'transfer' },
        ...{ provider: 'bank', providerId, amount: { amount, currency: 'CNY' } },
      });
    const id = `P${(this.payments += 1)}`;
    const amount = `${50 + this.choices.below(300)}.${10 + this.choices.below(90)}`;
    const times = this.choices.below(3) === 0 ? 2 : 1;
    const replies = await Promise.all(Array.from({ length: times }, () => tell(id, amount)));
    await pause(this.choices.below(2 * THINKING_MS));
    return replies[0]!;
  }

  async accounts(): Promise<readonly Account[]> {
    const path = `/billing-accounts?branchId=${this.desk.branchId}&limit=50`;
    return (await this.commander.get<Page<Account>>(CASHIER, path)).body.items;
  }

  private async bill(): Promise<void> {
    const { branchId } = this.desk;
    const year = FIRST_YEAR + Math.floor(this.month / 12);
    const period = `${year}-${String((this.month % 12) + 1).padStart(2, '0')}`;
    this.month += 1;
    const asked = { branchId, period };
    const runs = await Promise.all([1, 2].map(() => this.post(ACCOUNTANT, '/billing-runs', asked)));
    for (const { answer } of runs) await this.ended(answer.id!);
    for (let done = false; !done;) {
      const reply = await this.post(ACCOUNTANT, '/invoices/periods', asked);
      done = (reply.body as { done?: boolean }).done !== false;
    }
  }

  private ended(id: string): Promise<unknown> {
    return eventually(
      async () => {
        const { body } = await this.commander.get<{ state: string }>(ACCOUNTANT, `/billing-runs/${id}`);
        return ['done', 'failed', 'cancelled'].includes(body.state);
      },
      { timeoutMs: ARRIVES_MS, intervalMs: 200 },
    );
  }

  private arrives(service: string, sql: string, id: string): Promise<unknown> {
    const look = async () => (await this.platform.sql(service, sql, [id])).length > 0;
    return eventually(look, { timeoutMs: ARRIVES_MS, intervalMs: 50 });
  }

  private post(login: string, path: string, body: object, version?: number): Promise<Reply> {
    const wish = { login, method: 'POST', path, body } as const;
    return this.commander.send(version === undefined ? wish : { ...wish, version });
  }
}
