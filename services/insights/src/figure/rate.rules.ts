const RATE_UNITS = 10_000n;

/** The share of a part in a whole as a decimal of four places, rounded down; null without a whole. */
export function rateOf(part: bigint, whole: bigint): string | null {
  if (whole <= 0n) return null;
  const units = (part * RATE_UNITS) / whole;
  const digits = String(units < 0n ? -units : units).padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
