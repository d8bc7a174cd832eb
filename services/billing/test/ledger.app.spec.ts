import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { Database, scopeOf, systemContext, type Tx } from '@steward/platform';
import { AccountService } from '../src/account/account.service.js';
import { BARE_CHARGE, type NewCharge } from '../src/charge/charge.js';
import { ChargeRepository } from '../src/charge/charge.repository.js';
import { ChargeService } from '../src/charge/charge.service.js';
import { Ledger } from '../src/ledger/ledger.repository.js';
import { transfer } from '../src/ledger/ledger.rules.js';
import { BillingUnderTest } from './billing.harness.js';

let service: BillingUnderTest;
beforeAll(async () => void (service = await BillingUnderTest.start()), 60_000);
afterAll(() => service?.stop());

const part = <T>(type: { prototype: T }): T => service.running.app.get(type as never, { strict: false });
const branchId = () => service.group.id('EB1');
const context = (branch = 'EB1') =>
  systemContext('spec', scopeOf([service.group.id(branch)]), new Date('2026-03-04T08:00:00Z'));
const within = <T>(work: (tx: Tx) => Promise<T>, branch = 'EB1'): Promise<T> =>
  part(Database).transaction(context(branch).scope, work);

const place = () => ({ branchId: branchId(), siteId: service.group.id('EB1-S1') });
const aCharge = (accountId: string, change: Partial<NewCharge> = {}): NewCharge => ({
  ...BARE_CHARGE,
  ...place(),
  id: newId(),
  accountId,
  customerId: newId(),
  propertyUnitId: null,
  feeItemCode: 'management',
  kind: 'manual',
  serviceFrom: '2026-03-01',
  serviceTo: '2026-03-31',
  amountMinor: 12050n,
  currency: 'CNY',
  bookedOn: '2026-03-04',
  dueOn: '2026-03-19',
  explanation: {},
  ...change,
});
const anAccount = (): Promise<string> =>
  within(async (tx) => {
    const wanted = { ...place(), customerId: newId(), propertyUnitId: null };
    const accounts = await part(AccountService).open(tx, context(), [wanted, wanted], '2026-03-04');
    return [...accounts.values()][0]!.id;
  });
const raise = (...charges: NewCharge[]) => within((tx) => part(ChargeService).raise(tx, context(), charges));

describe('BIL-03 the ledger', () => {
  it('takes no entry that does not balance, from the rules nor below them', async () => {
    const postings = transfer('receivable', 'prepaid', 100n);
    const entry = { ...place(), accountId: null, kind: 'payment', sourceId: newId() } as const;
    const booked = { bookedOn: '2026-03-04', currency: 'CNY' };
    const post = (lines: typeof postings) =>
      within((tx) => part(Ledger).post(tx, context(), [{ ...entry, ...booked, postings: lines }]));
    await expect(post(postings.slice(1))).rejects.toMatchObject({ code: 'ledger.unbalanced' });
    const [id] = await post(postings);
    const add = `insert into posting (entry_id, line, branch_id, booked_on, ledger_account, amount_minor, currency)
      values ($1, 9, $2, '2026-03-04', 'receivable', 5, 'CNY')`;
    await expect(within((tx) => tx.query(add, [id, branchId()]))).rejects.toThrow('add up to zero');
  });

  it('is never changed, only taken back once by a counter-entry', async () => {
    const [account, before] = [await anAccount(), await service.books()];
    const [charge] = await raise(aCharge(account));
    const entries = await within((tx) => part(Ledger).entriesOf(tx, charge!.id));
    for (const sql of ['update posting set amount_minor = 1', 'delete from journal_entry'])
      await expect(within((tx) => tx.query(sql))).rejects.toThrow('permission denied');
    const back = () => within((tx) => part(Ledger).reverse(tx, context(), entries[0]!.id, '2026-03-05'));
    await back();
    expect(await service.books()).toEqual(before);
    await expect(back()).rejects.toThrow('journal_entry_reverses_id_key');
  });

  it('ORG-01 another branch sees and takes back nothing of it', async () => {
    const [charge] = await raise(aCharge(await anAccount()));
    expect(await within((tx) => part(Ledger).entriesOf(tx, charge!.id), 'EB2')).toEqual([]);
  });
});

describe('BIL-04 a charge', () => {
  it('is raised once per account, item and day of service, whatever is repeated or overlaps', async () => {
    const account = await anAccount();
    const march = aCharge(account);
    expect(await raise(march, aCharge(account))).toEqual([march]);
    expect(await raise(aCharge(account, { serviceFrom: '2026-03-31', serviceTo: '2026-04-30' }))).toEqual([]);
    expect(
      await raise(aCharge(account, { serviceFrom: '2026-04-01', serviceTo: '2026-04-30' })),
    ).toHaveLength(1);
    const [row] = await service.rows(
      `select (select count(*) from charge where account_id = $1) charges,
         (select sum(amount_minor) from posting where account_id = $1 and ledger_account = 'receivable') owed,
         (select count(*) from outbox where payload ->> 'accountId' = $1::text) facts`,
      [account],
    );
    expect(row).toEqual({ charges: '2', owed: '24100', facts: '2' });
  });

  it('two at once raise it once', async () => {
    const account = await anAccount();
    const both = await Promise.all([raise(aCharge(account)), raise(aCharge(account))]);
    expect(both.flat()).toHaveLength(1);
  });

  it('is settled by no more than is open, and taken back by no more than was paid', async () => {
    const account = await anAccount();
    const [charge] = await raise(aCharge(account));
    const settle = (amountMinor: bigint) =>
      within((tx) =>
        part(ChargeRepository).settle(tx, context(), [{ chargeId: charge!.id, amountMinor }], {
          on: '2026-03-05',
          paymentId: newId(),
        }),
      );
    await expect(settle(-1n)).rejects.toMatchObject({ code: 'billing.settles-too-much' });
    expect(await settle(12000n)).toEqual(new Map([[charge!.id, 50n]]));
    await expect(settle(51n)).rejects.toMatchObject({ code: 'billing.settles-too-much' });
    await settle(-2000n);
    const open = await within((tx) => part(ChargeRepository).lockOpen(tx, account));
    expect(open.map(({ openMinor }) => openMinor)).toEqual([2050n]);
    const facts = await service.rows(
      'select sequence, payload from outbox where aggregateid = $1 order by sequence',
      [charge!.id],
    );
    expect(facts.map((fact) => [fact['sequence'], fact['payload'].amount, fact['payload'].open])).toEqual([
      ['1', { amount: '120.50', currency: 'CNY' }, undefined],
      ['2', { amount: '120.00', currency: 'CNY' }, { amount: '0.50', currency: 'CNY' }],
      ['3', { amount: '-20.00', currency: 'CNY' }, { amount: '20.50', currency: 'CNY' }],
    ]);
  });
});
