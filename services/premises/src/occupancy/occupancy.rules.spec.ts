import { describe, expect, it } from '@jest/globals';
import { checkOccupancy, type Occupancy, type OccupancyRole } from './occupancy.rules.js';

const of = (role: OccupancyRole, from: string, to: string | null): Occupancy => ({
  occupancyId: `${role} ${from}`,
  customerId: 'someone',
  role,
  from,
  to,
});
const history = [
  of('developer', '2020-01-01', '2021-05-31'),
  of('owner', '2021-06-01', null),
  of('tenant', '2022-01-01', '2022-12-31'),
];

describe('PRM-01 who owns and occupies a unit', () => {
  it.each([
    ['a tenant after the last one', of('tenant', '2023-01-01', null)],
    ['a tenant before the first one', of('tenant', '2021-06-01', '2021-12-31')],
    ['an owner before the developer', of('owner', '2019-01-01', '2019-12-31')],
  ])('%s', (_title, wanted) => {
    expect(() => checkOccupancy(wanted, history)).not.toThrow();
  });

  it.each([
    [
      'on the last day of another',
      of('tenant', '2022-12-31', null),
      2,
      'a tenant from 2022-01-01 to 2022-12-31',
    ],
    [
      'up to the first day of another',
      of('tenant', '2021-01-01', '2022-01-01'),
      2,
      'a tenant from 2022-01-01',
    ],
    [
      'an owner beside the developer',
      of('owner', '2021-05-31', '2021-05-31'),
      0,
      'a developer from 2020-01-01',
    ],
    ['an owner beside the owner', of('owner', '2030-01-01', null), 1, 'an owner from 2021-06-01 on'],
  ])('not %s', (_title, wanted, index, words) => {
    const { from, to, role } = history[index]!;
    expect(() => checkOccupancy(wanted, history)).toThrow(
      expect.objectContaining({
        code: 'premises.occupancy-overlap',
        detail: expect.stringContaining(words),
        params: { from, to, role },
      }),
    );
  });

  it('not one that ends before it begins', () => {
    expect(() => checkOccupancy(of('tenant', '2024-02-02', '2024-02-01'), [])).toThrow(
      'premises.occupancy-empty',
    );
  });
});
