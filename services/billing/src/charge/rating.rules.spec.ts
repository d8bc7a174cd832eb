import { describe, expect, it } from '@jest/globals';
import { moneyToJson } from '@steward/kernel';
import * as fc from 'fast-check';
import { dayBeside, type Tariff, type Terms } from '../tariff/tariff.rules.js';
import { rate, type Basis } from './rating.rules.js';

const tariff = (terms: Terms, validFrom = '2000-01-01', validTo: string | null = null): Tariff => ({
  id: `from ${validFrom}`,
  validFrom,
  validTo,
  document: 'price list',
  terms,
});
const CNY = { currency: 'CNY', per: 'month' } as const;
const march = { from: '2026-03-01', to: '2026-03-31' };
const amountOf = (interval: typeof march, tariffs: readonly Tariff[], basis: Basis = {}): string =>
  moneyToJson(rate(interval, tariffs, basis).amount).amount;

describe('BIL-02 methods', () => {
  const fixed: Terms = { ...CNY, method: 'fixed', price: '30' };
  const area: Terms = { ...CNY, method: 'per-area', price: '2.80' };
  const water: Terms = { ...CNY, method: 'per-meter-unit', price: '3.45' };
  const steps: Terms = {
    ...CNY,
    method: 'tiered',
    tiers: [
      { upTo: '15', price: '3.45' },
      { upTo: '25', price: '4.83' },
      { upTo: null, price: '5.83' },
    ],
  };
  const bands: Terms = {
    ...CNY,
    method: 'time-of-use',
    bands: [
      { band: 'peak', price: '0.617' },
      { band: 'valley', price: '0.307' },
    ],
  };
  const used = (total: string): Basis => ({ usage: { total } });

  it.each([
    ['a whole month', '2026-03-01', '2026-03-31', '30.00'],
    // 10 of 31 days: 30 × 10 / 31 = 9.677…
    ['ten days of a month', '2026-03-01', '2026-03-10', '9.68'],
    // 16/31 + 15/30 of 30: 15.4838… + 15
    ['over the end of a month', '2026-03-16', '2026-04-15', '30.48'],
    ['February of a leap year', '2028-02-01', '2028-02-29', '30.00'],
  ])('fixed per month: %s', (_title, from, to, expected) => {
    expect(amountOf({ from, to }, [tariff(fixed)])).toBe(expected);
  });

  it.each([
    ['per m²', area, { area: '86.5' }, '242.20'],
    ['per m³', water, used('6.4'), '22.08'],
    ['first tier only', steps, used('15'), '51.75'],
    // 15 × 3.45 + 10 × 4.83 + 5 × 5.83
    ['all tiers', steps, used('30'), '129.20'],
    ['nothing used', steps, used('0'), '0.00'],
    [
      'bands of the day',
      bands,
      {
        usage: {
          bands: [
            { day: '2026-03-02', band: 'peak', quantity: '1.5' },
            { day: '2026-03-30', band: 'peak', quantity: '2.5' },
            { day: '2026-03-30', band: 'valley', quantity: '7' },
          ],
        },
      },
      // 4 × 0.617 + 7 × 0.307 = 4.617
      '4.62',
    ],
  ] as const)('%s', (_title, terms, basis, expected) => {
    expect(amountOf(march, [tariff(terms)], basis)).toBe(expected);
  });

  it('every step is named, and none is of nothing', () => {
    const named = (terms: Terms, basis: Basis) =>
      rate(march, [tariff(terms)], basis).parts.map(({ how, steps: its }) => [
        how,
        its.map(({ label, quantity }) => `${label} ${quantity}`),
      ]);
    expect(named(area, { area: '86.5' })).toEqual([['time', ['m² × month 86.5']]]);
    expect(named(water, used('6.4'))).toEqual([['measured', ['used 6.4']]]);
    expect(named(steps, used('15'))).toEqual([['measured', ['tier 1 15']]]);
    expect(named(steps, used('30'))).toEqual([['measured', ['tier 1 15', 'tier 2 10', 'tier 3 5']]]);
    expect(named(steps, used('0'))).toEqual([['measured', []]]);
    const usage = {
      bands: [
        { day: '2026-03-02', band: 'peak', quantity: '1.5' },
        { day: '2026-03-03', band: 'valley', quantity: '2' },
        { day: '2026-04-01', band: 'valley', quantity: '9' },
        { day: '2026-02-28', band: 'valley', quantity: '9' },
      ],
    };
    expect(named(bands, { usage })).toEqual([['measured', ['peak 1.5', 'valley 2']]]);
    expect(named(water, { usage })).toEqual([['measured', ['used 3.5']]]);
  });

  it('a minimum and a cap are told beside the amount', () => {
    const low = rate(march, [tariff({ ...water, minimum: '10' })], used('1'));
    expect([moneyToJson(low.amount).amount, low.limited, low.parts[0]!.amount]).toEqual([
      '10.00',
      'minimum',
      '3.45',
    ]);
    const high = rate(march, [tariff({ ...water, cap: '50' })], used('100'));
    expect([moneyToJson(high.amount).amount, high.limited]).toEqual(['50.00', 'cap']);
    const within = rate(march, [tariff({ ...water, minimum: '1', cap: '50' })], used('2'));
    expect([moneyToJson(within.amount).amount, within.limited, within.limit]).toEqual(['6.90', null, null]);
    for (const limit of [{ minimum: '6.90' }, { cap: '6.90' }])
      expect(rate(march, [tariff({ ...water, ...limit })], used('2')).limited).toBeNull();
  });

  it('a multiplier counts for usage and minimum alike', () => {
    const sewer: Terms = {
      currency: 'USD',
      per: 'day',
      method: 'per-meter-unit',
      price: '3.90',
      multiplier: '2.59',
    };
    expect(amountOf(march, [tariff(sewer)], used('10'))).toBe('101.01');
    expect(amountOf(march, [tariff({ ...sewer, minimum: '0.49' })], used('0'))).toBe('39.34');
  });

  it('BIL-07 every amount comes with its arithmetic and its rounding', () => {
    const rated = rate({ from: '2026-03-01', to: '2026-03-10' }, [tariff(fixed)], {});
    expect(rated).toMatchObject({ exact: '9.67741935', rounding: '0.00258065' });
    expect(rated.parts).toEqual([
      {
        from: '2026-03-01',
        to: '2026-03-10',
        days: 10,
        tariffs: ['from 2000-01-01'],
        how: 'time',
        multiplier: null,
        steps: [{ label: 'month', quantity: '0.32258065', price: '30', amount: '9.67741935' }],
        amount: '9.67741935',
      },
    ]);
  });

  it.each([
    ['billing.area-missing', area, {}],
    ['billing.usage-missing', water, {}],
    [
      'billing.band-unpriced',
      bands,
      { usage: { bands: [{ day: '2026-03-02', band: 'flat', quantity: '1' }] } },
    ],
  ] as const)('refuses with %s', (code, terms, basis) => {
    expect(() => rate(march, [tariff(terms)], basis)).toThrow(code);
  });
});

