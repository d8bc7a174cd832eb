import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseMoney, type MoneyJson, toLocalDate } from '@steward/kernel';
import { eventually } from '@steward/testing';
import type { Json } from '@steward/directory/testing';
import { BILLING_MEASURES, FLOW_NAMES } from '../src/billing/billing-figure.rules.js';
import { InsightsUnderTest, type Query } from './insights.harness.js';

jest.setTimeout(90_000);

let service: InsightsUnderTest;

const FIGURES = '/api/v1/figures/billing';
const AS_OF = '2026-04-10T00:00:00.000Z';
let facts = 0;

/** EB1 in Shanghai and NB1 in New York; the figures below are counted from these lines. */
async function tellTheStory(): Promise<void> {
  const { billing } = service;
  // Shanghai: 31 January 23:59:59. Paid in March, in time for nothing.
  const c1 = billing.charge('EB1', 10_000n, '2026-01-10', { at: '2026-01-31T15:59:59.000Z' });
  // Shanghai: 1 February 00:00:00. Of the site; half paid.
  const c2 = billing.charge(
    'EB1',
    20_000n,
    '2026-03-10',
    { at: '2026-01-31T16:00:00.000Z' },
    { site: 'EB1-S1' },
  );
  // Reversed in March.
  const c3 = billing.charge('EB1', 5_000n, '2026-02-20', { at: '2026-02-15T00:00:00.000Z' });
  billing.reverse(c3, { at: '2026-03-02T00:00:00.000Z' });
  // Credited by a third in March; due on the day that is asked for, so no arrears.
  const c4 = billing.charge('EB1', 3_000n, '2026-04-10', { at: '2026-03-03T00:00:00.000Z' });
  billing.creditNote(c4, 1_000n, { at: '2026-03-04T00:00:00.000Z' });
  // One of each age.
  for (const dueOn of ['2026-03-11', '2026-03-10', '2026-01-10', '2026-01-09', '2025-10-12', '2025-10-11'])
    billing.charge('EB2', 100n, dueOn, { at: '2026-03-05T00:00:00.000Z' });
  billing.charge('EB2', 100n, '2025-04-10', { at: '2026-03-05T00:00:00.000Z' });
  billing.charge('EB2', 100n, '2025-04-09', { at: '2026-03-05T00:00:00.000Z' });
  billing.pay('EB1', 20_000n, { at: '2026-03-06T00:00:00.000Z' }, { [c1]: 10_000n, [c2]: 10_000n });
  const bounced = billing.pay('EB1', 700n, { at: '2026-03-07T00:00:00.000Z' }, { [c2]: 700n });
  billing.payBack(bounced, 'EB1', 700n, { at: '2026-03-09T00:00:00.000Z' }, { [c2]: 700n });
  // A payment of January that was recorded after January was closed.
  billing.pay(
    'EB1',
    400n,
    { at: '2026-01-20T00:00:00.000Z', late: '2026-03-20T00:00:00.000Z' },
    { [c2]: 400n },
  );
  // New York: 31 January 23:59:59; in another currency.
  billing.charge('NB1', 9_900n, '2026-05-01', { at: '2026-02-01T04:59:59.000Z' }, { currency: 'USD' });
  await publish();
}

async function publish(): Promise<void> {
  const { billing } = service;
  await billing.publish();
  facts = billing.published.length;
  await eventually(
    async () => {
      const [row] = await service.rows<{ n: number }>(
        'select count(*)::int n from billing_fact where generation = (select max(generation) from billing_fact)',
      );
      return row!.n === facts;
    },
    { timeoutMs: 30_000 },
  );
}

async function ask(query: Query = {}, as = 'hq.admin'): Promise<Json> {
  const search = new URLSearchParams({ asOf: AS_OF, ...query }).toString();
  const answer = await service.get(`${FIGURES}?${search}`, as);
  if (answer.status !== 200) throw new Error(`answered ${answer.status} ${answer.text}`);
  return answer.body;
}

const minor = (json: MoneyJson): number => Number(parseMoney(json).minor);
/** The figures that are not zero, in minor units. */
const plain = (figures: Json): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(figures)
      .map(([name, value]) => [name, name === 'collectionRate' ? value : minor(value as MoneyJson)] as const)
      .filter(([, value]) => value !== 0 && value !== null),
  );
const rowOf = async (branch: string, query: Query = {}): Promise<Json> =>
  ((await ask({ branchId: service.group.id(branch), ...query }))['rows'] as Json[])[0]!;
async function monthsOf(branch: string, query: Query = {}): Promise<Record<string, unknown>> {
  const rows = (await ask({ branchId: service.group.id(branch), by: 'branch,month', ...query }))['rows'];
  return Object.fromEntries(
    (rows as Json[]).map((row) => [
      row['month'] as string,
      { ...plain(row['figures'] as Json), corrections: plain(row['corrections'] as Json) },
    ]),
  );
}

