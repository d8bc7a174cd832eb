import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@steward/kernel';
import { isBackdated } from '../backdating.rules.js';
import { mayKeepCalendar } from './calendar.rules.js';

describe('who keeps calendars', () => {
  it('ORG-01 headquarters keeps those of the group, the manager those of the branch', () => {
    expect(ROLES.filter((role) => mayKeepCalendar(null, [role]))).toEqual(['hq-admin']);
    expect(ROLES.filter((role) => mayKeepCalendar('EB1', [role]))).toEqual([
      'branch-manager',
      'general-manager',
      'hq-admin',
    ]);
  });
});

describe('POL-03 reaching back', () => {
  const now = new Date('2026-03-02T01:00:00Z');
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

  it('POL-03 a date before now reaches back; a clock that is a minute behind does not', () => {
    expect(isBackdated(at(-61), now)).toBe(true);
    expect(isBackdated(at(-60), now)).toBe(false);
    expect(isBackdated(at(0), now)).toBe(false);
    expect(isBackdated(at(60), now)).toBe(false);
  });
});
