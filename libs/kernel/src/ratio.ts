import { toDecimal, type QuantityLike } from './quantity.js';

/** An exact fraction, for shares of days and areas that have no finite decimal; always in lowest terms, `below` > 0. */
export type Ratio = Readonly<{ above: bigint; below: bigint }>;

export const ZERO_RATIO: Ratio = { above: 0n, below: 1n };

/** The fraction above/below; each is a whole number or an exact decimal. @throws RangeError when `below` is zero. */
export function ratio(above: QuantityLike, below: QuantityLike = 1): Ratio {
  if (Number.isSafeInteger(above) && Number.isSafeInteger(below))
    return lowest(BigInt(above as number), BigInt(below as number));
  const [a, b] = [toDecimal(above), toDecimal(below)];
  const places = Math.max(a.decimalPlaces(), b.decimalPlaces());
  return lowest(BigInt(a.toFixed(places).replace('.', '')), BigInt(b.toFixed(places).replace('.', '')));
}

/** a + b. */
export function addRatio(a: Ratio, b: Ratio): Ratio {
  return lowest(a.above * b.below + b.above * a.below, a.below * b.below);
}

/** a − b. */
export function subtractRatio(a: Ratio, b: Ratio): Ratio {
  return lowest(a.above * b.below - b.above * a.below, a.below * b.below);
}

/** a × b. */
export function multiplyRatio(a: Ratio, b: Ratio): Ratio {
  return lowest(a.above * b.above, a.below * b.below);
}

/** −1, 0 or 1 as a is smaller than, equal to or greater than b. */
export function compareRatio(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const difference = a.above * b.below - b.above * a.below;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Value × 10^digits, rounded once, half away from zero: with the digits of a currency its minor units. */
export function roundRatio({ above, below }: Ratio, digits: number): bigint {
  const scaled = above * 10n ** BigInt(digits);
  const size = scaled < 0n ? -scaled : scaled;
  const rounded = (2n * size + below) / (2n * below);
  return scaled < 0n ? -rounded : rounded;
}

/** Plain decimal text, exact where it is shorter than so many decimals, else rounded half-up to them. */
export function formatRatio(value: Ratio, digits: number): string {
  const minor = roundRatio(value, digits);
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const kept = fraction.replace(/0+$/, '');
  return `${minor < 0n ? '-' : ''}${whole}${kept ? `.${kept}` : ''}`;
}

function lowest(above: bigint, below: bigint): Ratio {
  if (below === 0n) throw new RangeError('a fraction has nothing below it');
  const divisor = greatestCommon(above < 0n ? -above : above, below < 0n ? -below : below);
  const sign = below < 0n ? -1n : 1n;
  return { above: (sign * above) / divisor, below: (sign * below) / divisor };
}

function greatestCommon(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
