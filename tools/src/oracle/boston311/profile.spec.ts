import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ALL_POLICIES,
  CATEGORY_RESOLVE,
  CLOCK_PROFILE,
  KIND_RESOLVE,
  type TicketKind,
} from '@steward/contracts';
import { checkCalendar, checkPolicyValue, findPolicyDefinition } from '@steward/kernel';
import { importMapping, slugOf } from '@steward/platform';
import { planForMapping } from './branch-plan.js';
import { loadMapping, neededColumns, slug, type BostonMapping } from './mapping.js';
import { allowanceKey, allowanceOf, loadProfile, policiesOf, type Profile } from './profile.js';

let profile: Profile;
let mapping: BostonMapping;

beforeAll(async () => {
  profile = (await loadProfile()).profile;
  mapping = (await loadMapping()).mapping;
});

describe('the committed profile', () => {
  it('sets nothing but values that the catalogue of parameters takes', () => {
    for (const { key, value } of policiesOf(profile)) {
      const definition = findPolicyDefinition(ALL_POLICIES, key);
      expect([CATEGORY_RESOLVE, CLOCK_PROFILE]).toContain(definition);
      expect(() => checkPolicyValue(definition!, value)).not.toThrow();
    }
    expect(() => checkCalendar(profile.calendar.calendar)).not.toThrow();
  });

  it('holds before anything that is imported', () => {
    expect(Date.parse(profile.effectiveFrom)).toBeLessThan(Date.parse('2000-01-01T00:00:00Z'));
  });

  it('has one allowance per category, under the code that the mapping makes of the type', () => {
    const categories = profile.allowances.map(({ category }) => category);
    expect(new Set(categories).size).toBe(categories.length);
    for (const { type, category } of profile.allowances) expect(slugOf(type)).toBe(category);
  });

  it('meets at least 99 of 100 rows that it was fitted on, and says where another allowance fits as well', () => {
    const sum = (field: 'rows' | 'met') => profile.allowances.reduce((total, each) => total + each[field], 0);
    expect(sum('met') / sum('rows')).toBeGreaterThan(0.99);
    for (const each of profile.allowances.filter(({ note }) => note)) expect(each.rows).toBeLessThan(10);
  });

  it('finds an allowance by category', () => {
    expect(allowanceOf(profile, 'rodent-activity')).toEqual({ amount: 30, unit: 'calendar-days' });
    expect(allowanceOf(profile, 'unheard-of')).toBeUndefined();
    expect(allowanceOf(profile, null)).toBeUndefined();
    expect(allowanceKey('rodent-activity')).toBe('tickets.sla.category.rodent-activity.resolve');
  });
});

describe('the committed mapping', () => {
  it('is one that the importer takes', () => {
    expect(importMapping.safeParse(mapping).error).toBeUndefined();
  });

  it('makes tickets of a kind without allowance of its own, so that a missing one shows', () => {
    expect(KIND_RESOLVE[mapping.fields.kind.constant as TicketKind].default).toBeUndefined();
  });

  it('uses or leaves out on purpose every column', () => {
    const { ignore } = mapping as unknown as { ignore: string[] };
    const columns = new Set([...neededColumns(mapping), ...ignore]);
    expect(columns.size).toBe(29);
    expect(neededColumns(mapping)).toEqual(expect.arrayContaining(['target_dt', 'ontime', 'location']));
  });

  it('names branches that can be made, one of them for blank and unheard-of neighbourhoods', () => {
    const plan = planForMapping(mapping.branch);
    expect(plan.branches.get('BOS-CITY')).toBeDefined();
    expect(plan.codeOf('')).toBe('BOS-CITY');
    expect(plan.codeOf('Atlantis')).toBe('BOS-CITY');
    expect(plan.codeOf('Allston / Brighton')).toBe('BOS-allston-brighton');
    expect(plan.branches.get('BOS-allston-brighton')).toBe('Allston / Brighton');
  });

  it('reads codes from names as the importer does', () => {
    for (const name of [
      'Heat - Excessive  Insufficient',
      'Work w/out Permit',
      ' A&B ',
      'ﬁre',
      '??',
      '漏水 1',
    ])
      expect(slug(name)).toBe(slugOf(name));
  });
});
