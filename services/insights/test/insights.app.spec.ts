import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import { MEASURE_NAMES } from '../src/figure/figure.rules.js';
import type { Json } from '@steward/directory/testing';
import { InsightsUnderTest, type Query } from './insights.harness.js';

jest.setTimeout(60_000);

let service: InsightsUnderTest;

const AS_OF = '2026-03-15T00:00:00.000Z';
const RECEIVED = 11;

/** Eight tickets of EB1, one of EB2, two of NB1 around the turn of a month; the figures below are counted from these lines. */
async function tellTheStory(): Promise<void> {
  const { facts } = service;
  // Shanghai: 31 January 23:59:59, the last second of the month.
  const t1 = facts.ticket('EB1', 'T1', {
    received: '2026-01-31T15:59:59.000Z',
    due: '2026-02-02T00:00:00.000Z',
  });
  facts.completed(t1, 'EB1', '2026-02-01T10:00:00.000Z', '2026-02-02T00:00:00.000Z');
  // Shanghai: 1 February 00:00:00. Closed late.
  const t2 = facts.ticket('EB1', 'T2', {
    received: '2026-01-31T16:00:00.000Z',
    kind: 'complaint',
    channel: 'web',
    category: 'noise',
    due: '2026-02-03T00:00:00.000Z',
  });
  facts.completed(t2, 'EB1', '2026-02-05T00:00:00.000Z', '2026-02-03T00:00:00.000Z');
  // Open, without a deadline and a category.
  facts.ticket('EB1', 'T3', {
    received: '2026-02-10T00:00:00.000Z',
    kind: 'inquiry',
    channel: 'letter',
    category: null,
  });
  // Open and overdue.
  const t4 = facts.ticket('EB1', 'T4', {
    received: '2026-02-11T00:00:00.000Z',
    due: '2026-02-12T00:00:00.000Z',
  });
  facts.assigned(t4, 'EB1', '2026-02-11T01:00:00.000Z');
  // Cancelled.
  const t5 = facts.ticket('EB1', 'T5', {
    received: '2026-02-12T00:00:00.000Z',
    due: '2026-02-14T00:00:00.000Z',
  });
  facts.cancelled(t5, 'EB1', '2026-02-12T12:00:00.000Z');
  // Of the site: completed in time and reopened; overdue since.
  const t6 = facts.ticket('EB1', 'T6', {
    received: '2026-03-01T00:00:00.000Z',
    channel: 'app',
    due: '2026-03-05T00:00:00.000Z',
    site: 'EB1-S1',
  });
  facts.completed(t6, 'EB1', '2026-03-02T00:00:00.000Z', '2026-03-05T00:00:00.000Z');
  facts.reopened(t6, 'EB1', '2026-03-03T00:00:00.000Z', '2026-03-05T00:00:00.000Z');
  // Paused and resumed: due on the 8th.
  const t7 = facts.ticket('EB1', 'T7', {
    received: '2026-03-02T00:00:00.000Z',
    due: '2026-03-03T00:00:00.000Z',
    source: 'old-system',
  });
  facts.paused(t7, 'EB1', '2026-03-02T12:00:00.000Z', '2026-03-09T12:00:00.000Z', '2026-03-10T00:00:00.000Z');
  facts.resumed(t7, 'EB1', '2026-03-07T12:00:00.000Z', '2026-03-08T00:00:00.000Z');
  // Filed anew: from a complaint to a repair, due on the 20th.
  const t8 = facts.ticket('EB1', 'T8', {
    received: '2026-03-03T00:00:00.000Z',
    kind: 'complaint',
    category: null,
    due: '2026-03-06T00:00:00.000Z',
  });
  facts.classified(t8, 'EB1', '2026-03-03T01:00:00.000Z', {
    kind: 'repair',
    category: 'water-leak',
    due: '2026-03-20T00:00:00.000Z',
  });
  facts.ticket('EB2', 'E1', { received: '2026-02-01T00:00:00.000Z', due: '2026-04-01T00:00:00.000Z' });
  // New York: 31 January 23:59:59, and 1 February 00:00:00.
  facts.ticket('NB1', 'N1', { received: '2026-02-01T04:59:59.000Z', due: '2026-04-01T00:00:00.000Z' });
  facts.ticket('NB1', 'N2', { received: '2026-02-01T05:00:00.000Z', due: '2026-04-01T00:00:00.000Z' });
  await facts.publish();
  await service.counted(RECEIVED);
}