beforeAll(async () => {
  service = await InsightsUnderTest.start();
  await tellTheStory();
}, 90_000);
afterAll(() => service?.stop());

const EB1_MONTHS = {
  '2026-01': {
    receivable: 10_000,
    owed: 10_000,
    collected: 10_000,
    collectionRate: '1.0000',
    corrections: {},
  },
  '2026-02': {
    receivable: 25_000,
    owed: 20_000,
    collected: 10_400,
    collectionRate: '0.5200',
    open: 9_600,
    arrears: 9_600,
    arrears31To90: 9_600,
    corrections: {},
  },
  '2026-03': {
    receivable: -5_000 + 3_000 - 1_000,
    received: 20_000 + 700 - 700,
    owed: 2_000,
    collectionRate: '0.0000',
    open: 2_000,
    corrections: { received: 400 },
  },
};

describe('figures of billing', () => {
  it("GRP-01 tell receivable, received, collection rate and arrears by the month of the branch's own time", async () => {
    expect(await monthsOf('EB1')).toEqual(EB1_MONTHS);
    expect(Object.keys(await monthsOf('NB1'))).toEqual(['2026-01']);
  });

  it('GRP-01 tell arrears by age from the day after the due day', async () => {
    expect(plain((await rowOf('EB2'))['figures'] as Json)).toEqual({
      receivable: 800,
      owed: 800,
      open: 800,
      arrears: 800,
      collectionRate: '0.0000',
      arrears0To30: 100,
      arrears31To90: 200,
      arrears91To180: 200,
      arrears181To365: 200,
      arrearsOver365: 100,
    });
  });

  it('GRP-01 tell each currency for itself, also in total', async () => {
    const { totals } = await ask({ by: '' });
    expect((totals as Json[]).map(({ currency }) => currency as unknown)).toEqual(['CNY', 'USD']);
    expect(plain((totals as Json[])[1]!['figures'] as Json)).toEqual({
      receivable: 9_900,
      owed: 9_900,
      open: 9_900,
      collectionRate: '0.0000',
    });
    expect((await ask({ currency: 'USD' }))['rows']).toHaveLength(1);
  });

  it('GRP-01 judge what depends on now by asOf', async () => {
    const before = await rowOf('EB1', { asOf: '2026-03-05T00:00:00.000Z' });
    expect(plain(before['figures'] as Json)).toMatchObject({
      owed: 32_000,
      open: 32_000,
      arrears: 10_000,
      arrears31To90: 10_000,
    });
    const bounced = await rowOf('EB1', { asOf: '2026-03-08T00:00:00.000Z' });
    expect(plain(bounced['figures'] as Json)).toMatchObject({ received: 20_700, collected: 20_700 });
  });

  it('GRP-02 every figure opens to the records that make it up, page by page', async () => {
    const { rows } = await ask({ by: 'branch,month' });
    for (const row of rows as Json[]) {
      for (const measure of BILLING_MEASURES) {
        const records = await service.records(`${row['records']}&measure=${measure}`);
        const sum = records.reduce((total, record) => total + minor(record['amount'] as MoneyJson), 0);
        expect({ row: row['month'] as string, measure, sum }).toEqual({
          row: row['month'] as string,
          measure,
          sum: minor(row['figures'][measure] as MoneyJson),
        });
      }
      for (const measure of FLOW_NAMES) {
        const records = await service.records(`${row['records']}&measure=${measure}&late=true`);
        const sum = records.reduce((total, record) => total + minor(record['amount'] as MoneyJson), 0);
        expect(sum).toBe(minor(row['corrections'][measure] as MoneyJson));
      }
    }
  });

  it('ORG-01 show each caller his own branches and site', async () => {
    const codes = async (as: string): Promise<string[]> =>
      ((await ask({}, as))['rows'] as Json[]).map((row) => row['branchCode'] as string);
    expect(await codes('hq.auditor')).toEqual(expect.arrayContaining(['EB1', 'EB2', 'NB1']));
    expect((await codes('east.manager')).sort()).toEqual(['EB1', 'EB2']);
    expect(await codes('eb1.accountant')).toEqual(['EB1']);
    expect(await codes('eb2.manager')).toEqual(['EB2']);
    const [site] = (await ask({}, 's1.supervisor'))['rows'] as Json[];
    expect(plain(site!['figures'] as Json)).toMatchObject({ owed: 20_000, collected: 10_400 });
    expect((await service.get(FIGURES, 'eb1.agent')).status).toBe(403);
    const foreign = `${FIGURES}/records?branchId=${service.group.id('EB1')}`;
    expect(await service.records(foreign, 'eb2.manager')).toEqual([]);
  });

  it('a repeat of every fact changes nothing', async () => {
    const before = await ask({ by: 'branch,month' });
    await service.billing.again(service.billing.published);
    service.billing.charge('EB2', 1n, '2026-12-31', { at: '2026-04-11T00:00:00.000Z' });
    await publish();
    expect(await ask({ by: 'branch,month' })).toEqual(before);
  });
});

