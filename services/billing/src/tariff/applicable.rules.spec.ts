import { describe, expect, it } from '@jest/globals';
import { intersect, tariffsFor, without, type ListedTariff } from './applicable.rules.js';

const march = { from: '2026-03-01', to: '2026-03-31' };
const tariff = (id: string, changes: Partial<ListedTariff> = {}): ListedTariff => ({
  id,
  validFrom: '2026-01-01',
  validTo: null,
  document: 'list',
  terms: { currency: 'CNY', per: 'month', method: 'fixed', price: '1' },
  siteId: null,
  use: null,
  areaFrom: null,
  areaBelow: null,
  ...changes,
});
const unit = { siteId: 's1', use: 'office', area: '80' };
const shown = (listed: ListedTariff[], of = unit): string[] =>
  tariffsFor(of, march, listed).map(({ id, validFrom, validTo }) => `${id} ${validFrom} ${validTo}`);

describe('BIL-02 which tariff is in force', () => {
  it('the more specific one goes first, on its days only', () => {
    const listed = [
      tariff('branch'),
      tariff('office', { use: 'office', validFrom: '2026-03-10', validTo: '2026-03-20' }),
      tariff('site', { siteId: 's1', validFrom: '2026-03-15', validTo: '2026-03-16' }),
      tariff('elsewhere', { siteId: 's2' }),
    ];
    expect(shown(listed)).toEqual([
      'branch 2026-03-01 2026-03-09',
      'office 2026-03-10 2026-03-14',
      'site 2026-03-15 2026-03-16',
      'office 2026-03-17 2026-03-20',
      'branch 2026-03-21 2026-03-31',
    ]);
    expect(shown(listed, { ...unit, siteId: 's3', use: 'retail' })).toEqual(['branch 2026-03-01 2026-03-31']);
  });

  it('of its site counts before its use, and that before its area', () => {
    const winner = (...listed: ListedTariff[]) => [
      ...new Set([...shown(listed), ...shown(listed.reverse())]),
    ];
    const whole = (id: string) => [`${id} 2026-03-01 2026-03-31`];
    const site = tariff('site', { siteId: 's1' });
    const use = tariff('use', { use: 'office' });
    const from = tariff('from', { areaFrom: '50' });
    const below = tariff('below', { areaBelow: '90' });
    const useAndArea = tariff('both', { use: 'office', areaFrom: '50' });
    expect(winner(site, useAndArea)).toEqual(whole('site'));
    expect(winner(useAndArea, use)).toEqual(whole('both'));
    expect(winner(use, from)).toEqual(whole('use'));
    expect(winner(use, below)).toEqual(whole('use'));
    expect(winner(from, tariff('all', { validFrom: '2026-02-01' }))).toEqual(whole('from'));
    expect(winner(below, tariff('all', { validFrom: '2026-02-01' }))).toEqual(whole('below'));
  });

  it('of equal ones of one day the later id goes first, so that all choose alike', () => {
    const listed = [tariff('a'), tariff('c'), tariff('b')];
    expect(shown(listed)).toEqual(['c 2026-03-01 2026-03-31']);
    expect(shown(listed.toReversed())).toEqual(['c 2026-03-01 2026-03-31']);
  });

  it('a price for all holds for a unit without area too', () => {
    expect(tariffsFor({ ...unit, area: null }, march, [tariff('all')])).toHaveLength(1);
    expect(shown([tariff('from', { areaFrom: '80.01' })])).toEqual([]);
    expect(shown([tariff('from', { areaFrom: '80' })])).toHaveLength(1);
  });

  it('a new price ends the one before it', () => {
    const listed = [tariff('old'), tariff('new', { validFrom: '2026-03-02' })];
    expect(shown(listed)).toEqual(['old 2026-03-01 2026-03-01', 'new 2026-03-02 2026-03-31']);
    expect(shown(listed.toReversed())).toEqual(shown(listed));
  });

  it('areas are from so much to below so much, and a unit without area has none', () => {
    const listed = [
      tariff('small', { areaBelow: '80' }),
      tariff('large', { areaFrom: '80', areaBelow: '200.5' }),
    ];
    expect(shown(listed)).toEqual(['large 2026-03-01 2026-03-31']);
    expect(shown(listed, { ...unit, area: '79.99' })).toEqual(['small 2026-03-01 2026-03-31']);
    expect(tariffsFor({ ...unit, area: null }, march, listed)).toEqual([]);
  });

  it('cuts days out of days', () => {
    expect(without(march, { from: '2026-03-10', to: '2026-03-11' })).toEqual([
      { from: '2026-03-01', to: '2026-03-09' },
      { from: '2026-03-12', to: '2026-03-31' },
    ]);
    expect(without(march, march)).toEqual([]);
    expect(without(march, { from: '2026-04-01', to: '2026-04-02' })).toEqual([march]);
    expect(intersect(march, { from: '2026-03-31', to: '2026-05-01' })).toEqual({
      from: '2026-03-31',
      to: '2026-03-31',
    });
  });
});
