import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { Json } from '@steward/directory/testing';
import { InsightsUnderTest } from './insights.harness.js';

jest.setTimeout(60_000);

let service: InsightsUnderTest;

const BY_MONTH = { asOf: '2026-04-01T00:00:00.000Z', by: 'month' };

beforeAll(async () => {
  service = await InsightsUnderTest.start();
  const { facts } = service;
  const ids = ['R1', 'R2', 'R3', 'R4'].map((number) => {
    const id = facts.ticket('EB1', number, { received: '2026-03-01T00:00:00.000Z' });
    facts.completed(id, 'EB1', '2026-03-02T00:00:00.000Z', null);
    return id;
  }) as [string, string, string, string];
  const [r1, r2, r3, r4] = ids;
  const calls = ids.map((id) => facts.callback(id, 'EB1', '2026-03-02T00:00:00.000Z'));
  facts.calledBack(calls[0]!, r1, 'EB1', '2026-03-03T00:00:00.000Z', 'satisfied');
  facts.calledBack(calls[1]!, r2, 'EB1', '2026-03-03T00:00:00.000Z', 'dissatisfied');
  facts.calledBack(calls[2]!, r3, 'EB1', '2026-03-05T00:00:00.000Z', 'unreachable');
  facts.rework(r2, 'EB1', '2026-03-04T00:00:00.000Z', '2026-03-06T00:00:00.000Z');
  facts.reopened(r4, 'EB1', '2026-03-04T00:00:00.000Z', null);
  facts.completed(r4, 'EB1', '2026-03-05T00:00:00.000Z', null);
  facts.reopened(r4, 'EB1', '2026-03-06T00:00:00.000Z', null);
  facts.completed(r4, 'EB1', '2026-03-07T00:00:00.000Z', null);
  // of February, which was closed when it was recorded
  facts.ticket('EB1', 'R5', { received: '2026-02-10T00:00:00.000Z', late: '2026-03-20T00:00:00.000Z' });
  await facts.publish();
  await service.counted(5);
  await eventually(async () => (await service.figures(BY_MONTH))['total'].reopened === 2);
  await eventually(async () => (await service.figures(BY_MONTH))['total'].calledBack === 2);
}, 90_000);
afterAll(() => service?.stop());

describe('rates', () => {
  it('GRP-01 tell how many customers were called back and how many tickets came back', async () => {
    const { total, rates } = await service.figures(BY_MONTH);
    expect(total).toMatchObject({
      closed: 3,
      open: 2,
      everClosed: 4,
      reopened: 2,
      callbacksDue: 4,
      calledBack: 2,
    });
    expect(rates).toEqual({ callback: '0.5000', reopen: '0.5000' });
  });

  it('GRP-01 are judged at the time that is asked for', async () => {
    const { rates } = await service.figures({ ...BY_MONTH, asOf: '2026-03-03T12:00:00.000Z' });
    expect(rates).toEqual({ callback: '0.5000', reopen: '0.0000' });
    expect((await service.figures({ ...BY_MONTH, asOf: '2026-01-01T00:00:00.000Z' }))['rates']).toEqual({
      callback: null,
      reopen: null,
    });
  });

  it('GRP-02 open to the tickets behind them', async () => {
    const [row] = (await service.figures(BY_MONTH))['rows'] as Json[];
    const numbers = async (measure: string) =>
      (await service.records(`${row!['records']}&measure=${measure}`)).map(({ number }) => number as string);
    expect(await numbers('calledBack')).toEqual(['R1', 'R2']);
    expect((await numbers('reopened')).sort()).toEqual(['R2', 'R4']);
  });

  it('GRP-02 a ticket of a closed month counts as a correction of the month in which it was recorded', async () => {
    const months = (await service.figures(BY_MONTH))['rows'] as Json[];
    expect(
      months.map(({ month, figures }) => [month, figures['received'], figures['late']] as unknown),
    ).toEqual([['2026-03', 5, 1]]);
  });
});
