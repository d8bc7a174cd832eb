import type { Customer } from './history.js';

/** What happened on an account: something was owed, or money came in. Whole dollars. */
export type Move = Readonly<{
  kind: 'debt' | 'payment' | 'credit';
  customer: string;
  /** place of the month in the file, from 0 */
  at: number;
  month: string;
  on: string;
  dueOn: string;
  amount: bigint;
}>;

/** Payments are told by month only. */
const MIDDLE = 15;

/** Last day of a month, or of one that is some months later. */
export function lastDay(month: string, later = 0): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number + later, 0)).toISOString().slice(0, 10);
}

/**
 * A customer's statements as debts and payments. The first statement is what was owed before; each later one owes what it
 * says beyond the one before less what was paid in its month. Less than nothing is a credit. A statement is of the last
 * day of its month and due on the last day of the next one.
 */
export function movesOf({ id, months }: Customer): Move[] {
  return months.flatMap(({ month, bill, paid }, at) => {
    const before = months[at - 1];
    const on = lastDay(month);
    const of = { customer: id, at, month, dueOn: lastDay(month, 1) };
    const owed = before ? bill - before.bill + paid : bill;
    const moves: Move[] = [];
    if (before && paid > 0n) moves.push({ ...of, kind: 'payment', on: `${month}-${MIDDLE}`, amount: paid });
    if (owed > 0n) moves.push({ ...of, kind: 'debt', on, amount: owed });
    if (owed < 0n) moves.push({ ...of, kind: 'credit', on, amount: -owed });
    return moves;
  });
}
