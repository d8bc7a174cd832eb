import { describe, expect, it } from '@jest/globals';
import { payersOf, type Occupancy } from './payer.rules.js';

const march = { from: '2026-03-01', to: '2026-03-31' };
const of = (role: Occupancy['role'], customerId: string, from: string, to: string | null = null) => ({
  role,
  customerId,
  from,
  to,
});
const shown = (occupancies: Occupancy[], payer: 'owner' | 'occupant' = 'owner'): string[] =>
  payersOf(march, occupancies, payer).map(({ customerId, from, to }) => `${customerId} ${from} ${to}`);

describe('BIL-05 who pays', () => {
  it('the developer pays until there is an owner, whatever the tenant does', () => {
    const occupancies = [of('developer', 'D', '2020-01-01'), of('owner', 'O', '2026-03-16')];
    expect(shown(occupancies)).toEqual(['D 2026-03-01 2026-03-15', 'O 2026-03-16 2026-03-31']);
    expect(shown([of('tenant', 'T', '2026-01-01'), ...occupancies.slice(0, 1)])).toEqual([
      'D 2026-03-01 2026-03-31',
    ]);
  });

  it('a change of owner splits by day', () => {
    const occupancies = [of('owner', 'B', '2026-03-11'), of('owner', 'A', '2024-01-01', '2026-03-10')];
    expect(shown(occupancies)).toEqual(['A 2026-03-01 2026-03-10', 'B 2026-03-11 2026-03-31']);
  });

  it('a tenant pays before the owner where the item says so', () => {
    const occupancies = [of('owner', 'O', '2024-01-01'), of('tenant', 'T', '2026-03-05', '2026-03-20')];
    expect(shown(occupancies, 'occupant')).toEqual([
      'O 2026-03-01 2026-03-04',
      'T 2026-03-05 2026-03-20',
      'O 2026-03-21 2026-03-31',
    ]);
  });

  it('the developer pays for what nobody owns or rents', () => {
    const occupancies = [of('developer', 'D', '2020-01-01'), of('tenant', 'T', '2026-03-05', '2026-03-20')];
    expect(shown(occupancies, 'occupant')).toEqual([
      'D 2026-03-01 2026-03-04',
      'T 2026-03-05 2026-03-20',
      'D 2026-03-21 2026-03-31',
    ]);
  });

  it('who comes later or left before has nothing to do with it, and of two the earlier one stays', () => {
    const occupancies = [
      of('owner', 'C', '2026-04-01'),
      of('owner', 'B', '2026-03-11'),
      of('owner', 'A', '2024-01-01'),
      of('owner', 'Z', '2020-01-01', '2023-12-31'),
    ];
    expect(shown(occupancies)).toEqual(['A 2026-03-01 2026-03-31']);
  });

  it('days of nobody are told of, and the same payer again is one stretch', () => {
    expect(shown([of('owner', 'A', '2026-03-10', '2026-03-20')])).toEqual([
      'null 2026-03-01 2026-03-09',
      'A 2026-03-10 2026-03-20',
      'null 2026-03-21 2026-03-31',
    ]);
    expect(shown([of('owner', 'A', '2026-01-01', '2026-03-10'), of('owner', 'A', '2026-03-11')])).toEqual([
      'A 2026-03-01 2026-03-31',
    ]);
  });
});
