import { describe, expect, it } from '@jest/globals';
import { FEE_ITEM_CODE, FEE_ITEM_KINDS, isMeasured } from './fee-item.rules.js';

describe('fee items', () => {
  it.each(['water', 'water-2', '2nd-water-fee', 'a-1'])('%s is a code', (code) => {
    expect(code).toMatch(FEE_ITEM_CODE);
  });

  it.each(['', 'Water', 'water fee', '-water', 'water-', 'water--2', 'water-Fee', 'water.fee'])(
    '%j is no code',
    (code) => {
      expect(code).not.toMatch(FEE_ITEM_CODE);
    },
  );

  it('with a meter are those by readings and by a series', () => {
    expect(FEE_ITEM_KINDS.filter(isMeasured)).toEqual(['metered', 'interval']);
  });
});
