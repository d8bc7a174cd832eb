import { describe, expect, it } from '@jest/globals';
import { bookMoney } from './booking.rules.js';

describe('BIL-03 how money is booked', () => {
  it('settles on its day, and prepays what is owed later', () => {
    const shares = [
      { amount: 50n, settledOn: '2026-03-05' },
      { amount: 12n, settledOn: '2026-05-01' },
      { amount: 10n, settledOn: '2026-04-01' },
      { amount: 8n, settledOn: '2026-05-01' },
      { amount: 7n, settledOn: '2026-04-15' },
      { amount: 5n, settledOn: '2026-03-01' },
    ];
    expect(bookMoney('money:wechat', '2026-03-05', 100n, shares)).toEqual([
      {
        kind: 'payment',
        bookedOn: '2026-03-05',
        postings: [
          { account: 'money:wechat', amount: 100n },
          { account: 'receivable', amount: -55n },
          { account: 'prepaid', amount: -45n },
        ],
      },
      {
        kind: 'allocation',
        bookedOn: '2026-04-01',
        postings: [
          { account: 'prepaid', amount: 10n },
          { account: 'receivable', amount: -10n },
        ],
      },
      {
        kind: 'allocation',
        bookedOn: '2026-04-15',
        postings: [
          { account: 'prepaid', amount: 7n },
          { account: 'receivable', amount: -7n },
        ],
      },
      {
        kind: 'allocation',
        bookedOn: '2026-05-01',
        postings: [
          { account: 'prepaid', amount: 20n },
          { account: 'receivable', amount: -20n },
        ],
      },
    ]);
  });

  it('is one entry where nothing is owed', () => {
    expect(bookMoney('unmatched', '2026-03-05', 7n, [])).toHaveLength(1);
  });
});
