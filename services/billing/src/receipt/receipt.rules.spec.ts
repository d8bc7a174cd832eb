import { expect, it } from '@jest/globals';
import { receiptLines } from './receipt.rules.js';

it('BIL-09 a receipt tells what was paid, by fee item', () => {
  const share = (feeItemCode: string, serviceFrom: string, serviceTo: string, amount: bigint) => ({
    amount,
    charge: { feeItemCode, serviceFrom, serviceTo },
  });
  expect(
    receiptLines([
      share('water', '2026-02-01', '2026-02-28', 5n),
      share('repair', '2026-03-04', '2026-03-04', 7n),
      share('water', '2026-01-01', '2026-01-31', 3n),
      share('water', '2026-03-01', '2026-03-31', 1n),
    ]),
  ).toEqual([
    { feeItemCode: 'water', from: '2026-01-01', to: '2026-03-31', charges: 3, amount: 9n },
    { feeItemCode: 'repair', from: '2026-03-04', to: '2026-03-04', charges: 1, amount: 7n },
  ]);
});
