import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseMoney, type MoneyJson } from '@steward/kernel';
import { eventually } from '@steward/testing';
import type { Json } from '@steward/directory/testing';
import { BILLING_MEASURES } from '../src/billing/billing-figure.rules.js';
import { MEASURE_NAMES } from '../src/figure/figure.rules.js';
import { InsightsUnderTest } from './insights.harness.js';

jest.setTimeout(90_000);

let service: InsightsUnderTest;
let closing: Json;
let atClosing: Readonly<{ tickets: Json; kinds: Json; billing: Json }>;
const tickets: string[] = [];
const charges: string[] = [];
let callback = '';

/** Later than any clock of a test: everything that was told is known then. */
const AS_OF = '2199-01-01T00:00:00.000Z';
const MARCH = { fromMonth: '2025-03', toMonth: '2025-03', by: 'branch,month' };
const LATE = { late: '2150-05-20T00:00:00.000Z' };

/** EB1's March: four tickets, two of them completed in time and too late, one to be called back; two charges and a payment. */
async function tellOfMarch(): Promise<void> {
  const { facts, billing } = service;
  const due = '2025-03-10T00:00:00.000Z';
  for (const number of ['M1', 'M2', 'M3', 'M4'])
    tickets.push(
      facts.ticket('EB1', number, {
        ...{ received: '2025-03-02T00:00:00.000Z', due },
        kind: number === 'M4' ? 'complaint' : 'repair',
      }),
    );
  facts.completed(tickets[0]!, 'EB1', '2025-03-05T00:00:00.000Z', due);
  facts.completed(tickets[1]!, 'EB1', '2025-03-12T00:00:00.000Z', due);
  callback = facts.callback(tickets[0]!, 'EB1', '2025-03-05T00:00:00.000Z');
  facts.ticket('EB1', 'A1', { received: '2025-04-02T00:00:00.000Z' });
  facts.ticket('EB2', 'B1', { received: '2025-03-02T00:00:00.000Z' });
  // February was closed when it was recorded: no part of March's statement
  facts.ticket('EB1', 'F1', { received: '2025-02-10T00:00:00.000Z', late: '2025-03-20T00:00:00.000Z' });
  charges.push(billing.charge('EB1', 10_000n, '2025-03-20', { at: '2025-03-03T00:00:00.000Z' }));
  charges.push(billing.charge('EB1', 5_000n, '2025-03-20', { at: '2025-03-04T00:00:00.000Z' }));
  billing.pay('EB1', 4_000n, { at: '2025-03-06T00:00:00.000Z' }, { [charges[0]!]: 4_000n });
  billing.charge('EB2', 700n, '2025-03-20', { at: '2025-03-03T00:00:00.000Z' });
  await service.publishAll();
}

/** What comes after the closing: of all kinds that move the figures of March. */
async function tellOfWhatCameLater(): Promise<void> {
  const { facts, billing } = service;
  const [m1, , m3, m4] = tickets as [string, string, string, string];
  facts.reopened(m1, 'EB1', '2150-05-04T00:00:00.000Z', null);
  facts.completed(m3, 'EB1', '2150-05-05T00:00:00.000Z', '2025-03-10T00:00:00.000Z');
  facts.calledBack(callback, m1, 'EB1', '2150-05-06T00:00:00.000Z', 'satisfied');
  facts.classified(m4, 'EB1', '2150-05-07T00:00:00.000Z', { kind: 'repair', category: 'lift', due: null });
  facts.ticket('EB1', 'M5', { received: '2025-03-30T00:00:00.000Z', ...LATE });
  billing.pay('EB1', 6_000n, { at: '2150-05-08T00:00:00.000Z' }, { [charges[0]!]: 6_000n });
  billing.pay('EB1', 500n, { at: '2025-03-28T00:00:00.000Z', ...LATE }, { [charges[1]!]: 500n });
  billing.creditNote(charges[1]!, 1_000n, { at: '2025-03-29T00:00:00.000Z', ...LATE });
  await service.publishAll();
}

const address = (of: string, query = ''): string =>
  `/api/v1/month-closings/${closing['id'] as string}/figures/${of}?${query}`;
async function statement(of: string, query = `asOf=${AS_OF}`): Promise<Json> {
  const answer = await service.get(address(of, query), 'hq.auditor');
  if (answer.status !== 200) throw new Error(`answered ${answer.status} ${answer.text}`);
  return answer.body;
}
const whole = async () => ({
  tickets: await statement('tickets'),
  kinds: await statement('tickets', `asOf=${AS_OF}&by=kind`),
  categories: await statement('tickets', `asOf=${AS_OF}&by=category`),
  billing: await statement('billing'),
});

const isMoney = (value: unknown): value is MoneyJson => typeof value === 'object' && value !== null;
const plain = (value: unknown): unknown => (isMoney(value) ? Number(parseMoney(value).minor) : value);
type Part = 'asClosed' | 'now' | 'correction';
/** One column of a row, without what is zero; amounts in minor units. */
const column = (row: Json, part: Part): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row['figures'] as Record<string, Json>)
      .map(([name, figure]) => [name, plain(figure[part])] as const)
      .filter(([, value]) => value !== 0),
  );