beforeAll(async () => {
  service = await InsightsUnderTest.start();
  await tellTheStory();
}, 90_000);
afterAll(() => service?.stop());

const NONE = {
  received: 0,
  closed: 0,
  cancelled: 0,
  open: 0,
  onTime: 0,
  closedLate: 0,
  openOverdue: 0,
  overdue: 0,
  withoutDeadline: 0,
  everClosed: 0,
  reopened: 0,
  callbacksDue: 0,
  calledBack: 0,
  late: 0,
};
const EB1 = {
  ...NONE,
  received: 8,
  closed: 2,
  cancelled: 1,
  open: 5,
  onTime: 1,
  closedLate: 1,
  openOverdue: 3,
  overdue: 4,
  withoutDeadline: 1,
  everClosed: 3,
  reopened: 1,
};
const OPEN = { ...NONE, received: 1, open: 1 };
/** Open again after it was completed. */
const AGAIN = { ...OPEN, everClosed: 1, reopened: 1 };
const total = async (query: Query, as?: string): Promise<Json> =>
  (await service.figures({ asOf: AS_OF, ...query }, as))['total'] as Json;
const rowsBy = async (by: string, query: Query = {}, as?: string): Promise<Json[]> =>
  (await service.figures({ asOf: AS_OF, by, ...query }, as))['rows'] as Json[];
const figuresBy = async (by: string, field: string, query: Query = {}): Promise<Record<string, Json>> =>
  Object.fromEntries((await rowsBy(by, query)).map((row) => [String(row[field]), row['figures'] as Json]));

