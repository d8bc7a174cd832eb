const RATE_UNITS = 10_000n;

/** The share of a part in a whole as a decimal of four places, rounded down; null without a whole. */
export const rateOf = (part: bigint, whole: bigint): string | null =>
  whole <= 0n ? null : decimal((part * RATE_UNITS) / whole);

/** How much a rate is above another; null when one of them is. */
export const rateBeyond = (rate: string | null, other: string | null): string | null =>
  rate === null || other === null ? null : decimal(unitsOf(rate) - unitsOf(other));

const unitsOf = (rate: string): bigint => BigInt(rate.replace('.', ''));

function decimal(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
