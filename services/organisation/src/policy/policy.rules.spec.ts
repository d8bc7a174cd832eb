import { describe, expect, it } from '@jest/globals';
import { definePolicy, type PolicyLevel, type Role } from '@steward/kernel';
import type { StoredPolicyValue } from './policy.entity.js';
import { inForce, isLevelOf, isSame, lockOver, maySet, mayLock } from './policy.rules.js';

const about = { description: 'time to answer', source: 'practice', levels: ['group', 'branch'] as const };
const lockable = definePolicy({ ...about, key: 'tickets.reply', type: 'integer', lockable: true });
const free = definePolicy({ ...about, key: 'tickets.colour', type: 'text', lockable: false });

const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

function aValue(changes: Partial<StoredPolicyValue> = {}): StoredPolicyValue {
  return {
    id: 'v',
    policyId: 'p',
    key: 'tickets.reply',
    unitId: 'G',
    unitKind: 'group',
    branchId: null,
    version: 1,
    value: 1,
    effectiveFrom: day(1),
    locked: false,
    reason: null,
    setBy: 'hq.admin',
    setAt: day(1),
    ...changes,
  };
}

describe('POL-02 who sets what where', () => {
  it.each<[PolicyLevel, Role[]]>([
    ['group', ['hq-admin']],
    ['region', ['hq-admin', 'general-manager']],
    ['branch', ['hq-admin', 'general-manager', 'branch-manager']],
  ])('POL-02 a value of a %s is set by %j', (level, setters) => {
    for (const role of ['hq-admin', 'general-manager', 'branch-manager', 'cs-manager', 'hq-auditor'] as const)
      expect(maySet(level, [role])).toBe(setters.includes(role));
    expect(maySet(level, [])).toBe(false);
  });

  it('POL-02 only the levels of the definition take values; a site never does', () => {
    expect(isLevelOf(lockable, 'group')).toBe(true);
    expect(isLevelOf(lockable, 'region')).toBe(false);
    expect(isLevelOf(lockable, 'site')).toBe(false);
  });

  it('POL-02 a lock needs a lockable parameter and a level below', () => {
    expect(mayLock(lockable, 'group')).toBe(true);
    expect(mayLock(lockable, 'branch')).toBe(false);
    expect(mayLock(free, 'group')).toBe(false);
  });
});

describe('POL-03 values are dated', () => {
  const old = aValue({ version: 1, effectiveFrom: day(1), value: 'old' });
  const corrected = aValue({ version: 3, effectiveFrom: day(1), value: 'corrected' });
  const next = aValue({ version: 2, effectiveFrom: day(10), value: 'next' });

  it('POL-03 the latest date in force counts, among equal dates the latest version', () => {
    expect(inForce([next, corrected, old], day(9))).toBe(corrected);
    expect(inForce([old, corrected], day(9))).toBe(corrected);
    expect(inForce([old, corrected, next], day(10))).toBe(next);
    expect(inForce([next, corrected, old], day(10))).toBe(next);
    expect(inForce([old], new Date(day(1).getTime() - 1))).toBeUndefined();
  });
});

describe('POL-02 locks', () => {
  const lock = aValue({ unitId: 'G', locked: true, effectiveFrom: day(5) });
  const lifted = aValue({ unitId: 'G', locked: false, version: 2, effectiveFrom: day(10) });
  const regional = aValue({ unitId: 'R', locked: true, effectiveFrom: day(12) });

  it('POL-02 a lock binds from its date until a later value of the same unit lifts it', () => {
    const at = (n: number) => lockOver(['G', 'R'], [lock, lifted], day(n));
    expect([at(4), at(5), at(9), at(10)]).toEqual([undefined, lock, lock, undefined]);
  });

  it('POL-02 the topmost lock is named, and only units above bind', () => {
    expect(lockOver(['G', 'R'], [lock, regional], day(12))).toBe(lock);
    expect(lockOver(['G', 'R'], [lock, lifted, regional], day(12))).toBe(regional);
    expect(lockOver([], [lock], day(12))).toBeUndefined();
  });
});

describe('setting the same again', () => {
  const known = aValue({ value: { amount: 2, unit: 'working-days' } });

  it('is the same for the same date, lock and content, whatever the order of its fields', () => {
    expect(isSame(aValue({ value: { unit: 'working-days', amount: 2 } }), [known])).toBe(true);
    expect(isSame(aValue({ value: [{ b: 1, a: 2 }] }), [aValue({ value: [{ a: 2, b: 1 }] })])).toBe(true);
    expect(isSame(aValue({ value: { a: null } }), [aValue({ value: { a: null } })])).toBe(true);
  });

  it('is another for another date, lock or content, and when it was corrected since', () => {
    expect(isSame(aValue({ value: known.value, effectiveFrom: day(2) }), [known])).toBe(false);
    expect(isSame(aValue({ value: known.value, locked: true }), [known])).toBe(false);
    expect(isSame(aValue({ value: { amount: 3, unit: 'working-days' } }), [known])).toBe(false);
    expect(isSame(aValue({ value: known.value }), [known, aValue({ value: 5, version: 2 })])).toBe(false);
    expect(isSame(known, [])).toBe(false);
  });
});
