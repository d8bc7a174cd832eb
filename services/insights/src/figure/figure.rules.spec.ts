import { describe, expect, it } from '@jest/globals';
import {
  FIGURE_ROLES,
  MEANINGS,
  MEASURE_NAMES,
  MEASURES,
  MOMENTS,
  ratesOf,
  type Measure,
} from './figure.rules.js';

const figures = (some: Partial<Record<Measure, number | bigint>>) =>
  ({ ...Object.fromEntries(MEASURE_NAMES.map((name) => [name, 0])), ...some }) as Record<Measure, number>;

describe('GRP-01 rates', () => {
  it('are shares of one measure in another', () => {
    expect(ratesOf(figures({ callbacksDue: 4, calledBack: 3, everClosed: 8n, reopened: 1n }))).toEqual({
      callback: '0.7500',
      reopen: '0.1250',
    });
  });

  it('are none where there is nothing to have a share in', () => {
    expect(ratesOf(figures({ calledBack: 3, reopened: 1 }))).toEqual({ callback: null, reopen: null });
  });
});

it('GRP-01 figures are for who answers for units, and for who audits', () => {
  expect(new Set(FIGURE_ROLES)).toEqual(
    new Set([
      ...['cs-supervisor', 'cs-manager', 'branch-manager', 'general-manager'],
      ...['auditor', 'hq-auditor', 'hq-admin'],
    ]),
  );
});

it('every measure says in words of its own what it means', () => {
  const words = MEASURE_NAMES.map((name) => MEANINGS[name]);
  for (const text of words) expect(text).toMatch(/[a-z]+ [a-z]+/);
  expect(new Set(words).size).toBe(words.length);
});

it('GRP-01 every time that a measure is judged by is one that tallies wait for, or the deadline of an open ticket', () => {
  const judged = Object.values(MEASURES).flatMap((condition) => {
    const comparisons = [...condition.matchAll(/(\S+|coalesce\([^)]*\)) (?:<=?|>=?) \$asOf/g)];
    expect(comparisons).toHaveLength(condition.split('$asOf').length - 1);
    return comparisons.flatMap(([text]) => [...text.matchAll(/\b[fk]\.\w+/g)].map(([column]) => column));
  });
  expect(judged).toContain('f.first_reopened_at');
  for (const column of new Set(judged)) expect([...MOMENTS, 'f.due_at']).toContain(column);
});
