import { describe, expect, it } from '@jest/globals';
import { grantedBranches, grantedTypes, permitted, type GrantTerms, type Reach } from './reduce.rules.js';

const terms = (rest: Partial<GrantTerms> = {}): GrantTerms => ({
  eventTypes: ['ticket-closed'],
  branchIds: ['EB1'],
  groupFacts: false,
  personalFields: [],
  ...rest,
});
const allowed = (grants: GrantTerms[], reach: Reach, branchId: string | null, type = 'ticket-closed') => {
  const fields = permitted({ grants, reach }, { type, branchId });
  return fields && [...fields];
};

describe('PTR-02 what a partner may see of an event', () => {
  it.each<[string, GrantTerms, Reach, string | null, boolean]>([
    ['a granted branch within the role', terms(), ['EB1'], 'EB1', true],
    ['a granted branch with a role everywhere', terms(), '*', 'EB1', true],
    ['a granted branch where the role is not held', terms(), ['EB2'], 'EB1', false],
    ['a branch that is not granted', terms(), ['EB1', 'EB2'], 'EB2', false],
    ['any branch within the role', terms({ branchIds: null }), ['EB2'], 'EB2', true],
    ['any branch, beyond the role', terms({ branchIds: null }), ['EB2'], 'EB1', false],
    ['another type', terms({ eventTypes: ['ticket-opened'] }), ['EB1'], 'EB1', false],
    ['a fact of the group', terms({ groupFacts: true }), ['EB1'], null, true],
    ['a fact of the group with a role everywhere', terms({ groupFacts: true }), '*', null, true],
    ['a fact of the group without any role', terms({ groupFacts: true }), [], null, false],
    ['a fact of the group that is not granted', terms({ branchIds: null }), '*', null, false],
  ])('%s', (_title, grant, reach, branchId, seen) => {
    expect(allowed([grant], reach, branchId)).toEqual(seen ? [] : null);
  });

  it('the kinds of personal ids are those of all grants that cover the event, and of no other', () => {
    const grants = [
      terms({ personalFields: ['customer'] }),
      terms({ personalFields: ['employee', 'customer'] }),
      terms({ eventTypes: ['ticket-opened'], personalFields: ['employee'] }),
    ];
    expect(allowed(grants, '*', 'EB1')).toEqual(['customer', 'employee']);
    expect(allowed(grants.slice(0, 1), '*', 'EB1')).toEqual(['customer']);
    expect(allowed(grants, '*', 'EB1', 'ticket-opened')).toEqual(['employee']);
  });
});

describe('PTR-02 what grants add up to', () => {
  const grants = [
    terms({ eventTypes: ['a', 'b'], branchIds: ['EB1', 'EB2'] }),
    terms({ eventTypes: ['b', 'c'], branchIds: ['EB2', 'EB3'] }),
  ];

  it('types stand once', () => {
    expect(grantedTypes({ grants, reach: '*' })).toEqual(['a', 'b', 'c']);
  });

  it.each<[string, GrantTerms[], Reach, Reach]>([
    ['those named, where the role is held everywhere', grants, '*', ['EB1', 'EB2', 'EB3']],
    ['those named within the role', grants, ['EB3', 'EB4', 'EB1'], ['EB1', 'EB3']],
    [
      'all of the role, where one grant names none',
      [...grants, terms({ branchIds: null })],
      ['EB9'],
      ['EB9'],
    ],
    ['everywhere', [terms({ branchIds: null })], '*', '*'],
    ['none without a grant', [], '*', []],
  ])('branches: %s', (_title, its, reach, branches) => {
    expect(grantedBranches({ grants: its, reach })).toEqual(branches);
  });
});
