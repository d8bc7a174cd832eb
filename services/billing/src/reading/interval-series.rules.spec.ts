import { describe, expect, it } from '@jest/globals';
import { addQuantity } from '@steward/kernel';
import { readSeries, type IntervalReading, type SeriesPlace } from './interval-series.rules.js';

const HALF_HOUR = 1_800_000;
const place = (from: string, to: string, timeZone = 'Asia/Shanghai'): SeriesPlace => ({
  from: new Date(from),
  to: new Date(to),
  minutes: 30,
  timeZone,
  spans: [
    { band: 'peak', from: '08:00', to: '22:00', weekdays: [1, 2, 3, 4, 5] },
    { band: 'valley', from: '22:00', to: '24:00' },
    { band: 'valley', from: '00:00', to: '08:00' },
  ],
});
const every = ({ from, to }: SeriesPlace, quantity = '0.5'): IntervalReading[] =>
  Array.from({ length: (to.getTime() - from.getTime()) / HALF_HOUR }, (_, index) => ({
    start: new Date(from.getTime() + index * HALF_HOUR),
    quantity,
  }));

describe('BIL-02 time of use', () => {
  // Monday 2 March 2026 in Shanghai
  const monday = place('2026-03-01T16:00:00Z', '2026-03-02T16:00:00Z');

  it('sorts a working day into its bands', () => {
    expect(readSeries(every(monday), monday)).toEqual({
      bands: [
        { day: '2026-03-02', band: 'valley', quantity: '10' },
        { day: '2026-03-02', band: 'peak', quantity: '14' },
      ],
      total: '24',
      missing: [],
      repeated: [],
      contradicting: [],
    });
  });

  it('what no span covers has a band of its own', () => {
    const sunday = place('2026-02-28T16:00:00Z', '2026-03-01T16:00:00Z');
    const { bands } = readSeries(every(sunday), sunday);
    expect(bands.map(({ band, quantity }) => [band, quantity])).toEqual([
      ['valley', '10'],
      ['other', '14'],
    ]);
  });

  it('the bands add up to the plain sum exactly', () => {
    const readings = every(monday).map((reading, index) => ({
      ...reading,
      quantity: `0.${String((index * 7919) % 1000).padStart(3, '0')}`,
    }));
    const { bands, total } = readSeries(readings, monday);
    const plain = readings.reduce((sum, { quantity }) => addQuantity(sum, quantity), addQuantity(0, 0));
    expect(total).toBe(String(plain));
    expect(String(bands.reduce((sum, { quantity }) => addQuantity(sum, quantity), addQuantity(0, 0)))).toBe(
      total,
    );
  });
});

describe('BIL-06 gaps and repeats of an interval meter', () => {
  const day = place('2026-03-01T16:00:00Z', '2026-03-02T16:00:00Z');
  const all = every(day);

  it.each([
    ['at the beginning', all.slice(2), [['2026-03-01T16:00:00.000Z', '2026-03-01T17:00:00.000Z', 2]]],
    [
      'in the middle',
      [...all.slice(0, 10), ...all.slice(11)],
      [['2026-03-01T21:00:00.000Z', '2026-03-01T21:30:00.000Z', 1]],
    ],
    ['at the end', all.slice(0, -1), [['2026-03-02T15:30:00.000Z', '2026-03-02T16:00:00.000Z', 1]]],
    ['everything', [], [['2026-03-01T16:00:00.000Z', '2026-03-02T16:00:00.000Z', 48]]],
  ])('missing %s', (_title, readings, expected) => {
    const { missing } = readSeries(readings, day);
    expect(
      missing.map(({ from, to, intervals }) => [from.toISOString(), to.toISOString(), intervals]),
    ).toEqual(expected);
  });

  it('a repeat counts once; a contradiction is told and the first counts', () => {
    const readings = [...all, all[3]!, { ...all[5]!, quantity: '9' }, { ...all[6]!, quantity: '0.50' }];
    const series = readSeries(readings, day);
    expect(series.total).toBe('24');
    expect(series.repeated).toEqual([all[3]!.start, all[6]!.start]);
    expect(series.contradicting).toEqual([all[5]!.start]);
  });

  it('readings of other days are left alone, in whatever order they come', () => {
    const shuffled = [...every(place('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z'))].reverse();
    expect(readSeries(shuffled, day)).toMatchObject({ total: '24', missing: [] });
  });
});

describe('BIL-06 change of clock', () => {
  it.each([
    // New York goes forward on 8 March 2026: 23 hours, and back on 1 November 2026: 25 hours
    ['forward', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 46],
    ['back', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 50],
  ])('%s: nothing is missing or repeated', (_title, from, to, intervals) => {
    const day = place(from, to, 'America/New_York');
    const readings = every(day, '1');
    const series = readSeries(readings, day);
    expect(readings).toHaveLength(intervals);
    expect([series.total, series.missing, series.repeated]).toEqual([String(intervals), [], []]);
    expect(new Set(series.bands.map((band) => band.day)).size).toBe(1);
  });
});
