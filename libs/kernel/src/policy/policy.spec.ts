import { describe, expect, it } from '@jest/globals';
import type { DomainError } from '../domain-error.js';
import { checkPolicyValue } from './check-policy-value.js';
import { definePolicy, findPolicyDefinition, matchPolicyKey, policyKey } from './define-policy.js';
import { findPolicy, resolvePolicy } from './resolve-policy.js';
import type { PolicyDefinition, PolicyPath, PolicyValue } from './policy.js';

const about = {
  lockable: true,
  description: 'time to answer',
  source: 'S1§3',
  levels: ['group', 'region', 'branch'],
} as const;
const reply = definePolicy({
  ...about,
  key: 'tickets.sla.reply',
  type: 'integer',
  unit: 'hours',
  default: 24,
});
const resolve = definePolicy({ ...about, key: 'tickets.sla.category.{category}.resolve', type: 'duration' });

const path: PolicyPath = { groupId: 'G', regionId: 'R', branchId: 'B' };
const day = (date: string): Date => new Date(`${date}T00:00:00Z`);
const TODAY = day('2026-11-22');

function aValue(changes: Partial<PolicyValue>): PolicyValue {
  const since = { effectiveFrom: day('2026-01-01'), version: 1, locked: false };
  return { key: reply.key, unitId: 'B', unitKind: 'branch', value: 8, ...since, ...changes };
}
const ofGroup = (changes: Partial<PolicyValue> = {}) =>
  aValue({ unitId: 'G', unitKind: 'group', value: 48, ...changes });
const ofRegion = (changes: Partial<PolicyValue> = {}) =>
  aValue({ unitId: 'R', unitKind: 'region', value: 36, ...changes });

function resolved(
  values: PolicyValue[],
  at = TODAY,
  within = path,
  definition: PolicyDefinition<number> = reply,
) {
  const { value, from, version } = resolvePolicy(definition, reply.key, values, within, at);
  return [value, from, version];
}

function errorOf(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('nothing was thrown');
}

