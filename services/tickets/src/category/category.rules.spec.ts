import { describe, expect, it } from '@jest/globals';
import { CATEGORY_CODE } from './category.rules.js';

describe('codes of categories', () => {
  it.each(['water', 'water-leak', '2nd-water-leak', 'a-1'])('%s is one', (code) => {
    expect(code).toMatch(CATEGORY_CODE);
  });

  it.each(['', 'Water', 'water leak', 'water.leak', '-water', 'water-', 'water--leak', 'water-Leak', '水'])(
    '%j is none',
    (code) => {
      expect(code).not.toMatch(CATEGORY_CODE);
    },
  );
});
