import { describe, expect, it } from '@jest/globals';
import { moneyToJson } from '@steward/kernel';
import { listed, owner } from '../../test/priced-unit.js';
import type { Occupancy } from '../occupancy/payer.rules.js';
import type { ListedTariff } from '../tariff/applicable.rules.js';
import { assessInterval, type SeriesOf } from './interval.rules.js';

const HALF_DAY = 12 * 3_600_000;
const period = { from: '2026-03-01', to: '2026-03-04' };
const subject = { propertyUnitId: 'u', siteId: 's', use: 'residential', area: '80', meterId: 'm' };
const spans = [
  { band: 'day', from: '00:00', to: '12:00' },
  { band: 'night', from: '12:00', to: '24:00' },
];
const price = (validFrom: string, day: string, night: string, more: object = {}) =>
  listed(validFrom, {
    method: 'time-of-use',
    bands: [
      { band: 'day', price: day },
      { band: 'night', price: night },
    ],
    ...{ spans, ...more },
  });

/** One unit per half day from the first of March in Shanghai. */
const start = new Date('2026-03-01T00:00:00+08:00').getTime();
const series = (leftOut: readonly number[] = [], rest: Partial<SeriesOf> = {}): SeriesOf => ({
  readings: [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((half) => !leftOut.includes(half))
    .map((half) => ({ start: new Date(start + half * HALF_DAY), quantity: '1' })),
  minutes: 12 * 60,
  timeZone: 'Asia/Shanghai',
  acceptGaps: false,
  ...rest,
});

type Case = Readonly<{
  owners?: readonly Occupancy[];
  tariffs?: readonly ListedTariff[];
  charged?: readonly { from: string; to: string }[];
}>;

function assessed(of: SeriesOf, given: Case = {}) {
  const {
    owners = [owner('A', '2020-01-01')],
    tariffs = [price('2020-01-01', '2', '1')],
    charged = [],
  } = given;
  const known = { item: { payer: 'owner' as const }, occupancies: owners, tariffs, charged };
  const { drafts, problems } = assessInterval(subject, period, of, known);
  return {
    drafts,
    lines: drafts.map(
      ({ customerId, serviceFrom, serviceTo, amount }) =>
        `${customerId} ${serviceFrom} ${serviceTo} ${moneyToJson(amount).amount}`,
    ),
    problems: problems.map(({ code, detail, from, to }) => `${code} ${from} ${to}: ${detail}`),
  };
}

describe('BIL-02 what an interval meter measured', () => {
  it('is charged by the bands of the tariff, over all days of the period', () => {
    const { lines, problems, drafts } = assessed(series());
    expect(lines).toEqual(['A 2026-03-01 2026-03-04 12.00']);
    expect(problems).toEqual([]);
    expect(drafts[0]).toMatchObject({ tariffIds: ['from 2020-01-01'], explanation: { missing: 0 } });
  });

  it('follows a change of price, each side by its own bands of the day', () => {
    const turned = [
      { band: 'night', from: '00:00', to: '12:00' },
      { band: 'day', from: '12:00', to: '24:00' },
    ];
    const tariffs = [price('2020-01-01', '2', '1'), price('2026-03-04', '10', '0', { spans: turned })];
    // three days of 2 + 1, one of 0 + 10
    expect(assessed(series(), { tariffs }).lines).toEqual(['A 2026-03-01 2026-03-04 19.00']);
  });

  it('goes to each payer for the days of his own', () => {
    const owners = [owner('A', '2020-01-01', '2026-03-01'), owner('B', '2026-03-02')];
    expect(assessed(series(), { owners }).lines).toEqual([
      'A 2026-03-01 2026-03-01 3.00',
      'B 2026-03-02 2026-03-04 9.00',
    ]);
  });

  it('is charged once', () => {
    const charged = [{ from: '2026-03-02', to: '2026-03-03' }];
    expect(assessed(series(), { charged }).lines).toEqual([
      'A 2026-03-01 2026-03-01 3.00',
      'A 2026-03-04 2026-03-04 3.00',
    ]);
  });

  it('waits where intervals are missing, and tells how many', () => {
    expect(assessed(series([0, 7]))).toMatchObject({
      lines: [],
      problems: ['billing.intervals-missing 2026-03-01 2026-03-04: 2 intervals are missing.'],
    });
  });

  it('waits for the days with gaps only where others are charged already', () => {
    const charged = [{ from: '2026-03-02', to: '2026-03-03' }];
    expect(assessed(series([7]), { charged })).toMatchObject({
      lines: ['A 2026-03-01 2026-03-01 3.00'],
      problems: ['billing.intervals-missing 2026-03-04 2026-03-04: 1 intervals are missing.'],
    });
  });

  it('is charged with its gaps where these are accepted, and says so', () => {
    const { lines, problems, drafts } = assessed(series([0, 7], { acceptGaps: true }));
    expect([lines, problems.length]).toEqual([['A 2026-03-01 2026-03-04 9.00'], 1]);
    expect(drafts[0]!.explanation).toMatchObject({ missing: 2 });
  });

  it('of a tariff without bands of the day is all in the other band', () => {
    const bands = [{ band: 'other', price: '3' }];
    expect(
      assessed(series(), { tariffs: [price('2020-01-01', '0', '0', { spans: undefined, bands })] }).lines,
    ).toEqual(['A 2026-03-01 2026-03-04 24.00']);
  });

  it('becomes a problem where no price is published', () => {
    expect(assessed(series(), { tariffs: [] })).toMatchObject({
      lines: [],
      problems: [expect.stringContaining('billing.tariff-missing 2026-03-01 2026-03-04')],
    });
  });
});