describe('POL-01 a parameter is named, typed, described and sourced', () => {
  it('POL-01 keeps type, unit, default, description and source', () => {
    expect(reply).toMatchObject({
      type: 'integer',
      unit: 'hours',
      default: 24,
      description: 'time to answer',
      source: 'S1§3',
    });
  });

  it.each(['reply', 'Tickets.reply', 'a..b', 'a.{x}.{y}', 'a.b{x}', 'a.{x', ''])(
    'POL-01 refuses the key "%s"',
    (key) => {
      expect(() => definePolicy({ ...about, key, type: 'integer' })).toThrow('policy.bad-definition');
    },
  );

  it('POL-01 refuses a parameter that no level may set', () => {
    expect(() => definePolicy({ ...about, key: 'a.b', type: 'text', levels: [] })).toThrow(
      'policy.bad-definition',
    );
  });

  it('POL-01 fills the placeholder of a key and finds the parameter of a concrete key', () => {
    const key = policyKey(resolve, { category: 'lift-fault' });
    expect(key).toBe('tickets.sla.category.lift-fault.resolve');
    expect(policyKey(resolve, { category: '$&漏水' })).toBe('tickets.sla.category.$&漏水.resolve');
    expect(policyKey(reply)).toBe('tickets.sla.reply');
    expect(matchPolicyKey(resolve, key)).toEqual({ category: 'lift-fault' });
    expect(matchPolicyKey(reply, reply.key)).toEqual({});
    expect(matchPolicyKey(reply, key)).toBeUndefined();
    expect(findPolicyDefinition([resolve, reply], key)).toBe(resolve);
    expect(findPolicyDefinition([resolve, reply], reply.key)).toBe(reply);
    expect(findPolicyDefinition([resolve, reply], 'tickets.other')).toBeUndefined();
    const lift = definePolicy({ ...about, key: 'tickets.sla.category.lift.resolve', type: 'duration' });
    expect(findPolicyDefinition([resolve, lift], lift.key)).toBe(lift);
  });

  it.each([
    'tickets.sla.category..resolve',
    'tickets.sla.category.a.b.resolve',
    'tickets.sla.category.resolve',
    'x.lift.resolve',
    'tickets.sla.category.lift.reply',
  ])('POL-01 does not take %s for a key of the parameter', (key) =>
    expect(matchPolicyKey(resolve, key)).toBeUndefined(),
  );

  it.each([
    [{}],
    [{ category: '' }],
    [{ category: 'a.b' }],
    [{ category: 'a b' }],
    [{ category: '{x}' }],
    [{ kind: 'x' }],
  ])('POL-01 refuses the argument %o', (params: Record<string, string>) =>
    expect(() => policyKey(resolve, params)).toThrow('policy.bad-key'),
  );

  const color = definePolicy({
    ...about,
    key: 'a.choice',
    type: 'choice',
    choices: ['red', 'blue'],
    default: 'red',
  });
  const ladder = definePolicy({
    ...about,
    key: 'a.object',
    type: 'object',
    validate: (value): { steps: number[] } => {
      const { steps } = value as { steps?: number[] };
      if (!Array.isArray(steps)) throw new TypeError('steps are missing');
      return { steps };
    },
  });
  const plain = (type: 'integer' | 'decimal' | 'percent' | 'money' | 'boolean' | 'text' | 'duration') =>
    definePolicy({ ...about, key: 'a.b', type });

  it.each<[PolicyDefinition, unknown[], unknown[]]>([
    [plain('integer'), [0, -3], [1.5, '1', NaN, null, undefined]],
    [plain('decimal'), ['1.25', '-2'], [1.25, '1e3', '', 'x', null]],
    [plain('percent'), ['80', '12.5'], [80, '80%', null]],
    [
      plain('money'),
      [{ amount: '12.30', currency: 'CNY' }],
      [
        12,
        null,
        {},
        { amount: '1.234', currency: 'CNY' },
        { amount: 1, currency: 'CNY' },
        { amount: '1', currency: 'XX' },
        { amount: '1' },
      ],
    ],
    [plain('boolean'), [true, false], [0, 'true', null]],
    [plain('text'), ['', '您好'], [1, null]],
    [
      plain('duration'),
      [{ amount: 2, unit: 'working-days' }],
      [2, null, { amount: -1, unit: 'minutes' }, { amount: 1, unit: 'weeks' }],
    ],
    [color, ['red', 'blue'], ['green', 1, null]],
    [ladder, [{ steps: [80, 100] }], [{}, null, 'x']],
  ])('POL-01 checks values by type: $type', (definition, good, bad) => {
    for (const value of good) expect(checkPolicyValue(definition, value)).toEqual(value);
    for (const value of bad)
      expect(() => checkPolicyValue(definition, value)).toThrow('policy.invalid-value');
  });

  it('POL-01 says what is expected and why a value was refused', () => {
    expect(errorOf(() => checkPolicyValue(reply, 'x'))).toMatchObject({
      kind: 'invalid',
      code: 'policy.invalid-value',
      detail: 'tickets.sla.reply takes a whole number, in hours.',
      fields: [{ path: 'value', code: 'policy.invalid-value' }],
      params: { key: 'tickets.sla.reply', type: 'integer' },
    });
    expect(errorOf(() => checkPolicyValue(color, 'green')).detail).toContain('(red, blue)');
    expect(errorOf(() => checkPolicyValue(ladder, {})).detail).toContain('steps are missing');
    expect(
      errorOf(() => checkPolicyValue(plain('money'), { amount: '1.234', currency: 'CNY' })).detail,
    ).toContain('2 decimals');
  });

  it('POL-01 an object is one, however lenient its own check is', () => {
    const lenient = definePolicy({ ...about, key: 'a.b', type: 'object', validate: (value) => value });
    expect(checkPolicyValue(lenient, { any: 1 })).toEqual({ any: 1 });
    for (const bad of [null, 'x', 7, undefined])
      expect(() => checkPolicyValue(lenient, bad)).toThrow('a.b takes an object.');
  });

  it('POL-01 lets a parameter narrow its type', () => {
    const positive = definePolicy({
      ...about,
      key: 'a.b',
      type: 'integer',
      validate: (value) => {
        if ((value as number) > 0) return value as number;
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- a validate of outside code may throw anything
        throw 'not positive';
      },
    });
    expect(checkPolicyValue(positive, 1)).toBe(1);
    expect(() => checkPolicyValue(positive, 0)).toThrow('policy.invalid-value');
  });
});

describe('POL-02 the most specific value wins, unless headquarters locks', () => {
  it.each<[string, PolicyValue[], unknown[]]>([
    ['nothing is set: the default', [], [24, 'default', 0]],
    ['group only', [ofGroup()], [48, 'group', 1]],
    ['region over group', [ofGroup(), ofRegion()], [36, 'region', 1]],
    ['branch over region and group, in any order', [aValue({}), ofGroup(), ofRegion()], [8, 'branch', 1]],
    ['a locked group value over all', [ofGroup({ locked: true }), ofRegion(), aValue({})], [48, 'group', 1]],
    [
      'a locked region value over the branch',
      [ofGroup(), ofRegion({ locked: true }), aValue({})],
      [36, 'region', 1],
    ],
    ['a lock of the branch itself changes nothing', [ofGroup(), aValue({ locked: true })], [8, 'branch', 1]],
    [
      'values of other units',
      [aValue({ unitId: 'B2' }), ofRegion({ unitId: 'R2' }), ofGroup({ unitId: 'G2' })],
      [24, 'default', 0],
    ],
    ['values of other keys', [aValue({ key: 'tickets.sla.other' })], [24, 'default', 0]],
    ['a site has no values', [aValue({ unitKind: 'site' })], [24, 'default', 0]],
  ])('POL-02 %s', (_title, values, expected) => {
    expect(resolved(values)).toEqual(expected);
  });

  it('POL-02 a lock counts only on a lockable parameter', () => {
    const values = [ofGroup({ locked: true }), aValue({})];
    expect(resolved(values, TODAY, path, { ...reply, lockable: false })).toEqual([8, 'branch', 1]);
  });

  it('POL-02 a record of the group sees the group value only', () => {
    expect(resolved([ofGroup(), ofRegion(), aValue({})], TODAY, { groupId: 'G' })).toEqual([48, 'group', 1]);
  });

  it('POL-02 a withdrawn value gives way to the level above', () => {
    const withdrawn = aValue({ value: null, version: 2, effectiveFrom: day('2026-06-01') });
    expect(resolved([ofGroup(), aValue({}), withdrawn])).toEqual([48, 'group', 1]);
    expect(resolved([ofGroup(), aValue({}), withdrawn], day('2026-05-31'))).toEqual([8, 'branch', 1]);
  });
});

