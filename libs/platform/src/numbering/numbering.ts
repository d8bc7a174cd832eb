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

/** Numbers that a transaction needs of one series. */
export type NumbersWanted = Readonly<{ series: NumberSeries; count: number }>;

/**
 * Takes the next `count` numbers of a series in the transaction: a rollback gives them back, so there are no gaps and no
 * reuse (ORG-05). The counter row stays locked until the commit, which is what makes the numbers continuous.
 */
export async function nextNumbers(tx: Tx, series: NumberSeries, count = 1): Promise<string[]> {
  const [numbers] = await nextNumbersOfAll(tx, [{ series, count }]);
  return numbers!;
}

// In the order of the counters, so that two transactions never wait for each other's in a circle.
const NEXT_OF_ALL = `select next_number(b, f, y, c) as last, at from (
    select * from unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) with ordinality r(b, f, y, c, at)
    order by b, f, y offset 0) r`;

/** The next numbers of many series in one statement, as `nextNumbers` takes them; in the order of `wanted`. */
export async function nextNumbersOfAll(tx: Tx, wanted: readonly NumbersWanted[]): Promise<string[][]> {
  const rows = await tx.query<{ last: string; at: string }>(NEXT_OF_ALL, [
    wanted.map(({ series }) => series.branchId),
    wanted.map(({ series }) => series.form),
    wanted.map(({ series }) => series.year),
    wanted.map(({ count }) => count),
  ]);
  const last = new Map(rows.map((row) => [Number(row.at), BigInt(row.last)]));
  return wanted.map(({ series, count }, i) => {
    const first = last.get(i + 1)! - BigInt(count - 1);
    return Array.from({ length: count }, (_, n) => formatNumber(series, first + BigInt(n)));
  });
}

/** SQL condition that a column holds a number or serial as somebody typed it, who may have left out capital letters. */
export const numberIs = (column: string, parameter: string): string =>
  `${column} in (${parameter}, upper(${parameter}))`;