describe('figures', () => {
  it('GRP-01 count tickets by branch', async () => {
    expect(await figuresBy('branch', 'branchCode')).toEqual({
      EB1,
      EB2: OPEN,
      NB1: { ...OPEN, received: 2, open: 2 },
    });
    expect(await total({})).toEqual({ ...EB1, received: 11, open: 8 });
    const answer = await service.figures({ asOf: AS_OF });
    expect(answer).toMatchObject({ asOf: AS_OF, generation: 1, by: ['branch'] });
    expect((answer['rows'] as Json[])[0]).toMatchObject({
      branchName: expect.stringContaining('单位'),
      month: null,
    });
  });

  it("GRP-01 count by month of the branch's own time", async () => {
    const month = (branch: string) => figuresBy('month', 'month', { branchId: service.facts.id(branch) });
    expect(await month('EB1')).toEqual({
      '2026-01': { ...NONE, received: 1, closed: 1, onTime: 1, everClosed: 1 },
      '2026-02': {
        ...NONE,
        received: 4,
        closed: 1,
        cancelled: 1,
        open: 2,
        closedLate: 1,
        openOverdue: 1,
        overdue: 2,
        withoutDeadline: 1,
        everClosed: 1,
      },
      '2026-03': { ...NONE, received: 3, open: 3, openOverdue: 2, overdue: 2, everClosed: 1, reopened: 1 },
    });
    expect(await month('NB1')).toEqual({ '2026-01': OPEN, '2026-02': OPEN });
    expect((await total({ fromMonth: '2026-02', toMonth: '2026-02' }))['received']).toBe(4 + 1 + 1);
    expect((await total({ toMonth: '2026-01' }))['received']).toBe(1 + 1);
    expect((await total({ fromMonth: '2026-03' }))['received']).toBe(3);
    expect((await total({ fromMonth: '2026-03', toMonth: '2026-02' }))['received']).toBe(0);
  });

  it('GRP-01 count by category, channel and kind, also together', async () => {
    expect(await figuresBy('category', 'categoryCode')).toMatchObject({
      null: { received: 1, withoutDeadline: 1 },
      noise: { received: 1, closedLate: 1 },
      'water-leak': { received: 9, onTime: 1, cancelled: 1, openOverdue: 3 },
    });
    expect(await figuresBy('channel', 'channel')).toMatchObject({
      app: { received: 1 },
      hotline: { received: 8 },
      letter: { received: 1 },
      web: { received: 1 },
    });
    expect(await figuresBy('kind', 'kind')).toMatchObject({
      complaint: { received: 1 },
      inquiry: { received: 1 },
      repair: { received: 9 },
    });
    const rows = await rowsBy('branch,kind', { branchId: service.facts.id('EB1') });
    expect(rows.map((row) => [row['branchCode'], row['kind'], row['figures'].received] as unknown)).toEqual([
      ['EB1', 'complaint', 1],
      ['EB1', 'inquiry', 1],
      ['EB1', 'repair', 6],
    ]);
  });

  it('are selected by what one asks for', async () => {
    const received = async (query: Query) => (await total(query))['received'] as number;
    expect(await received({ kind: 'repair', channel: 'app' })).toBe(1);
    expect(await received({ categoryCode: 'noise' })).toBe(1);
    expect(await received({ source: 'old-system' })).toBe(1);
    expect(await received({ regionId: service.facts.id('East') })).toBe(9);
    expect(await received({ regionId: service.facts.id('North') })).toBe(2);
    expect(await received({ branchId: service.facts.id('EB2') })).toBe(1);
    expect(await received({ branchId: service.facts.id('EB2'), regionId: service.facts.id('North') })).toBe(
      0,
    );
    const one = await service.figures({ asOf: AS_OF, by: '' });
    expect(one).toMatchObject({ by: [], rows: [], total: { received: 11 } });
  });

  it('are judged at the time one asks for', async () => {
    const branchId = service.facts.id('EB1');
    expect(await total({ branchId, asOf: '2026-02-04T00:00:00.000Z' })).toEqual({
      ...NONE,
      received: 2,
      closed: 1,
      everClosed: 1,
      onTime: 1,
      open: 1,
      openOverdue: 1,
      overdue: 1,
    });
    expect(await total({ branchId, asOf: '2026-02-11T20:00:00.000+08:00' })).toEqual({
      ...NONE,
      received: 4,
      closed: 2,
      everClosed: 2,
      onTime: 1,
      closedLate: 1,
      overdue: 1,
      open: 2,
      withoutDeadline: 1,
    });
    expect(await total({ branchId, asOf: '2026-01-01T00:00:00.000Z' })).toEqual(NONE);
    expect((await total({ branchId, asOf: '2026-03-20T00:00:00.001Z' }))['openOverdue']).toBe(4);
  });

  it('GRP-02 open to exactly their records, every one of them', async () => {
    for (const by of ['branch', 'branch,month', 'branch,category,channel,kind,month', 'month', 'category'])
      for (const row of await rowsBy(by))
        for (const measure of MEASURE_NAMES) {
          const records = await service.records(`${row['records'] as string}&measure=${measure}`);
          expect({ by, measure, records: records.length }).toEqual({
            by,
            measure,
            records: row['figures'][measure] as number,
          });
          expect(new Set(records.map(({ ticketId }) => ticketId as string)).size).toBe(records.length);
        }
    const numbers = async (measure: string) =>
      (await service.records(`/api/v1/figures/tickets/records?asOf=${AS_OF}&measure=${measure}`)).map(
        ({ number }) => number as string,
      );
    expect(await numbers('openOverdue')).toEqual(['T4', 'T6', 'T7']);
    expect(await numbers('closedLate')).toEqual(['T2']);
    expect(await numbers('withoutDeadline')).toEqual(['T3']);
    const [t7] = await service.records(`/api/v1/figures/tickets/records?asOf=${AS_OF}&source=old-system`);
    expect(t7).toMatchObject({
      number: 'T7',
      dueAt: '2026-03-08T00:00:00.000Z',
      source: 'old-system',
      externalId: 'T7',
      onTime: null,
    });
  });

  it('GRP-03 fold everything that happened to one ticket to its last state', async () => {
    const { facts } = service;
    const due = (day: number): string => `2026-05-0${day}T01:00:00.000Z`;
    const id = facts.ticket('EB2', 'F1', { received: due(4), channel: 'visit', due: due(5) });
    facts.classified(id, 'EB2', '2026-05-04T02:00:00.000Z', { kind: 'hazard', category: 'gas', due: due(5) });
    facts.paused(id, 'EB2', '2026-05-04T03:00:00.000Z', '2026-05-06T03:00:00.000Z', due(7));
    facts.resumed(id, 'EB2', '2026-05-05T03:00:00.000Z', due(6));
    facts.completed(id, 'EB2', '2026-05-05T12:00:00.000Z', due(6));
    await facts.publish();
    const asOf = '2026-05-08T00:00:00.000Z';
    const seen = async (): Promise<Json> =>
      (await service.records(`/api/v1/figures/tickets/records?asOf=${asOf}&channel=visit`))[0] ?? {};
    await eventually(async () => (await seen())['onTime'] === true);
    expect(await seen()).toMatchObject({ kind: 'hazard', categoryCode: 'gas', dueAt: due(6) });
    facts.reopened(id, 'EB2', '2026-05-05T13:00:00.000Z', due(6));
    await facts.publish();
    await eventually(async () => (await seen())['completedAt'] === null);
    expect(await seen()).toMatchObject({ onTime: null, dueAt: due(6) });
    expect(await total({ channel: 'visit', asOf })).toEqual({ ...AGAIN, openOverdue: 1, overdue: 1 });
  });

  it('do not change when facts come again, alone or all of them', async () => {
    const before = await service.figures({ asOf: AS_OF, by: 'branch,category,channel,kind,month' });
    const { published } = service.facts;
    const tickets = published.filter(({ topic }) => topic === 'tickets.v1');
    await service.facts.again(tickets.slice(-3));
    await service.facts.again(tickets);
    service.facts.ticket('EB2', 'E2', { received: '2026-03-14T00:00:00.000Z' });
    await service.facts.publish();
    await service.counted(RECEIVED + 2);
    await eventually(async () => (await service.rows('select 1 from ticket_fact')).length === RECEIVED + 2);
    const branchId = service.facts.id('EB1');
    const query = { asOf: AS_OF, by: 'branch,category,channel,kind,month', branchId };
    const rows = (before['rows'] as Json[]).filter((row) => row['branchCode'] === 'EB1');
    expect((await service.figures(query))['rows']).toEqual(
      rows.map((row) => ({ ...row, records: expect.any(String) })),
    );
    expect(await service.rows('select 1 from parked_event')).toEqual([]);
  });
});

