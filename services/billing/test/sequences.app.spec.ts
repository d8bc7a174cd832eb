import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Json } from '@steward/directory/testing';
import * as fc from 'fast-check';
import type { Account } from '../src/account/account.repository.js';
import { BillingUnderTest } from './billing.harness.js';
import { Debts } from './debts.js';

let service: BillingUnderTest;
let debts: Debts;
beforeAll(async () => {
  service = await BillingUnderTest.start();
  debts = new Debts(service);
}, 60_000);
afterAll(() => service?.stop());

const KINDS = ['charge', 'pay', 'unmatched', 'reverse', 'refund', 'credit', 'take-back', 'together'] as const;
type Step = Readonly<{ kind: (typeof KINDS)[number]; fen: number; pick: number }>;
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  fen: fc.integer({ min: 1, max: 500 }),
  pick: fc.nat(20),
});

const cny = (fen: number) => ({ amount: (fen / 100).toFixed(2), currency: 'CNY' });
const fenOf = ({ amount }: Json): number => Math.round(Number(amount) * 100);

/** An account on which things happen in any order; what the platform refuses is refused as a whole. */
class Course {
  private readonly charges: string[] = [];
  private readonly payments: string[] = [];

  constructor(readonly account: Account) {}

  async run(step: Step): Promise<void> {
    const { kind, fen, pick } = step;
    if (kind === 'charge') return void this.charges.push(await debts.owe(this.account, fen));
    if (kind === 'pay') return this.pay(fen);
    if (kind === 'unmatched') return this.payLater(fen);
    if (kind === 'together') return this.together(fen);
    const payment = this.payments[pick % this.payments.length];
    const charge = this.charges[pick % this.charges.length];
    if (kind === 'reverse' && payment) await this.act(payment, 'reversal', { why: 'mistake', reason: '错' });
    if (kind === 'refund' && payment) await this.act(payment, 'refund', { amount: cny(fen), reason: '退' });
    if (kind === 'credit' && charge) await this.credit(charge, fen);
    if (kind === 'take-back' && charge)
      await this.post(
        `/api/v1/charges/${charge}/reversal`,
        { reason: '错' },
        await this.version('charges', charge),
      );
  }

  private async pay(fen: number): Promise<void> {
    const answer = await this.post('/api/v1/payments', this.notice(fen, this.account.id));
    this.payments.push(String(answer.body['id']));
  }

  private async payLater(fen: number): Promise<void> {
    const { body } = await this.post('/api/v1/payments', this.notice(fen, null));
    const id = String(body['id']);
    await this.act(id, 'assignment', { accountId: this.account.id, reason: '附言' });
    this.payments.push(id);
  }

  /** Money and debts that arrive at the same moment. */
  private async together(fen: number): Promise<void> {
    const owed = Promise.all([debts.owe(this.account, fen), debts.owe(this.account, fen + 3)]);
    await Promise.all([this.pay(fen + 1), this.pay(fen), owed]);
    this.charges.push(...(await owed));
  }

  private async credit(chargeId: string, fen: number): Promise<void> {
    await this.post('/api/v1/invoices', { accountId: this.account.id });
    const [row] = await service.rows('select invoice_id id from charge where id = $1', [chargeId]);
    if (row!['id'] === null) return;
    const lines = [{ chargeId, amount: cny(fen) }];
    await this.post('/api/v1/credit-notes', { invoiceId: row!['id'], lines, reason: '多收' });
  }

  private notice(fen: number, accountId: string | null): Json {
    return {
      branchId: this.account.branchId,
      accountId,
      provider: 'bank',
      providerId: randomUUID(),
      method: 'transfer',
      amount: cny(fen),
    };
  }

  private async act(id: string, action: string, body: Json): Promise<void> {
    await this.post(`/api/v1/payments/${id}/${action}`, body, await this.version('payments', id));
  }

  private async version(kind: string, id: string): Promise<number> {
    return Number((await service.get(`/api/v1/${kind}/${id}`, 'eb1.accountant')).body['version']);
  }

  private async post(path: string, body: Json, match?: number): Promise<Answer> {
    const options = { key: randomUUID(), ...(match === undefined ? {} : { match }) };
    const answer = await service.post(path, 'eb1.accountant', body, options);
    if (answer.status >= 500 || answer.status === 404 || answer.status === 400) throw new Error(answer.text);
    return answer;
  }
}

/** Every figure of an account from its own table. */
const FIGURES = `
select
  (select coalesce(sum(amount_minor), 0) from posting where account_id = $1)::int balance,
  (select coalesce(sum(amount_minor), 0) from posting where account_id = $1 and ledger_account = 'receivable')::int receivable,
  (select coalesce(-sum(amount_minor), 0) from posting where account_id = $1 and ledger_account = 'prepaid')::int prepaid,
  (select coalesce(sum(open_minor), 0) from charge where account_id = $1)::int open,
  (select coalesce(sum(left_minor), 0) from payment where account_id = $1)::int left_over,
  (select coalesce(sum(amount_minor - credited_minor - open_minor), 0) from charge
    where account_id = $1 and reversed_on is null)::int settled,
  (select coalesce(sum(amount_minor), 0) from allocation where account_id = $1)::int allocated,
  (select coalesce(sum(amount_minor - left_minor - returned_minor), 0) from payment where account_id = $1)::int used,
  (select count(*) from (select from allocation where account_id = $1 group by payment_id, charge_id
    having sum(amount_minor) < 0) negative)::int negative`;

describe('BIL-03 BIL-08 any sequence of charges, payments, reversals, refunds and credit notes', () => {
  it('keeps the balance of the account, and the ledger at zero; allocation never loses a fen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const course = new Course(await debts.account());
        for (const each of steps) await course.run(each);
        const { account } = course;
        const [figures] = await service.rows(FIGURES, [account.id]);
        const { open, left_over: left, allocated } = figures!;
        expect(figures).toEqual({
          balance: 0,
          receivable: open,
          prepaid: left,
          open,
          left_over: left,
          settled: allocated,
          allocated,
          used: allocated,
          negative: 0,
        });
        const { body } = await service.get(`/api/v1/billing-accounts/${account.id}`, 'eb1.clerk');
        const balances = body['balances'] as readonly Record<'open' | 'credit', Json>[];
        const sum = (of: 'open' | 'credit') => balances.reduce((total, each) => total + fenOf(each[of]), 0);
        expect([sum('open'), sum('credit')]).toEqual([open, left]);
      }),
      { numRuns: 12 },
    );
    const [zero] = await service.rows('select coalesce(sum(amount_minor), 0)::int sum from posting');
    expect(zero).toEqual({ sum: 0 });
  }, 120_000);

  it('ORG-05 numbers of receipts, invoices and credit notes have no gaps then', async () => {
    for (const table of ['receipt', 'invoice', 'credit_note']) {
      const [row] = await service.rows(
        `select count(*)::int count, coalesce(max(right(number, 6)::int), 0) highest from ${table}`,
      );
      expect([table, row!['count']]).toEqual([table, row!['highest']]);
    }
  });
});
