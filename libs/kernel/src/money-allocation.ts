import { invalid } from './domain-error.js';
import type { Money } from './money.js';
import { toDecimal, type QuantityLike } from './quantity.js';

/**
 * Splits money in proportion to weights by the largest remainder: each share is cut down to the minor unit, and
 * the units left over go one each to the largest cut-off parts (the earlier one on a tie). The shares always
 * add up to the amount; a negative amount splits like its positive and is negated.
 * @throws DomainError `money.no-weights` when there is no weight above zero or one is negative.
 */
export function allocateMoney(value: Money, weights: readonly QuantityLike[]): Money[] {
  const whole = wholeWeights(weights);
  const total = whole.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n || whole.some((weight) => weight < 0n)) {
    throw invalid('money.no-weights', 'Weights of zero or more are needed, at least one above zero.');
  }
  const amount = value.minor < 0n ? -value.minor : value.minor;
  const shares = whole.map((weight) => (amount * weight) / total);
  const left = amount - shares.reduce((sum, share) => sum + share, 0n);
  for (const index of byRemainder(amount, whole, total).slice(0, Number(left))) shares[index]! += 1n;
  return shares.map((minor) => ({ minor: value.minor < 0n ? -minor : minor, currency: value.currency }));
}

/** The weights scaled to whole numbers, so that the division is exact. */
function wholeWeights(weights: readonly QuantityLike[]): bigint[] {
  const decimals = weights.map(toDecimal);
  const places = Math.max(0, ...decimals.map((weight) => weight.decimalPlaces()));
  return decimals.map((weight) => BigInt(weight.toFixed(places).replace('.', '')));
}

/** Positions ordered by the part that was cut off, largest first; equal parts keep their order. */
function byRemainder(amount: bigint, weights: readonly bigint[], total: bigint): number[] {
  const remainders = weights.map((weight) => (amount * weight) % total);
  return weights
    .map((_, index) => index)
    .sort((a, b) => (remainders[a]! === remainders[b]! ? a - b : remainders[a]! > remainders[b]! ? -1 : 1));
}
