import { describe, expect, it } from '@jest/globals';
import { balanced, reversed, transfer } from './ledger.rules.js';

describe('BIL-03 ledger', () => {
  it('an entry holds one line per account, none of zero', () => {
    expect(
      balanced([...transfer('receivable', 'income:water', 5n), ...transfer('prepaid', 'receivable', 5n)]),
    ).toEqual([
      { account: 'income:water', amount: -5n },
      { account: 'prepaid', amount: 5n },
    ]);
  });

  it('what does not balance is refused', () => {
    expect(() => balanced([{ account: 'receivable', amount: 1n }])).toThrow('ledger.unbalanced');
  });

  it('nothing is transferred by no line', () => {
    expect(transfer('receivable', 'prepaid', 0n)).toEqual([]);
  });

  it('a reversal takes an entry back to nothing', () => {
    const entry = transfer('money:cash', 'receivable', 12n);
    expect(balanced([...entry, ...reversed(entry)])).toEqual([]);
  });
});