describe('a closed month', () => {
  const close = (branch: string, month: string, as = 'hq.admin', key = `${branch}-${month}-close`) =>
    service.post('/api/v1/month-closings', as, { branchId: service.group.id(branch), month }, { key });

  it('GRP-02 is closed by an explicit command, once, after it ended, by headquarters', async () => {
    const seen = await service.listen('insights.v1');
    const now = toLocalDate(new Date(), 'Asia/Shanghai').slice(0, 7);
    expect((await close('EB1', now)).body['code']).toBe('month.not-ended');
    expect((await close('EB1', '2026-02', 'eb1.manager')).status).toBe(403);
    expect((await close('EB1', '2026-02', 'eb1.accountant')).status).toBe(403);
    const answer = await close('EB1', '2026-02');
    expect(answer).toMatchObject({ status: 201, body: { month: '2026-02', timeZone: 'Asia/Shanghai' } });
    expect((await close('EB1', '2026-02')).body).toEqual(answer.body);
    const again = await close('EB1', '2026-02', 'hq.admin', 'another-key-of-the-same');
    expect([again.status, again.body['code']]).toEqual([409, 'month.already-closed']);
    const closings = await service.get('/api/v1/month-closings', 'eb1.manager');
    expect(closings.body['items']).toEqual([answer.body]);
    expect((await service.get('/api/v1/month-closings', 'eb2.manager')).body['items']).toEqual([]);
    const told = await eventually(() => {
      const found = seen.filter(({ headers }) => String(headers?.['ce_type']) === 'insights.month-closed.v1');
      return found.length > 0 && found;
    });
    expect(told.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual([
      { monthId: answer.body['id'] as string, month: '2026-02', closedAt: answer.body['closedAt'] as string },
    ]);
    await eventually(async () => {
      const [, february] = (await ask({ branchId: service.group.id('EB1'), by: 'branch,month' }))[
        'rows'
      ] as Json[];
      return february!['closed'] === true;
    });
  });

  it('GRP-02 keeps its figures: late facts show as corrections in the month in which they were recorded', async () => {
    const late = { at: '2026-02-10T00:00:00.000Z', late: '2026-03-25T00:00:00.000Z' };
    const charge = service.billing.charge('EB1', 800n, '2026-02-25', late);
    service.billing.pay('EB1', 300n, late, { [charge]: 300n });
    await publish();
    const { '2026-02': february, '2026-03': march, ...others } = await monthsOf('EB1');
    expect(february).toEqual(EB1_MONTHS['2026-02']);
    expect(march).toMatchObject({
      receivable: -3_000,
      received: 20_000,
      corrections: { receivable: 800, received: 700 },
    });
    expect(others).toEqual({ '2026-01': EB1_MONTHS['2026-01'] });
    const endOfFebruary = { asOf: '2026-02-28T16:00:00.000Z' };
    expect(await monthsOf('EB1', endOfFebruary)).toEqual({
      '2026-01': {
        receivable: 10_000,
        owed: 10_000,
        open: 10_000,
        arrears: 10_000,
        arrears31To90: 10_000,
        collectionRate: '0.0000',
        corrections: {},
      },
      '2026-02': {
        receivable: 25_000,
        owed: 25_000,
        open: 25_000,
        arrears: 5_000,
        arrears0To30: 5_000,
        collectionRate: '0.0000',
        corrections: {},
      },
    });
  });
});

describe('GRP-03 a rebuild', () => {
  it('gives exactly the same figures of billing, late facts included', async () => {
    const rebuild = '/api/v1/figures/tickets/rebuild';
    const before = await ask({ by: 'branch,month' });
    await service.post(rebuild, 'hq.admin', {});
    const ended = await eventually(
      async () => {
        const { body } = await service.get(rebuild, 'hq.auditor');
        return body['active'] === 2 && body;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended['compared']).toMatchObject({ equal: true, differing: 0, facts });
    const after = await eventually(async () => {
      const figures = await ask({ by: 'branch,month' });
      return figures['generation'] === 2 && figures;
    });
    expect({ ...after, generation: 1 }).toEqual(before);
    await eventually(
      async () =>
        (await service.rows('select 1 from billing_fact where generation = 1 limit 1')).length === 0,
      { timeoutMs: 30_000 },
    );
  });

  it('that differs in one amount is given up', async () => {
    await service.rows(`update billing_fact set amount = amount + 1 where kind = 'payment' and number like 'EB1%'
      and event_id = (select event_id from billing_fact where kind = 'payment' limit 1)`);
    await service.post('/api/v1/figures/tickets/rebuild', 'hq.admin', {});
    const ended = await eventually(
      async () => {
        const { body } = await service.get('/api/v1/figures/tickets/rebuild', 'hq.auditor');
        return body['building'] === null && body;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended).toMatchObject({ active: 2, compared: { equal: false, differing: 1 } });
  });
});
