import { describe, expect, it } from '@jest/globals';
import { ROLES, UNIT_KINDS, type Role, type UnitKind } from '@steward/kernel';
import { isGrantable, isOwn, levelsOf, mayGrant, overlaps, stateOf } from './grant.rules.js';

const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
const period = (from: number, to: number | null = null) => ({
  validFrom: day(from),
  validTo: to === null ? null : day(to),
});

describe('ORG-01 who gives which role', () => {
  const given = (role: Role) => ROLES.filter((each) => mayGrant(each, [role]));

  it('ORG-01 headquarters gives every role', () => {
    expect(given('hq-admin')).toEqual(ROLES);
  });

  it.each<Role>(['branch-manager', 'general-manager'])(
    'ORG-01 a %s gives the roles below a branch manager',
    (role) => {
      expect(given(role)).toEqual(ROLES.slice(0, ROLES.indexOf('branch-manager')));
      for (const high of [
        'branch-manager',
        'general-manager',
        'hr',
        'hq-auditor',
        'hq-admin',
        'partner',
      ] as const)
        expect(given(role)).not.toContain(high);
    },
  );

  it('ORG-01 nobody else gives any', () => {
    const others = ROLES.filter((role) => !['hq-admin', 'branch-manager', 'general-manager'].includes(role));
    expect(others.flatMap(given)).toEqual([]);
  });

  it('ORG-01 nobody decides about himself but headquarters', () => {
    expect(isOwn('eb1.manager', 'eb1.manager', ['branch-manager'])).toBe(true);
    expect(isOwn('eb1.clerk', 'eb1.manager', ['branch-manager'])).toBe(false);
    expect(isOwn('hq.admin', 'hq.admin', ['hq-admin'])).toBe(false);
  });

  it.each<[Role, UnitKind[]]>([
    ['hq-admin', ['group']],
    ['hq-auditor', ['group']],
    ['general-manager', ['group', 'region']],
    ['branch-manager', ['branch']],
    ['customer', []],
    ['cs-agent', [...UNIT_KINDS]],
    ['partner', [...UNIT_KINDS]],
  ])('ORG-01 %s is bound to %j', (role, levels) => {
    expect(levelsOf(role)).toEqual(levels);
  });
});

describe('the time of a grant', () => {
  it.each([
    [period(1, 10), period(5, 20), true],
    [period(1, 10), period(10, 20), false],
    [period(10, 20), period(1, 10), false],
    [period(1), period(5), true],
    [period(1, 5), period(5), false],
    [period(5), period(1, 5), false],
    [period(1), period(5, 6), true],
  ])('%j and %j overlap: %p', (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
    expect(overlaps(other, one)).toBe(expected);
  });

  it('ends after it begins and not before now', () => {
    expect(isGrantable(period(1), day(5))).toBe(true);
    expect(isGrantable(period(1, 6), day(5))).toBe(true);
    expect(isGrantable(period(1, 5), day(5))).toBe(false);
    expect(isGrantable(period(7, 6), day(5))).toBe(false);
    expect(isGrantable(period(6, 6), day(5))).toBe(false);
  });

  it.each([
    [period(6), null, 'planned'],
    [period(5), null, 'active'],
    [period(1, 5), null, 'ended'],
    [period(1, 9), null, 'active'],
    [period(1), day(5), 'revoked'],
    [period(1), day(6), 'active'],
  ] as const)('%j revoked %p is %s on the fifth', (of, revokedAt, state) => {
    expect(stateOf({ ...of, revokedAt }, day(5))).toBe(state);
  });
});