describe('BIL-01 a charge needs a published tariff for each day', () => {
  const terms: Terms = { ...CNY, method: 'fixed', price: '30' };

  it.each([
    ['none at all', [], '2026-03-01'],
    ['a late start', [tariff(terms, '2026-03-05')], '2026-03-05 is too late: 2026-03-01'],
    ['a gap', [tariff(terms, '2026-01-01', '2026-03-09'), tariff(terms, '2026-03-11')], '2026-03-10'],
    ['an early end', [tariff(terms, '2026-01-01', '2026-03-30')], '2026-03-31'],
  ])('%s', (_title, tariffs, day) => {
    expect(() => rate(march, tariffs, {})).toThrow(
      `billing.tariff-missing: No published tariff is in force on ${day.slice(-10)}`,
    );
  });

  it('two at once are refused as well', () => {
    expect(() => rate(march, [tariff(terms), tariff({ ...terms, price: '31' }, '2026-03-15')], {})).toThrow(
      'billing.tariff-overlap',
    );
  });
});

describe('BIL-02 change of price inside a period', () => {
  const old = tariff({ ...CNY, method: 'per-meter-unit', price: '3.90' }, '2019-01-01', '2026-03-10');
  const now = tariff({ ...CNY, method: 'per-meter-unit', price: '3.99' }, '2026-03-11');

  it('splits by the reading of that day where there is one', () => {
    const usage = { total: '30', marks: [{ day: '2026-03-11', before: '4' }] };
    const rated = rate(march, [old, now], { usage });
    expect(rated.parts.map(({ how, steps }) => [how, steps[0]!.quantity])).toEqual([
      ['reading', '4'],
      ['reading', '26'],
    ]);
    // 4 × 3.90 + 26 × 3.99
    expect(moneyToJson(rated.amount).amount).toBe('119.34');
  });

  it('splits by days where there is none', () => {
    const rated = rate(march, [old, now], { usage: { total: '31' } });
    expect(rated.parts.map(({ how, days, steps }) => [how, days, steps[0]!.quantity])).toEqual([
      ['days', 10, '10'],
      ['days', 21, '21'],
    ]);
    expect(moneyToJson(rated.amount).amount).toBe('122.79');
  });

  it('a reading on another day does not count as one on the day of change', () => {
    const usage = { total: '31', marks: [{ day: '2026-03-12', before: '30' }] };
    expect(rate(march, [old, now], { usage }).parts.map(({ how }) => how)).toEqual(['days', 'days']);
  });
});

