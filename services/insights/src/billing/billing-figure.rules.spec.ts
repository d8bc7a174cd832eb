import { expect, it } from '@jest/globals';
import { FIGURE_ROLES } from '../figure/figure.rules.js';
import { BILLING_FIGURE_ROLES, BILLING_MEANINGS, BILLING_MEASURES } from './billing-figure.rules.js';

it('GRP-01 figures of billing are also for who keeps the books', () => {
  expect(BILLING_FIGURE_ROLES).toEqual([...FIGURE_ROLES, 'accountant']);
});

it('every measure of billing says in words of its own what it means', () => {
  const words = BILLING_MEASURES.map((name) => BILLING_MEANINGS[name]);
  for (const text of words) expect(text).toMatch(/[a-z]+ [a-z]+/);
  expect(new Set(words).size).toBe(words.length);
});
