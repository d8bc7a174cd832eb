import { describe, expect, it } from '@jest/globals';
import { parseMoney } from '@steward/kernel';
import { paymentOf } from './payment.rules.js';

const cny = (amount: string) => parseMoney({ amount, currency: 'CNY' });
const charge = (amount: string, open: string) => ({ amount: cny(amount), open: cny(open) });

describe('FLW-01 what a ticket shows of its charges', () => {
  it.each([
    ['none', []],
    ['due', [charge('120.50', '120.50')]],
    ['partly', [charge('120.50', '60.50')]],
    ['partly', [charge('120.50', '0.00'), charge('10.00', '10.00')]],
    ['paid', [charge('120.50', '0.00')]],
    ['paid', [charge('120.50', '0.00'), charge('10.00', '0.00')]],
  ])('%s', (expected, charges) => {
    expect(paymentOf(charges)).toBe(expected);
  });
});
