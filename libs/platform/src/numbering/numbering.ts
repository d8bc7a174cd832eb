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
  return nextNumbersOfEach(tx, Array<NumberSeries>(count).fill(series));
}

// In the order of the counters, so that two transactions never wait for each other's in a circle.
const NEXT_OF_EACH = `select next_number(b, f, y, c) as last, at from (
    select * from unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) with ordinality r(b, f, y, c, at)
    order by b, f, y offset 0) r`;

/**
 * A number for each of many records, given their series; taken in one statement as `nextNumbers` takes them. Records of
 * one series get theirs in the order given.
 */
export async function nextNumbersOfEach(tx: Tx, wanted: readonly NumberSeries[]): Promise<string[]> {
  const groups = [...Map.groupBy(wanted.keys(), (place) => counterOf(wanted[place]!)).values()];
  const series = groups.map(([first]) => wanted[first!]!);
  const rows = await tx.query<{ last: string; at: string }>(NEXT_OF_EACH, [
    series.map(({ branchId }) => branchId),
    series.map(({ form }) => form),
    series.map(({ year }) => year),
    groups.map(({ length }) => length),
  ]);
  const numbers: string[] = [];
  for (const { last, at } of rows) {
    const places = groups[Number(at) - 1]!;
    const before = BigInt(last) - BigInt(places.length);
    for (const [i, place] of places.entries())
      numbers[place] = formatNumber(wanted[place]!, before + BigInt(i + 1));
  }
  return numbers;
}

const counterOf = ({ branchId, form, year }: NumberSeries): string => `${branchId}/${form}/${year}`;

/** SQL condition that a column holds a number or serial as somebody typed it, who may have left out capital letters. */
export const numberIs = (column: string, parameter: string): string =>
  `${column} in (${parameter}, upper(${parameter}))`;
