import { describe, expect, it } from '@jest/globals';
import { checkTerms, type PublishedTerms } from './terms.rules.js';

const base = { currency: 'CNY', per: 'month' } as const;
const tiered = (...ends: (string | null)[]): PublishedTerms => ({
  ...base,
  method: 'tiered',
  tiers: ends.map((upTo) => ({ upTo, price: '1' })),
});
const bands = [
  { band: 'peak', price: '1' },
  { band: 'valley', price: '0.5' },
];
const spans = [
  { band: 'peak', from: '08:00', to: '22:00' },
  { band: 'valley', from: '22:00', to: '24:00' },
  { band: 'valley', from: '00:00', to: '08:00' },
];

describe('BIL-02 terms that can be published', () => {
  it('fit the kind of their item', () => {
    expect(() => checkTerms({ ...base, method: 'per-area', price: '2' }, 'recurring')).not.toThrow();
    expect(() => checkTerms({ ...base, method: 'per-area', price: '2' }, 'metered')).toThrow('not priced');
    expect(() => checkTerms({ ...base, method: 'per-meter-unit', price: '2' }, 'metered')).not.toThrow();
    expect(() => checkTerms({ ...base, method: 'per-meter-unit', price: '2' }, 'interval')).toThrow();
    expect(() => checkTerms({ ...base, method: 'time-of-use', bands, spans }, 'interval')).not.toThrow();
    expect(() => checkTerms({ ...base, method: 'fixed', price: '2' }, 'shared')).toThrow(
      'tariff.method-unfit: A shared item is not priced by fixed.',
    );
  });

  it('have tiers that rise to an open end', () => {
    expect(() => checkTerms(tiered('10', '20', null), 'metered')).not.toThrow();
    for (const ends of [['10'], ['20', '10', null], [null, '10'], ['0', null]])
      expect(() => checkTerms(tiered(...ends), 'metered')).toThrow('tariff.tiers-order');
  });

  it('price every time of the day once', () => {
    const terms = (changes: object) =>
      ({ ...base, method: 'time-of-use', bands, spans, ...changes }) as PublishedTerms;
    expect(() => checkTerms(terms({ spans: spans.slice(1) }), 'interval')).toThrow('one price');
    expect(() => checkTerms(terms({ bands: bands.slice(1) }), 'interval')).toThrow('one price');
    expect(() => checkTerms(terms({ bands: [...bands, bands[0]] }), 'interval')).toThrow('one price');
    expect(() =>
      checkTerms(terms({ spans: [...spans, { band: 'peak', from: '09:00', to: '08:00' }] }), 'interval'),
    ).toThrow('one price');
    const point = { band: 'peak', from: '09:00', to: '09:00' };
    expect(() => checkTerms(terms({ spans: [...spans, point] }), 'interval')).toThrow(
      'tariff.bands-unpriced',
    );
    const overlapping = [{ band: 'valley', from: '00:00', to: '24:00' }, spans[0]];
    expect(() => checkTerms(terms({ spans: overlapping }), 'interval')).not.toThrow();
    const workdays = spans.map((span) => ({ ...span, weekdays: [1, 2, 3, 4, 5] }));
    expect(() => checkTerms(terms({ spans: workdays }), 'interval')).toThrow('tariff.bands-unpriced');
    const withOther = [...bands, { band: 'other', price: '0.7' }];
    expect(() => checkTerms(terms({ bands: withOther, spans: spans.slice(1) }), 'interval')).not.toThrow();
  });

  it('have a known currency and a minimum below the cap', () => {
    expect(() =>
      checkTerms({ ...base, method: 'fixed', price: '1', currency: 'ABC' }, 'recurring'),
    ).toThrow();
    expect(() =>
      checkTerms({ ...base, method: 'fixed', price: '1', minimum: '3', cap: '2' }, 'recurring'),
    ).toThrow('tariff.limits-order');
    for (const limits of [{ minimum: '2', cap: '2' }, { minimum: '3' }, { cap: '2' }])
      expect(() =>
        checkTerms({ ...base, method: 'fixed', price: '1', ...limits }, 'recurring'),
      ).not.toThrow();
  });
});
