import { addQuantity, formatQuantity } from '@steward/kernel';
import type { Bill } from './bills.js';

/** What a bill says of one meter and its days; what other rows say of the same days is a repeat. */
export type Line = Readonly<{ meter: string; edp: string; from: string; to: string; bill: Bill }>;

export type ReadingRow = Readonly<{
  day: string;
  value: string;
  kind: 'opening' | 'periodic' | 'tariff-change';
  estimated: boolean;
}>;

/** One meter with its lines side by side, and the readings of a register that would have led to them. */
export type Chain = Readonly<{
  serial: string;
  edp: string;
  development: string;
  account: string;
  lines: readonly Line[];
  readings: readonly ReadingRow[];
  /** value of the register at the beginning of each line, by `lineKey` */
  starts: ReadonlyMap<string, string>;
}>;

export const serialOf = ({ meter, edp }: Pick<Bill, 'meter' | 'edp'>): string =>
  `${meter}/${edp}`.slice(0, 60);

export const lineKey = (line: Readonly<{ meter: string; edp: string; from: string; to: string }>): string =>
  `${serialOf(line)} ${line.from} ${line.to}`;

/**
 * Makes a chain of readings for each meter: a bill runs from reading to reading. A meter has one reading of a day and no day is
 * charged twice, so of bills whose days overlap as many stand as can stand side by side; those left out are in no chain.
 */
export function chainsOf(bills: readonly Bill[]): Chain[] {
  const meters = Map.groupBy(linesOf(bills), ({ meter, edp }) => serialOf({ meter, edp }));
  return [...meters].map(([serial, lines]) => chainOf(serial, sideBySide(lines)));
}

/** One line for each meter and stretch of days; what the source's own check found fault with gives way. */
function linesOf(bills: readonly Bill[]): Line[] {
  const lines = new Map<string, Line>();
  for (const bill of bills) {
    const { meter, edp, from, to } = bill;
    if (from === null || to === null || to <= from) continue;
    const line = { meter, edp, from, to, bill };
    const known = lines.get(lineKey(line));
    if (!known || (known.bill.exception && !bill.exception)) lines.set(lineKey(line), line);
  }
  return [...lines.values()];
}

/** The most lines that share no day: always the one that ends first. */
function sideBySide(lines: readonly Line[]): Line[] {
  const kept: Line[] = [];
  for (const line of [...lines].sort(byEnd)) if (line.from >= (kept.at(-1)?.to ?? '')) kept.push(line);
  return kept;
}

const byEnd = (a: Line, b: Line): number =>
  a.to === b.to ? (a.from > b.from ? -1 : 1) : a.to < b.to ? -1 : 1;

function chainOf(serial: string, lines: readonly Line[]): Chain {
  const readings: ReadingRow[] = [];
  const starts = new Map<string, string>();
  let register = '0';
  for (const line of lines) {
    const last = readings.at(-1);
    if (last && last.day < line.from)
      readings.push({ day: line.from, value: register, kind: 'opening', estimated: false });
    starts.set(lineKey(line), register);
    register = formatQuantity(addQuantity(register, line.bill.used));
    readings.push({ day: line.to, value: register, kind: 'periodic', estimated: line.bill.estimated });
  }
  const { edp, development, account } = lines[0]!.bill;
  return { serial, edp, development, account, lines, readings, starts };
}
