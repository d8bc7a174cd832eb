import { describe, expect, it } from '@jest/globals';
import { UNIT_KINDS, type Role, type UnitKind } from '@steward/kernel';
import { branchOf, fitsUnder, mayKeep, mayRegister } from './unit.rules.js';

describe('the tree of the group', () => {
  it.each<[UnitKind, UnitKind[]]>([
    ['group', []],
    ['region', ['group']],
    ['branch', ['group', 'region']],
    ['site', ['branch']],
  ])('a %s stands under %j only', (kind, parents) => {
    expect(UNIT_KINDS.filter((parent) => fitsUnder(kind, parent))).toEqual(parents);
  });

  it('a branch belongs to itself, a site to its branch, what stands above to no branch', () => {
    const of = (kind: UnitKind) => branchOf({ id: 'own', kind, parentId: 'above' });
    expect(UNIT_KINDS.map(of)).toEqual([null, null, 'own', 'above']);
  });
});

describe('ORG-01 who keeps units', () => {
  const kept = (role: Role) => UNIT_KINDS.filter((kind) => mayKeep(kind, [role]));
  const registered = (role: Role) =>
    UNIT_KINDS.filter((kind) => kind !== 'group' && mayRegister(kind, [role]));

  it.each<[Role, UnitKind[], UnitKind[]]>([
    ['hq-admin', ['group', 'region', 'branch', 'site'], ['region', 'branch', 'site']],
    ['general-manager', ['branch', 'site'], ['site']],
    ['branch-manager', ['site'], ['site']],
    ['hq-auditor', [], []],
    ['cs-manager', [], []],
    ['hr', [], []],
  ])('ORG-01 %s changes %j and registers %j', (role, changes, registers) => {
    expect(kept(role)).toEqual(changes);
    expect(registered(role)).toEqual(registers);
  });
});
