import type { Tx } from '../database/database.js';

/** Which series a number belongs to: `form` is a short code (`T` for tickets), `year` the branch's local year. */
export type NumberSeries = Readonly<{ branchId: string; branchCode: string; form: string; year: number }>;

/** The text of a number of the series: `EB1-T-2026-000001`. */
function formatNumber(series: NumberSeries, value: number | bigint): string {
  return `${numberPrefix(series)}${value.toString().padStart(6, '0')}`;
}

/** What all numbers of the series begin with, for statements that put the number together themselves. */
export function numberPrefix({ branchCode, form, year }: NumberSeries): string {
  return `${branchCode}-${form}-${year}-`;
}

/**
 * Takes the next `count` numbers of a series in the transaction: a rollback gives them back, so there are no gaps and no
 * reuse (ORG-05). The counter row stays locked until the commit, which is what makes the numbers continuous.
 */
export async function nextNumbers(tx: Tx, series: NumberSeries, count = 1): Promise<string[]> {
  const [row] = await tx.query<{ last: string }>('select next_number($1, $2, $3, $4) as last', [
    series.branchId,
    series.form,
    series.year,
    count,
  ]);
  const last = BigInt(row!.last);
  return Array.from({ length: count }, (_, i) => formatNumber(series, last - BigInt(count - 1 - i)));
}

/** SQL condition that a column holds a number or serial as somebody typed it, who may have left out capital letters. */
export const numberIs = (column: string, parameter: string): string =>
  `${column} in (${parameter}, upper(${parameter}))`;