describe('ORG-01 figures and their records', () => {
  const codes = async (as: string) =>
    (await rowsBy('branch', {}, as)).map(({ branchCode }) => branchCode as string).sort();

  it('show each caller its own units', async () => {
    expect(await codes('eb1.manager')).toEqual(['EB1']);
    expect(await codes('east.manager')).toEqual(['EB1', 'EB2']);
    expect(await codes('hq.auditor')).toEqual(['EB1', 'EB2', 'NB1']);
    expect(await total({}, 's1.supervisor')).toEqual({ ...AGAIN, openOverdue: 1, overdue: 1 });
    const records = await service.records(`/api/v1/figures/tickets/records?asOf=${AS_OF}`, 's1.supervisor');
    expect(records.map(({ number }) => number as string)).toEqual(['T6']);
  });

  it('show nothing of another branch, whatever is asked', async () => {
    const foreign = { branchId: service.facts.id('EB1') };
    expect(await total(foreign, 'eb2.manager')).toEqual(NONE);
    expect(await total({ regionId: service.facts.id('North') }, 'eb2.manager')).toEqual(NONE);
    const path = `/api/v1/figures/tickets/records?asOf=${AS_OF}&branchId=${foreign.branchId}`;
    expect(await service.records(path, 'eb2.manager')).toEqual([]);
  });
});

describe('GRP-01 a question', () => {
  it('whose answer has too many rows is refused, and says how to ask for fewer', async () => {
    await service.rows(
      `insert into ticket_fact (generation, ticket_id, branch_id, number, kind, channel, category_code, priority, origin,
         received_at, recorded_at)
       select 1, gen_random_uuid(), $1, 'N' || n, 'repair', 'web', 'c' || n, 'routine', 'live', '2026-03-01', '2026-03-01'
       from generate_series(1, 10001) n`,
      [service.facts.id('NB1')],
    );
    const path = '/api/v1/figures/tickets';
    const refused = await service.call('GET', `${path}?by=category`, 'hq.admin');
    expect([refused.status, refused.body['code']]).toEqual([422, 'figure.too-many-rows']);
    expect(refused.body['params']).toEqual({ limit: 10_000 });
    expect((await service.call('GET', `${path}?by=kind`, 'hq.admin')).status).toBe(200);
  });
});
