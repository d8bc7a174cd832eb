import { describe, expect, it } from '@jest/globals';
import {
  checkPayment,
  checkSameNotice,
  paymentActions,
  settledOn,
  type Notice,
  type PaymentStanding,
} from './payment.rules.js';

const standing = (rest: Partial<PaymentStanding> = {}): PaymentStanding => ({
  state: 'booked',
  amount: 100n,
  left: 40n,
  returned: 0n,
  ...rest,
});

describe('BIL-08 what may be done with a payment', () => {
  it.each([
    [
      'an unmatched one is assigned or given back',
      standing({ state: 'unmatched' }),
      ['assign', 'reverse', 'refund'],
    ],
    ['a booked one is taken back, or what is left of it', standing(), ['reverse', 'refund']],
    ['one that is used up is only reversed', standing({ left: 0n }), ['reverse']],
    ['one that was refunded in part is not reversed', standing({ returned: 5n }), ['refund']],
    [
      'an unmatched one that was given back as a whole may still be assigned',
      standing({ state: 'unmatched', left: 0n, returned: 100n }),
      ['assign'],
    ],
    ['a reversed one stays', standing({ state: 'reversed', left: 0n }), []],
  ] as const)('%s', (_title, payment, actions) => {
    expect(paymentActions(payment, ['accountant'])).toEqual(actions);
    expect(paymentActions(payment, ['cs-agent', 'cashier'])).toEqual(actions);
    expect(paymentActions(payment, ['partner', 'cs-agent'])).toEqual([]);
  });

  it.each([
    ['payment.state', standing({ state: 'reversed' }), 'reverse', 0n],
    ['payment.state', standing(), 'assign', 0n],
    ['billing.payment-refunded', standing({ returned: 1n }), 'reverse', 0n],
    ['billing.refund-too-much', standing(), 'refund', 41n],
  ] as const)('refuses with %s', (code, payment, action, amount) => {
    expect(() => checkPayment(payment, action, amount)).toThrow(code);
  });

  it('lets pass what is allowed', () => {
    expect(() => checkPayment(standing(), 'refund', 40n)).not.toThrow();
    expect(() => checkPayment(standing({ state: 'unmatched', returned: 5n }), 'assign')).not.toThrow();
    expect(() => checkPayment(standing({ left: 0n }), 'reverse', 1n)).not.toThrow();
  });
});

describe('BIL-08 a payment that is told of again', () => {
  const notice: Notice = { amount: 5n, currency: 'CNY', method: 'wechat', account: 'a', invoice: null };

  it('is the same payment when the words are the same', () => {
    expect(() => checkSameNotice(notice, { ...notice })).not.toThrow();
  });

  it.each([
    ['amount', { amount: 6n }],
    ['currency', { currency: 'USD' }],
    ['method', { method: 'alipay' }],
    ['account', { account: 'b' }],
    ['invoice', { invoice: 'EB1-I-2026-000001' }],
  ] as const)('is a conflict with another %s', (field, other) => {
    expect(() => checkSameNotice(notice, { ...notice, ...other })).toThrow(
      expect.objectContaining({ code: 'payment.told-differently', params: { different: [field] } }),
    );
  });
});

it('BIL-08 money counts for a charge from the day on which both are there', () => {
  expect(settledOn('2026-03-05', '2026-03-01')).toBe('2026-03-05');
  expect(settledOn('2026-03-05', '2026-04-01')).toBe('2026-04-01');
});
