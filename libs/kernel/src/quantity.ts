import { Decimal } from 'decimal.js';
import { invalid } from './domain-error.js';

// Sums and products of numbers of at most 80 characters stay far below this precision, so they are exact.
const Exact = Decimal.clone({
  precision: 1000,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});

const LONGEST_TEXT = 80;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

declare const brand: unique symbol;

/** An exact decimal number (kWh, m³, km, shares); JSON is its plain text (`"12.50"` becomes `"12.5"`). */
export type Quantity = Readonly<{ [brand]: 'quantity'; toJSON(): string; toString(): string }>;

/** What is taken for an exact number: text, a whole number, or a quantity. */
export type QuantityLike = Quantity | string | number | bigint;

const wrap = (value: Decimal): Quantity => value as unknown as Quantity;

/** The decimal behind a quantity; for this library only. */
export function toDecimal(value: QuantityLike): Decimal {
  return (typeof value === 'object' ? value : parseQuantity(value)) as unknown as Decimal;
}

/**
 * Reads an exact number from plain text (`"-12.50"`; no exponent, no grouping), a bigint or a number.
 * A number counts as the shortest decimal text that stands for it.
 * @throws DomainError `quantity.malformed` when it is not a number or longer than 80 characters.
 */
export function parseQuantity(value: string | number | bigint): Quantity {
  const text =
    typeof value === 'number' && Number.isFinite(value) ? new Exact(value).toFixed() : String(value);
  if (text.length > LONGEST_TEXT || !PLAIN_NUMBER.test(text)) {
    throw invalid('quantity.malformed', 'A decimal number such as "12.50" is expected.');
  }
  return wrap(new Exact(text));
}

/** Plain text of a quantity; with `digits`, rounded half-up to exactly so many decimals. */
export function formatQuantity(value: QuantityLike, digits?: number): string {
  const decimal = toDecimal(value);
  return digits === undefined ? decimal.toFixed() : decimal.toFixed(digits, Decimal.ROUND_HALF_UP);
}

/** a + b, exact. */
export function addQuantity(a: QuantityLike, b: QuantityLike): Quantity {
  return wrap(toDecimal(a).plus(toDecimal(b)));
}

/** a − b, exact. */
export function subtractQuantity(a: QuantityLike, b: QuantityLike): Quantity {
  return wrap(toDecimal(a).minus(toDecimal(b)));
}

/** a × b, exact. */
export function multiplyQuantity(a: QuantityLike, b: QuantityLike): Quantity {
  return wrap(toDecimal(a).times(toDecimal(b)));
}

/** −1, 0 or 1 as a is smaller than, equal to or greater than b. */
export function compareQuantity(a: QuantityLike, b: QuantityLike): -1 | 0 | 1 {
  return toDecimal(a).cmp(toDecimal(b)) as -1 | 0 | 1;
}
