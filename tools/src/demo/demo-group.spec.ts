import { describe, expect, it } from '@jest/globals';
import { TICKET_POLICIES } from '@steward/contracts';
import {
  checkCalendar,
  checkPolicyValue,
  ROLES,
  type Duration,
  type PolicyDefinition,
} from '@steward/kernel';
import { demoGroup } from './demo-group.js';

const codes = [demoGroup.group.code, ...demoGroup.units.map(({ code }) => code)];

describe('the demo group', () => {
  it('has two regions, four branches with two sites each, and parents before children', () => {
    const count = (kind: string) => demoGroup.units.filter((unit) => unit.kind === kind).length;
    expect([count('region'), count('branch'), count('site')]).toEqual([2, 4, 8]);
    for (const [index, unit] of demoGroup.units.entries())
      expect(codes.slice(0, index + 1)).toContain(unit.parent);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('has somebody of every role of a branch in EB1', () => {
    const held = demoGroup.employees.flatMap(({ grants }) =>
      grants.filter(({ unit }) => unit === 'EB1').map(({ role }) => role),
    );
    const elsewhere = ['general-manager', 'hq-auditor', 'hq-admin', 'partner', 'customer'];
    expect(ROLES.filter((role) => !held.includes(role))).toEqual(elsewhere);
  });

  it('has clerk, manager and engineer in every branch, and logins that are unique', () => {
    const logins = demoGroup.employees.map(({ login }) => login);
    for (const branch of ['eb1', 'eb2', 'nb1', 'nb2']) {
      expect(logins).toEqual(
        expect.arrayContaining(['clerk', 'manager', 'engineer'].map((post) => `${branch}.${post}`)),
      );
    }
    expect(new Set(logins).size).toBe(logins.length);
    expect(logins).toContain(demoGroup.administrator);
  });

  it('binds every role to a unit that exists', () => {
    const units = [...demoGroup.employees, ...demoGroup.partners].flatMap(({ home, grants }) => [
      home,
      ...grants.map(({ unit }) => unit),
    ]);
    expect(units.filter((unit) => !codes.includes(unit))).toEqual([]);
  });

  it('sets parameters that exist, for units that exist', () => {
    for (const { key, unit, value } of demoGroup.policies.values) {
      const category = /category\.([a-z-]+)\./.exec(key)?.[1];
      const definition = TICKET_POLICIES.find(
        (policy) => policy.key === key.replace(`.${category}.`, '.{category}.'),
      );
      expect(definition).toBeDefined();
      expect(() => checkPolicyValue(definition as PolicyDefinition<Duration>, value)).not.toThrow();
      expect(codes).toContain(unit);
      if (category) expect(demoGroup.categories.map(({ code }) => code)).toContain(category);
    }
  });

  it('keeps the public holidays of 2026 and works the days that pay for them', () => {
    const { calendar } = demoGroup.calendar;
    expect(() => checkCalendar(calendar)).not.toThrow();
    expect(Object.keys(calendar.holidays)).toHaveLength(33);
    expect(calendar.holidays).toMatchObject({
      '2026-02-15': expect.any(String),
      '2026-02-23': expect.any(String),
    });
    const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();
    expect(Object.keys(calendar.makeUpDays).every((day) => [0, 6].includes(weekday(day)))).toBe(true);
  });
});
