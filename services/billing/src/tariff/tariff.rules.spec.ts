import { describe, expect, it } from '@jest/globals';
import { formatRatio } from '@steward/kernel';
import {
  daysOf,
  dayBeside,
  forPeriods,
  periodsOf,
  segmentsOf,
  type Tariff,
  type Terms,
} from './tariff.rules.js';

const TERMS: Terms = { currency: 'CNY', per: 'month', method: 'fixed', price: '30' };
const tariff = (
  id: string,
  validFrom: string,
  validTo: string | null = null,
  terms: Partial<Terms> = {},
): Tariff => ({ id, validFrom, validTo, document: 'list', terms: { ...TERMS, ...terms } as Terms });
const march = { from: '2026-03-01', to: '2026-03-31' };

describe('days and periods', () => {
  it('both ends of an interval count', () => {
    expect(daysOf(march)).toBe(31);
    expect(daysOf({ from: '2026-03-01', to: '2026-03-01' })).toBe(1);
    expect(() => daysOf({ from: '2026-03-02', to: '2026-03-01' })).toThrow(
      'billing.interval-empty: An interval from 2026-03-02 to 2026-03-01 has no day.',
    );
  });

  it('the day beside a day may lie in another month', () => {
    expect([dayBeside('2026-03-01', -1), dayBeside('2028-02-28', 1)]).toEqual(['2026-02-28', '2028-02-29']);
  });

  it.each([
    ['2026-03-01', '2026-03-31', '1'],
    ['2026-03-01', '2026-03-01', '0.032258'],
    // 16/31 + 1 + 15/31
    ['2026-03-16', '2026-05-15', '2'],
    // 4/28 + 1/31
    ['2026-02-25', '2026-03-01', '0.175115'],
    ['2028-02-01', '2028-02-29', '1'],
    ['2025-12-01', '2026-01-31', '2'],
  ])('from %s to %s there are %s months, each day its share of its own month', (from, to, months) => {
    expect(formatRatio(periodsOf({ from, to }, 'month'), 6)).toBe(months);
    expect(formatRatio(periodsOf({ from, to }, 'day'), 0)).toBe(String(daysOf({ from, to })));
  });

  it('a price per period counts for so many of them', () => {
    expect(
      formatRatio(forPeriods('12.5', periodsOf({ from: '2026-03-01', to: '2026-03-04' }, 'day')), 2),
    ).toBe('50');
  });
});

describe('BIL-01 BIL-02 an interval is cut where the price changes', () => {
  it('into stretches without gap or overlap, whatever order the tariffs come in', () => {
    const old = tariff('old', '2020-01-01', '2026-03-10');
    const now = tariff('now', '2026-03-11', null, { price: '31' });
    const expected = [
      { from: '2026-03-01', to: '2026-03-10', days: 10, tariffs: ['old'], terms: old.terms },
      { from: '2026-03-11', to: '2026-03-31', days: 21, tariffs: ['now'], terms: now.terms },
    ];
    expect(segmentsOf(march, [old, now])).toEqual(expected);
    expect(segmentsOf(march, [now, old])).toEqual(expected);
  });

  it.each([
    ['ended the day before', tariff('x', '2020-01-01', '2026-02-28')],
    ['begins the day after', tariff('x', '2026-04-01')],
  ])('a tariff that %s does not matter', (_title, other) => {
    const all = tariff('all', '2026-03-01', '2026-03-31');
    expect(segmentsOf(march, [all, other]).map(({ tariffs }) => tariffs)).toEqual([['all']]);
  });

  it('a tariff that ends later ends with the interval', () => {
    const all = tariff('all', '2020-01-01', '2026-12-31');
    expect(segmentsOf(march, [all])).toMatchObject([{ ...march, days: 31 }]);
  });

  it('a tariff of a single day counts, at either end', () => {
    const parts = segmentsOf(march, [
      tariff('first', '2026-03-01', '2026-03-01', { price: '1' }),
      tariff('middle', '2026-03-02', '2026-03-30', { price: '2' }),
      tariff('last', '2026-03-31', '2026-03-31', { price: '3' }),
    ]);
    expect(parts.map(({ tariffs, days }) => [tariffs[0], days])).toEqual([
      ['first', 1],
      ['middle', 29],
      ['last', 1],
    ]);
  });

  it('the same price again goes on, whatever the order of its fields and whether they are left out', () => {
    const again = { price: '30', method: 'fixed', per: 'month', currency: 'CNY', cap: undefined } as const;
    const parts = segmentsOf(march, [
      tariff('old', '2020-01-01', '2026-03-10'),
      { ...tariff('again', '2026-03-11', '2026-03-20'), terms: again },
      tariff('third', '2026-03-21'),
    ]);
    expect(parts).toEqual([{ ...march, days: 31, tariffs: ['old', 'again', 'third'], terms: TERMS }]);
  });

  it.each([
    ['the currency', { currency: 'USD' }],
    ['the method', { method: 'per-area' }],
  ] as const)('%s does not change inside', (_title, terms) => {
    expect(() =>
      segmentsOf(march, [
        tariff('old', '2020-01-01', '2026-03-10'),
        tariff('now', '2026-03-11', null, terms),
      ]),
    ).toThrow('billing.tariff-mixed: Currency or method of the price changes on 2026-03-11.');
  });

  it.each([
    ['billing.tariff-missing', '2026-03-01', []],
    ['billing.tariff-missing', '2026-03-31', [tariff('a', '2026-03-01', '2026-03-30')]],
    [
      'billing.tariff-overlap',
      '2026-03-10',
      [tariff('a', '2026-01-01', '2026-03-10'), tariff('b', '2026-03-10')],
    ],
  ])('%s names the day %s', (code, day, tariffs) => {
    expect(() => segmentsOf(march, tariffs)).toThrow(
      expect.objectContaining({ code, detail: expect.stringContaining(day), params: { day } }),
    );
  });
});