const rowsOf = (of: Json): Json[] => of['rows'] as Json[];
const asClosed = (of: Json): unknown =>
  rowsOf(of)
    .map((row) => [row['kind'], row['currency'], column(row, 'asClosed')] as unknown)
    .filter((row) => Object.keys((row as unknown[])[2] as object).length > 0);

beforeAll(async () => {
  service = await InsightsUnderTest.start();
  await tellOfMarch();
  const body = { branchId: service.group.id('EB1'), month: '2025-03' };
  closing = await service.make('/api/v1/month-closings', 'hq.admin', body);
  atClosing = await whole();
}, 90_000);
afterAll(() => service?.stop());

const TICKETS_AS_CLOSED = {
  ...{ received: 4, closed: 2, open: 2, onTime: 1, closedLate: 1, openOverdue: 2, overdue: 3 },
  ...{ everClosed: 2, callbacksDue: 1 },
};
const MONEY_AS_CLOSED = { receivable: 15_000, received: 4_000, owed: 15_000, collected: 4_000, open: 11_000 };

describe('a closed month', () => {
  it('GRP-02 keeps its figures as they were when it was closed, and nothing is corrected yet', () => {
    const [row] = rowsOf(atClosing.tickets);
    expect(column(row!, 'asClosed')).toEqual(TICKETS_AS_CLOSED);
    expect(column(row!, 'now')).toEqual(TICKETS_AS_CLOSED);
    expect(column(row!, 'correction')).toEqual({});
    expect(row!['rates']).toEqual({
      callback: { asClosed: '0.0000', now: '0.0000', correction: '0.0000' },
      reopen: { asClosed: '0.0000', now: '0.0000', correction: '0.0000' },
    });
    expect(
      rowsOf(atClosing.kinds).map((kind) => [kind['kind'], column(kind, 'asClosed')['received']]),
    ).toEqual([
      ['complaint', 1],
      ['repair', 3],
    ] as unknown);
    const [cny] = rowsOf(atClosing.billing);
    expect(column(cny!, 'asClosed')).toMatchObject({ ...MONEY_AS_CLOSED, arrears: 11_000 });
    expect(cny!['collectionRate']['asClosed']).toBe('0.2666');
  });

  it('GRP-02 is told in the rows of its month, with the way to its statement', async () => {
    const rows = async (of: string, query: Record<string, string>): Promise<unknown[]> => {
      const search = new URLSearchParams(query).toString();
      const { body } = await service.get(`/api/v1/figures/${of}?${search}`, 'eb1.manager');
      return rowsOf(body).map(({ month, closedAt, statement: at }) => [month, closedAt, at] as unknown);
    };
    const { id, closedAt } = closing;
    for (const part of ['tickets', 'billing'])
      expect(await rows(part, MARCH)).toEqual([
        ['2025-03', closedAt, `/api/v1/month-closings/${id as string}/figures/${part}`],
      ]);
    expect(await rows('tickets', { fromMonth: '2025-04', by: 'branch,month' })).toEqual([
      ['2025-04', null, null],
    ]);
    expect(await rows('tickets', { ...MARCH, by: 'branch' })).toEqual([[null, null, null]]);
  });

  it('GRP-02 stands when facts of it come later: they move what is now, and the correction', async () => {
    await tellOfWhatCameLater();
    const after = await whole();
    for (const part of ['tickets', 'kinds', 'billing'] as const)
      expect(asClosed(after[part])).toEqual(asClosed(atClosing[part]));
    const [row] = rowsOf(after.tickets);
    expect(column(row!, 'now')).toEqual({
      ...{ received: 5, closed: 2, open: 3, closedLate: 2, overdue: 2, withoutDeadline: 3 },
      ...{ everClosed: 3, reopened: 1, callbacksDue: 1, calledBack: 1, late: 1 },
    });
    expect(column(row!, 'correction')).toEqual({
      ...{ received: 1, open: 1, onTime: -1, closedLate: 1, openOverdue: -2, overdue: -1 },
      ...{ withoutDeadline: 3, everClosed: 1, reopened: 1, calledBack: 1, late: 1 },
    });
    expect(row!['rates']).toEqual({
      callback: { asClosed: '0.0000', now: '1.0000', correction: '1.0000' },
      reopen: { asClosed: '0.0000', now: '0.3333', correction: '0.3333' },
    });
    expect(rowsOf(after.kinds).map((kind) => [kind['kind'], column(kind, 'correction')['received']])).toEqual(
      [
        ['complaint', -1],
        ['repair', 2],
      ] as unknown,
    );
    const [cny] = rowsOf(after.billing);
    expect(column(cny!, 'correction')).toMatchObject({
      ...{ receivable: -1_000, received: 500, owed: -1_000, collected: 6_500, open: -7_500, arrears: -7_500 },
    });
    expect(cny!['collectionRate']).toEqual({ asClosed: '0.2666', now: '0.7500', correction: '0.4834' });
  });

  it('GRP-02 opens to the records of now, and to those of the closing wherever they still are the same', async () => {
    const { tickets: total, kinds, categories, billing } = await whole();
    for (const row of [total, kinds, categories].flatMap(rowsOf)) {
      for (const measure of MEASURE_NAMES) {
        const { now, asClosed: closed, opens } = row['figures'][measure] as Json;
        const count = async (of: string) => (await service.records(`${row[of]}&measure=${measure}`)).length;
        expect({ measure, now: await count('records') }).toEqual({ measure, now: now as number });
        if (opens) expect({ measure, closed: await count('recordsAsClosed') }).toEqual({ measure, closed });
      }
    }
    for (const row of rowsOf(billing)) {
      for (const measure of BILLING_MEASURES) {
        const { now, asClosed: closed, opens } = row['figures'][measure] as Json;
        const sum = async (of: string) =>
          (await service.records(`${row[of]}&measure=${measure}`)).reduce(
            (all, { amount }) => all + Number(parseMoney(amount as MoneyJson).minor),
            0,
          );
        expect({ measure, now: await sum('records') }).toEqual({ measure, now: plain(now) });
        expect({ measure, opens, closed: await sum('recordsAsClosed') }).toEqual({
          ...{ measure, closed: plain(closed) },
          opens: true,
        });
      }
    }
    // a reopened ticket does not tell any more that it was closed then; who was received then is known for ever
    const { received, closed } = rowsOf(total)[0]!['figures'] as Record<string, Json>;
    expect([received!['opens'], closed!['opens']]).toEqual([true, false]);
  });

  it('GRP-02 is fixed by the first closing; a second is refused and changes nothing', async () => {
    const before = await service.rows('select * from month_closing_figure order by id');
    const body = { branchId: service.group.id('EB1'), month: '2025-03' };
    const again = await service.post('/api/v1/month-closings', 'hq.admin', body);
    expect([again.status, again.body['code']]).toEqual([409, 'month.already-closed']);
    for (const table of ['month_closing', 'month_closing_figure'])
      for (const change of [`update ${table} set branch_id = branch_id`, `delete from ${table}`])
        await expect(service.rows(change)).rejects.toThrow('what was closed stays as it is');
    expect(await service.rows('select * from month_closing_figure order by id')).toEqual(before);
  });

  it('GRP-03 a rebuild leaves its statement as it is, to the byte', async () => {
    const stored = 'select f::text as line from month_closing_figure f order by id';
    const before = { lines: await service.rows(stored), text: JSON.stringify(await whole()) };
    await service.post('/api/v1/figures/tickets/rebuild', 'hq.admin', {});
    await eventually(async () => (await service.figures())['generation'] === 2, { timeoutMs: 60_000 });
    await eventually(
      async () => (await service.rows('select from ticket_fact where generation = 1 limit 1')).length === 0,
      { timeoutMs: 30_000 },
    );
    expect({ lines: await service.rows(stored), text: JSON.stringify(await whole()) }).toEqual(before);
  });

  it('ORG-01 is seen by who oversees the branch, each the figures that his role works with', async () => {
    const status = async (of: string, as: string): Promise<number> =>
      (await service.get(address(of), as)).status;
    for (const part of ['tickets', 'billing']) {
      expect([await status(part, 'eb1.manager'), await status(part, 'east.manager')]).toEqual([200, 200]);
      expect([await status(part, 'eb2.manager'), await status(part, 's1.supervisor')]).toEqual([404, 404]);
      expect(await status(part, 'eb1.agent')).toBe(403);
      const unknown = `/api/v1/month-closings/${service.group.id('EB1')}/figures/${part}`;
      expect((await service.get(unknown, 'hq.admin')).body['code']).toBe('month.closing-unknown');
      expect((await service.get('/api/v1/month-closings/x/figures/tickets', 'hq.admin')).status).toBe(400);
    }
    const closed = async (as: string): Promise<unknown> =>
      (await service.get('/api/v1/month-closings?month=2025-03', as)).body['items'];
    expect(await closed('s1.supervisor')).toMatchObject([{ id: closing['id'] }]);
    expect(await closed('eb2.manager')).toEqual([]);
    expect([await status('billing', 'eb1.accountant'), await status('tickets', 'eb1.accountant')]).toEqual([
      200, 403,
    ]);
  });

  it('GRP-02 that was closed before figures were kept says so', async () => {
    const old = { id: tickets[0]!, branchId: service.group.id('EB1') };
    await service.rows(
      `insert into month_closing values ($1, $2, '2024-12', 'Asia/Shanghai', '2025-01-05', 'hq.admin')`,
      [old.id, old.branchId],
    );
    const { status, body } = await service.get(
      `/api/v1/month-closings/${old.id}/figures/tickets`,
      'eb1.manager',
    );
    expect([status, body['code']]).toEqual([404, 'month.figures-not-kept']);
  });
});
