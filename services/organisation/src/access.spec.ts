import { describe, expect, it } from '@jest/globals';
import { GROUP_SCOPE, systemContext, type Grant } from '@steward/platform';
import { rolesOver, rolesOverRegion, STAFF, STAFF_AND_PARTNERS } from './access.js';

const holding = (...grants: Grant[]) => ({
  ...systemContext('eb1.manager', GROUP_SCOPE, new Date()),
  grants,
});
const over = (
  level: Grant['level'],
  units: Grant['units'],
  role: Grant['role'] = 'general-manager',
): Grant => ({
  role,
  level,
  units,
  refs: units,
});

describe('ORG-01 roles over a place', () => {
  it('ORG-01 a role over a branch holds over its sites; a role over a site does not hold over its branch', () => {
    const branch = { id: 'EB1', kind: 'branch', branchId: 'EB1' } as const;
    const site = { id: 'S1', kind: 'site', branchId: 'EB1' } as const;
    expect(rolesOver(holding(over('branch', ['EB1'], 'branch-manager')), site)).toEqual(['branch-manager']);
    expect(rolesOver(holding(over('site', ['S1'], 'engineer')), site)).toEqual(['engineer']);
    expect(rolesOver(holding(over('site', ['S1'], 'engineer')), branch)).toEqual([]);
  });

  it('ORG-01 only a role over the group holds over the group', () => {
    const group = { id: 'G', kind: 'group', branchId: null } as const;
    expect(rolesOver(holding(over('group', '*', 'hq-admin')), group)).toEqual(['hq-admin']);
    expect(rolesOver(holding(over('region', ['EB1'])), group)).toEqual([]);
  });

  it('ORG-01 a region is in the hands of who is bound to it, not of the manager of its only branch', () => {
    expect(rolesOverRegion(holding(over('region', ['EB1', 'EB2'])), ['EB1', 'EB2'])).toEqual([
      'general-manager',
    ]);
    expect(rolesOverRegion(holding(over('region', ['NB1'])), ['EB1', 'EB2'])).toEqual([]);
    expect(rolesOverRegion(holding(over('branch', ['EB1'], 'branch-manager')), ['EB1'])).toEqual([]);
    expect(rolesOverRegion(holding(over('region', ['NB1'])), [])).toEqual([]);
    expect(rolesOverRegion(holding(over('group', '*', 'hq-admin')), [])).toEqual(['hq-admin']);
  });
});

describe('who is staff', () => {
  it('neither partners nor customers are; partners read what concerns the branches of their grant', () => {
    expect(STAFF).not.toContain('partner');
    expect(STAFF).not.toContain('customer');
    expect(STAFF_AND_PARTNERS).toEqual([...STAFF, 'partner']);
  });
});