describe('POL-03 values are dated and their version is recorded', () => {
  const first = aValue({ value: 8, version: 1, effectiveFrom: day('2026-01-01') });
  const second = aValue({ value: 6, version: 2, effectiveFrom: day('2026-06-01') });
  const corrected = aValue({ value: 5, version: 3, effectiveFrom: day('2026-06-01') });

  it.each([
    ['2025-12-31', [24, 'default', 0]],
    ['2026-01-01', [8, 'branch', 1]],
    ['2026-05-31', [8, 'branch', 1]],
    ['2026-06-01', [5, 'branch', 3]],
  ])('POL-03 on %s', (date, expected) => {
    expect(resolved([corrected, second, first], day(date))).toEqual(expected);
    expect(resolved([first, second, corrected], day(date))).toEqual(expected);
  });

  it('POL-03 a later date counts before a later version, whatever order the values are in', () => {
    const late = aValue({ value: 9, effectiveFrom: day('2026-02-01'), version: 2 });
    const corrected = aValue({ value: 7, version: 5 });
    expect(resolved([late, corrected])).toEqual([9, 'branch', 2]);
    expect(resolved([corrected, late])).toEqual([9, 'branch', 2]);
    expect(resolved([aValue({ value: 6 }), corrected])).toEqual([7, 'branch', 5]);
    expect(resolved([corrected, aValue({ value: 6 })])).toEqual([7, 'branch', 5]);
  });

  it('POL-03 an old case is judged by the value of its day, whatever was set later', () => {
    const then = resolvePolicy(reply, reply.key, [first], path, day('2026-05-01'));
    expect(resolvePolicy(reply, reply.key, [first, second, corrected], path, day('2026-05-01'))).toEqual(
      then,
    );
    expect(then).toEqual({ value: 8, version: 1, from: 'branch', effectiveFrom: day('2026-01-01') });
  });

  it('POL-03 a lock is dated too', () => {
    const locked = ofGroup({ locked: true, version: 2, effectiveFrom: day('2026-06-01') });
    expect(resolved([ofGroup(), first, locked], day('2026-05-31'))).toEqual([8, 'branch', 1]);
    expect(resolved([ofGroup(), first, locked], day('2026-06-01'))).toEqual([48, 'group', 2]);
  });
});

describe('POL-04 a change is picked up without restart', () => {
  it('POL-04 resolution keeps nothing: the next call sees the new value', () => {
    const values = [aValue({})];
    expect(resolved(values)).toEqual([8, 'branch', 1]);
    values.push(aValue({ value: 4, version: 2, effectiveFrom: TODAY }));
    expect(resolved(values)).toEqual([4, 'branch', 2]);
  });
});

describe('POL-05 a missing parameter is named, with who may set it', () => {
  const key = policyKey(resolve, { category: 'lift' });

  it('POL-05 throws policy.missing with key and roles', () => {
    expect(errorOf(() => resolvePolicy(resolve, key, [], path, TODAY))).toMatchObject({
      kind: 'unprocessable',
      code: 'policy.missing',
      detail:
        'The parameter tickets.sla.category.lift.resolve (time to answer) has no value. It can be set by hq-admin for the group; ' +
        'hq-admin or general-manager for the region; hq-admin or general-manager or branch-manager for the branch.',
      params: { key, levels: ['group', 'region', 'branch'], setBy: { group: ['hq-admin'] } },
    });
  });

  it('POL-05 names only the levels that may set it', () => {
    const central = { ...resolve, levels: ['group'] as const };
    expect(errorOf(() => resolvePolicy(central, key, [], path, TODAY)).detail).toMatch(
      /set by hq-admin for the group\.$/,
    );
  });

  it('POL-05 findPolicy gives undefined instead, and the value where there is one', () => {
    expect(findPolicy(resolve, key, [], path, TODAY)).toBeUndefined();
    const value = { amount: 2, unit: 'working-days' };
    expect(findPolicy(resolve, key, [aValue({ key, value })], path, TODAY)?.value).toEqual(value);
  });
});
