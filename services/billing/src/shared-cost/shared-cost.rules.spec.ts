import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { assessShare, shareCost } from './shared-cost.rules.js';

const units = (areas: readonly (string | null)[]) => areas.map((area, index) => ({ id: `u${index}`, area }));

describe('BIL-16 common costs', () => {
  it('shares by area or equally add up to the cost, whatever the areas are', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('area' as const, 'equal' as const),
        (minor, areas, rule) => {
          const shares = shareCost(
            { minor, currency: 'CNY' },
            units(areas.map((area) => (area / 100).toFixed(2))),
            rule,
          );
          expect(shares.reduce((sum, { amount }) => sum + amount.minor, 0n)).toBe(minor);
          expect(shares.every(({ amount }) => amount.minor >= 0n)).toBe(true);
        },
      ),
    );
  });

  it('a unit without area cannot bear its part by area, but an equal one', () => {
    const cost = { minor: 100n, currency: 'CNY' };
    expect(() => shareCost(cost, units(['80', null]), 'area')).toThrow(
      'shared-cost.area-missing: 1 units have no area to share by.',
    );
    expect(shareCost(cost, units(['30', '70']), 'area')).toEqual([
      { propertyUnitId: 'u0', weight: '30', amount: { minor: 30n, currency: 'CNY' } },
      { propertyUnitId: 'u1', weight: '70', amount: { minor: 70n, currency: 'CNY' } },
    ]);
    expect(shareCost(cost, units(['80', null]), 'equal').map(({ amount }) => amount.minor)).toEqual([
      50n,
      50n,
    ]);
  });

  it('a share is divided by days among those who had the unit, to the last fen, and charged once', () => {
    const subject = { propertyUnitId: 'u', siteId: 's', use: 'office', area: null, meterId: null };
    const share = {
      from: '2026-03-01',
      to: '2026-03-03',
      amount: { minor: 100n, currency: 'CNY' },
      cost: { minor: 1000n, currency: 'CNY' },
      weight: '1',
      rule: 'equal' as const,
      document: '电费',
    };
    const owner = (customerId: string, from: string, to: string | null) =>
      ({ customerId, role: 'owner', from, to }) as const;
    const known = {
      item: { payer: 'owner' as const },
      tariffs: [],
      charged: [],
      occupancies: [owner('A', '2020-01-01', '2026-03-01'), owner('B', '2026-03-02', null)],
    };
    const { drafts } = assessShare(subject, share, known);
    expect(drafts.map(({ customerId, amount }) => [customerId, amount.minor])).toEqual([
      ['A', 33n],
      ['B', 67n],
    ]);
    expect(drafts[0]!.explanation).toEqual({
      shared: {
        rule: 'equal',
        weight: '1',
        document: '电费',
        cost: { minor: '1000', currency: 'CNY' },
        share: { minor: '100', currency: 'CNY' },
      },
    });
    expect(
      drafts.map(({ serviceFrom, serviceTo, tariffIds }) => [serviceFrom, serviceTo, tariffIds]),
    ).toEqual([
      ['2026-03-01', '2026-03-01', []],
      ['2026-03-02', '2026-03-03', []],
    ]);
    const ofNobody = { ...known, occupancies: known.occupancies.slice(1) };
    expect(assessShare(subject, share, ofNobody)).toMatchObject({
      drafts: [],
      problems: [{ code: 'billing.payer-missing', from: '2026-03-01', to: '2026-03-01' }],
    });
    expect(assessShare(subject, share, { ...known, charged: [share] }).drafts).toEqual([]);
    const again = { ...known, charged: [{ from: '2026-03-01', to: '2026-03-01' }] };
    expect(assessShare(subject, share, again).drafts).toEqual([]);
  });
});
