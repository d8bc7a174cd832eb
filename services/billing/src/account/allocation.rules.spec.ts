import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { allocate, type OpenCharge } from './allocation.rules.js';

const charge = (chargeId: string, open: bigint, dueOn = '2026-03-01', raised = 0): OpenCharge => ({
  chargeId,
  dueOn,
  raised,
  open,
});

describe('BIL-08 allocation', () => {
  const debts = [
    charge('march', 100n, '2026-03-31', 1),
    charge('january', 50n, '2026-01-31', 2),
    charge('late-fee', 7n, '2026-01-31', 3),
  ];

  it.each([
    ['a part of the oldest', 30n, [], [['january', 30n]], 0n],
    [
      'lesson 12: the late fee is paid after its principal and before younger debt',
      60n,
      [],
      [
        ['january', 50n],
        ['late-fee', 7n],
        ['march', 3n],
      ],
      0n,
    ],
    [
      'more than is owed',
      200n,
      [],
      [
        ['january', 50n],
        ['late-fee', 7n],
        ['march', 100n],
      ],
      43n,
    ],
    [
      'as the payer says, the rest oldest first',
      120n,
      [{ chargeId: 'march' }],
      [
        ['march', 100n],
        ['january', 20n],
      ],
      0n,
    ],
    [
      'with an amount',
      20n,
      [{ chargeId: 'march', amount: 5n }],
      [
        ['march', 5n],
        ['january', 15n],
      ],
      0n,
    ],
    ['nothing owed', 9n, [], [], 9n],
  ] as const)('%s', (title, amount, told, shares, left) => {
    const result = allocate(amount, title === 'nothing owed' ? [] : debts, told);
    expect([result.shares.map((share) => [share.chargeId, share.amount]), result.left]).toEqual([
      shares,
      left,
    ]);
  });

  it.each([
    ['billing.charge-not-open', 'april', [{ chargeId: 'april' }]],
    ['billing.charge-not-open', 'late-fee', [{ chargeId: 'late-fee' }, { chargeId: 'late-fee' }]],
    ['billing.allocation-too-much', 'late-fee', [{ chargeId: 'late-fee', amount: 8n }]],
    ['billing.allocation-exceeds-payment', undefined, [{ chargeId: 'march', amount: 30n }]],
  ])('refuses with %s of %s', (code, chargeId, told) => {
    expect(() => allocate(20n, debts, told)).toThrow(
      expect.objectContaining({ code, params: chargeId && { chargeId } }),
    );
  });

  it('goes by due day and then by the order of raising, whatever order the charges come in', () => {
    const [march, january, fee] = debts as [OpenCharge, OpenCharge, OpenCharge];
    for (const list of [
      [march, january, fee],
      [march, fee, january],
      [january, march, fee],
      [january, fee, march],
      [fee, january, march],
      [fee, march, january],
    ])
      expect(allocate(60n, list).shares.map(({ chargeId }) => chargeId)).toEqual([
        'january',
        'late-fee',
        'march',
      ]);
  });

  it('takes a part of a charge that the payer names, up to the whole of it and of the money', () => {
    expect(allocate(7n, debts, [{ chargeId: 'late-fee', amount: 7n }])).toEqual({
      shares: [{ chargeId: 'late-fee', amount: 7n }],
      left: 0n,
    });
  });

  it('never loses a fen, and no charge gets more than is open', () => {
    const debt = fc.record({
      open: fc.bigInt({ min: 1n, max: 10_000n }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(fc.array(debt, { maxLength: 12 }), fc.bigInt({ min: 0n, max: 60_000n }), (list, amount) => {
        const open = list.map(({ open, day }, index) =>
          charge(String(index), open, `2026-03-${String(day).padStart(2, '0')}`, index),
        );
        const { shares, left } = allocate(amount, open);
        expect(shares.reduce((sum, share) => sum + share.amount, left)).toBe(amount);
        for (const share of shares) expect(share.amount <= open[Number(share.chargeId)]!.open).toBe(true);
        if (left > 0n) expect(shares).toHaveLength(open.length);
      }),
    );
  });
});
