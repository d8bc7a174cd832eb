import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { allocateMoney } from './money-allocation.js';
import { addMoney, currencyDigits, money, moneyToJson, multiplyMoney, parseMoney } from './money.js';

const cny = (amount: string) => parseMoney({ amount, currency: 'CNY' });
const text = (value: Parameters<typeof moneyToJson>[0]) => moneyToJson(value).amount;

describe('money at the edges', () => {
  it.each([
    ['12.30', 'CNY', 1230n],
    ['12.3', 'CNY', 1230n],
    ['12', 'CNY', 1200n],
    ['-0.05', 'CNY', -5n],
    ['0', 'CNY', 0n],
    ['1500', 'JPY', 1500n],
    ['1.234', 'KWD', 1234n],
    ['90071992547409930.07', 'CNY', 9007199254740993007n],
    ['9'.repeat(40), 'JPY', 10n ** 40n - 1n],
  ])('reads %s %s as whole minor units', (amount, currency, minor) => {
    expect(parseMoney({ amount, currency })).toEqual({ minor, currency });
  });

  it.each([
    [5n, 'CNY', '0.05'],
    [-5n, 'CNY', '-0.05'],
    [1230n, 'CNY', '12.30'],
    [-1500n, 'JPY', '-1500'],
    [0n, 'KWD', '0.000'],
  ])('writes %s %s with all decimals', (minor, currency, amount) => {
    expect(moneyToJson({ minor, currency })).toEqual({ amount, currency });
  });

  it.each(['', '1.', '.5', '1,000', '1e3', ' 1', '+1', 'NaN', '9'.repeat(41)])('refuses "%s"', (amount) => {
    expect(() => cny(amount)).toThrow('money.malformed');
  });

  it('refuses more decimals than the currency has, and unknown currencies', () => {
    expect(() => cny('1.234')).toThrow('money.too-precise');
    expect(() => parseMoney({ amount: '1.5', currency: 'JPY' })).toThrow('money.too-precise');
    expect(() => parseMoney({ amount: '1', currency: 'RMB' })).toThrow('money.unknown-currency');
    expect(() => money(1n, 'cny')).toThrow('money.unknown-currency');
    expect(currencyDigits('CNY')).toBe(2);
  });

  it('takes yuan where no currency is named', () => {
    expect(money(100n)).toEqual({ minor: 100n, currency: 'CNY' });
  });

  it('survives a round trip', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.constantFrom('CNY', 'JPY', 'KWD'),
        (minor, currency) => {
          expect(parseMoney(moneyToJson({ minor, currency }))).toEqual({ minor, currency });
        },
      ),
    );
  });
});

describe('lesson 21: money never passes through floating point', () => {
  it('adds', () => {
    expect(text(addMoney(cny('0.10'), cny('0.20')))).toBe('0.30');
    expect(text(addMoney(cny('0.10'), cny('-0.20')))).toBe('-0.10');
  });

  it('does not mix currencies', () => {
    expect(() => addMoney(money(1n), money(1n, 'USD'))).toThrow('money.currency-mismatch');
  });

  it.each([
    // 0.53 × 1.5 = 0.795 → 0.80
    ['0.53', '1.5', '0.80'],
    // 1.005 exactly; a double holds 1.00499999999999989…
    ['1.00', '1.005', '1.01'],
    ['0.10', '0.04', '0.00'],
    ['0.10', '0.05', '0.01'],
    // a credit note mirrors its invoice line
    ['-0.10', '0.05', '-0.01'],
    ['0.10', '-0.05', '-0.01'],
    // 123 456 789 012 345.67 × 3 needs more than 53 bits
    ['123456789012345.67', '3', '370370367037037.01'],
  ])('%s × %s = %s, half-up once', (amount, quantity, expected) => {
    expect(text(multiplyMoney(cny(amount), quantity))).toBe(expected);
  });
});

describe('allocation by the largest remainder', () => {
  it.each([
    // 100 fen in three: 33.33 each; one fen left goes to the first
    ['1.00', [1, 1, 1], ['0.34', '0.33', '0.33']],
    // 5 fen by 3:7 = 1.5 and 3.5: a tie, the earlier gets it
    ['0.05', [3, 7], ['0.02', '0.03']],
    // 10 fen by 1:2:4 = 1.43, 2.86, 5.71: two fen left go to .86 and .71
    ['0.10', [1, 2, 4], ['0.01', '0.03', '0.06']],
    ['-0.10', [1, 2, 4], ['-0.01', '-0.03', '-0.06']],
    ['1.00', [0, 5, 0], ['0.00', '1.00', '0.00']],
    // shares of area: 50.5 : 49.5
    ['10.00', ['50.5', '49.50'], ['5.05', '4.95']],
    ['0.00', [1, 2], ['0.00', '0.00']],
  ])('%s by %o', (amount, weights, expected) => {
    expect(allocateMoney(cny(amount), weights).map(text)).toEqual(expected);
  });

  it.each([[[]], [[0, 0]], [[2, -1]], [[-1]]])('refuses the weights %o', (weights) => {
    expect(() => allocateMoney(cny('1'), weights)).toThrow('money.no-weights');
  });

  it('never loses a unit, and no share is off by a unit or more', () => {
    const weight = fc.oneof(
      fc.nat(1000),
      fc.nat(99_999).map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`),
    );
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.array(weight, { minLength: 1, maxLength: 12 }),
        (minor, weights) => {
          fc.pre(weights.some((each) => Number(each) > 0));
          const shares = allocateMoney(money(minor), weights).map((share) => share.minor);
          expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(minor);
          const scaled = weights.map((each) => BigInt(Math.round(Number(each) * 100)));
          const total = scaled.reduce((sum, each) => sum + each, 0n);
          shares.forEach((share, index) => {
            const error = share * total - minor * scaled[index]!;
            expect(error < total && error > -total).toBe(true);
          });
        },
      ),
    );
  });
});
