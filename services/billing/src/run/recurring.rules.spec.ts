import { describe, expect, it } from '@jest/globals';
import { moneyToJson } from '@steward/kernel';
import { listed, owner } from '../../test/priced-unit.js';
import type { Occupancy } from '../occupancy/payer.rules.js';
import { assessRecurring, uncharged } from './recurring.rules.js';

const march = { from: '2026-03-01', to: '2026-03-31' };
const subject = { propertyUnitId: 'u', siteId: 's', use: 'residential', area: '10', meterId: null };
const price = (validFrom: string, terms: object) =>
  listed(validFrom, { method: 'fixed', price: '31', ...terms });
const assessed = (
  owners: readonly Occupancy[],
  charged: readonly { from: string; to: string }[] = [],
  tariffs = [price('2020-01-01', {})],
) => {
  const known = { item: { payer: 'owner' as const }, occupancies: owners, tariffs, charged };
  const { drafts, problems } = assessRecurring(subject, march, known);
  return {
    drafts,
    problems,
    lines: drafts.map(
      ({ customerId, serviceFrom, serviceTo, amount }) =>
        `${customerId} ${serviceFrom} ${serviceTo} ${moneyToJson(amount).amount}`,
    ),
  };
};

describe('BIL-04 the days that are not charged yet', () => {
  it.each([
    ['none charged', [], [march]],
    ['all charged', [march], []],
    [
      'the middle charged',
      [{ from: '2026-03-10', to: '2026-03-20' }],
      [
        { from: '2026-03-01', to: '2026-03-09' },
        { from: '2026-03-21', to: '2026-03-31' },
      ],
    ],
    [
      'two stretches charged',
      [
        { from: '2026-02-01', to: '2026-03-05' },
        { from: '2026-03-31', to: '2026-03-31' },
      ],
      [{ from: '2026-03-06', to: '2026-03-30' }],
    ],
  ])('%s', (_title, charged, free) => {
    expect(uncharged(march, charged)).toEqual(free);
  });
});

describe('BIL-04 BIL-05 what a unit owes by the month', () => {
  it('each payer owes for the days of his own, once', () => {
    const owners = [owner('A', '2020-01-01', '2026-03-10'), owner('B', '2026-03-11')];
    expect(assessed(owners).lines).toEqual([
      'A 2026-03-01 2026-03-10 10.00',
      'B 2026-03-11 2026-03-31 21.00',
    ]);
    expect(assessed(owners, [{ from: '2026-03-01', to: '2026-03-20' }]).lines).toEqual([
      'B 2026-03-21 2026-03-31 11.00',
    ]);
  });

  it('days of nobody become a problem, the others are charged', () => {
    const { lines, problems } = assessed([owner('A', '2026-03-12')]);
    expect(lines).toEqual(['A 2026-03-12 2026-03-31 20.00']);
    expect(problems).toEqual([
      {
        propertyUnitId: 'u',
        meterId: null,
        code: 'billing.payer-missing',
        detail: 'Nobody owns or occupies the unit on these days.',
        from: '2026-03-01',
        to: '2026-03-11',
      },
    ]);
  });

  it('the charge knows its unit, its tariffs once each, and its arithmetic', () => {
    const tariffs = [
      price('2020-01-01', { method: 'per-area', price: '3.1' }),
      price('2026-03-11', { method: 'per-area', price: '6.2' }),
    ];
    const { drafts, lines } = assessed([owner('A', '2020-01-01')], [], tariffs);
    expect(lines).toEqual(['A 2026-03-01 2026-03-31 52.00']);
    expect(drafts[0]).toMatchObject({
      ...subject,
      tariffIds: ['from 2020-01-01', 'from 2026-03-11'],
      explanation: { exact: '52', parts: [{ days: 10 }, { days: 21 }] },
    });
    expect(drafts[0]!.explanation).not.toHaveProperty('amount');
  });
});