describe('BIL-02 a tariff split over any dates equals the unsplit one when prices are equal', () => {
  const price = fc.integer({ min: 0, max: 99_999 }).map((n) => (n / 1000).toFixed(3));
  const linear = fc.record({
    method: fc.constantFrom('fixed', 'per-area', 'per-meter-unit' as const),
    price,
    per: fc.constantFrom('day', 'month' as const),
    currency: fc.constant('CNY'),
    minimum: fc.option(price, { nil: undefined }),
    cap: fc.option(
      price.map((each) => String(Number(each) + 100)),
      { nil: undefined },
    ),
  });
  const tiered = fc.record({
    method: fc.constant('tiered' as const),
    tiers: fc.tuple(price, price).map(([low, high]) => [
      { upTo: '12.5', price: low },
      { upTo: null, price: high },
    ]),
    per: fc.constantFrom('day', 'month' as const),
    currency: fc.constant('CNY'),
  });
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 75 }), { maxLength: 6 });
  const quantity = fc.integer({ min: 0, max: 10_000_000 }).map((n) => (n / 1000).toFixed(3));
  const interval = { from: '2026-01-17', to: '2026-04-03' };
  const dayAt = (offset: number): string => {
    let day = interval.from;
    for (let step = 0; step < offset; step += 1) day = dayBeside(day, 1);
    return day;
  };

  it.each([
    ['published again as it is', (terms: Terms): Terms => ({ ...terms })],
    // not the same text, so the segments stay apart and only the arithmetic makes them equal
    [
      'published in other words',
      (terms: Terms, index: number): Terms => ({ ...terms, multiplier: index % 2 ? '1.0' : '1' }),
    ],
  ])('%s', (_title, again) => {
    fc.assert(
      fc.property(fc.oneof(linear, tiered), cuts, quantity, (terms, offsets, total) => {
        const starts = offsets.sort((a, b) => a - b).map(dayAt);
        const all = ['2026-01-01', ...starts].map((from, index) =>
          tariff(again(terms as Terms, index), from, starts[index] ? dayBeside(starts[index], -1) : null),
        );
        const basis = { area: '86.53', usage: { total } };
        const whole = rate(interval, [tariff({ ...(terms as Terms), multiplier: '1' })], basis);
        const split = rate(interval, all, basis);
        expect(split.amount).toEqual(whole.amount);
        expect(split.exact).toBe(whole.exact);
      }),
      { numRuns: 300 },
    );
  });
});
