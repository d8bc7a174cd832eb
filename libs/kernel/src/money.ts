import { Decimal } from 'decimal.js';
import { invalid } from './domain-error.js';
import { toDecimal, type QuantityLike } from './quantity.js';

/** An amount of money: whole minor units (fen, cents) of an ISO 4217 currency; never floating point. */
export type Money = Readonly<{ minor: bigint; currency: string }>;

/** Money at the edges (HTTP, events, policies): the amount as decimal text. */
export type MoneyJson = Readonly<{ amount: string; currency: string }>;

/** Currency where none is named. */
export const DEFAULT_CURRENCY = 'CNY';

const LONGEST_AMOUNT = 40;
const AMOUNT = /^(-?)(\d+)(?:\.(\d+))?$/;
const digitsByCurrency = new Map<string, number>();

/**
 * Decimals of a currency's amounts by ISO 4217 (CNY 2, JPY 0, KWD 3).
 * @throws DomainError `money.unknown-currency`.
 */
export function currencyDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  if (!Intl.supportedValuesOf('currency').includes(currency)) {
    throw invalid('money.unknown-currency', `"${currency.slice(0, 12)}" is not an ISO 4217 currency.`);
  }
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  digitsByCurrency.set(currency, digits.maximumFractionDigits!);
  return digits.maximumFractionDigits!;
}

/** Money of so many minor units. @throws DomainError `money.unknown-currency`. */
export function money(minor: bigint, currency: string = DEFAULT_CURRENCY): Money {
  currencyDigits(currency);
  return { minor, currency };
}

/**
 * Reads `{amount: "12.30", currency: "CNY"}`. Fewer decimals than the currency has are filled up.
 * @throws DomainError `money.malformed`, `money.too-precise` (more decimals than the currency), `money.unknown-currency`.
 */
export function parseMoney(json: MoneyJson): Money {
  const digits = currencyDigits(json.currency);
  const match = json.amount.length > LONGEST_AMOUNT ? null : AMOUNT.exec(json.amount);
  if (!match) throw invalid('money.malformed', 'An amount such as "12.30" is expected.');
  const [, sign, whole, fraction = ''] = match;
  if (fraction.length > digits) {
    throw invalid('money.too-precise', `${json.currency} has ${digits} decimals, not ${fraction.length}.`);
  }
  const minor = BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
  return { minor: sign ? -minor : minor, currency: json.currency };
}

/** The JSON form, always with all decimals of the currency. */
export function moneyToJson(value: Money): MoneyJson {
  const digits = currencyDigits(value.currency);
  const sign = value.minor < 0n ? '-' : '';
  const text = String(value.minor < 0n ? -value.minor : value.minor).padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return { amount: sign + amount, currency: value.currency };
}

/** a + b. @throws DomainError `money.currency-mismatch`. */
export function addMoney(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/**
 * Amount × quantity, rounded once, half-up to the minor unit. A half goes away from zero, so that a credit
 * note of the negative amount cancels its invoice line exactly.
 */
export function multiplyMoney(value: Money, quantity: QuantityLike): Money {
  const product = toDecimal(quantity).times(toDecimal(value.minor));
  return {
    minor: BigInt(product.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toFixed()),
    currency: value.currency,
  };
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw invalid('money.currency-mismatch', `${a.currency} and ${b.currency} cannot be put together.`);
  }
}
