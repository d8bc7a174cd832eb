import type { Customer } from './history.js';
import { lastDay, movesOf, type Move } from './moves.js';

/** What is open of a debt. Whole dollars. */
export type Open = Readonly<{ dueOn: string; amount: bigint }>;

/** How a customer stands at the end of a month, by a reckoning of the oracle's own. Whole dollars. */
export type Standing = Readonly<{ asOf: string; debts: readonly Open[]; credit: bigint }>;

/** The standing at the end of each month: money pays the oldest debt, what is left over waits for the next one. */
export function standingsOf(customer: Customer): Standing[] {
  const moves = movesOf(customer);
  return customer.months.map(({ month }, at) => ({
    asOf: lastDay(month),
    ...standing(moves.filter((move) => move.at <= at)),
  }));
}

function standing(moves: readonly Move[]): Omit<Standing, 'asOf'> {
  let left = moves.filter(({ kind }) => kind !== 'debt').reduce((total, { amount }) => total + amount, 0n);
  const debts = moves
    .filter(({ kind }) => kind === 'debt')
    .map(({ dueOn, amount }) => {
      const paid = amount < left ? amount : left;
      left -= paid;
      return { dueOn, amount: amount - paid };
    });
  return { debts: debts.filter(({ amount }) => amount > 0n), credit: left };
}

/** Days after a due day. */
export const daysLate = (dueOn: string, asOf: string): number =>
  Math.max(0, (Date.parse(asOf) - Date.parse(dueOn)) / 86_400_000);

/** Begun months after a due day, counted one by one. */
export function begunMonths(dueOn: string, asOf: string): number {
  let months = 0;
  while (monthsAfter(dueOn, months) < asOf) months += 1;
  return months;
}

/** The same day some months later, or the last one of a shorter month. */
function monthsAfter(day: string, months: number): string {
  const end = lastDay(day.slice(0, 7), months);
  const same = `${end.slice(0, 8)}${day.slice(8)}`;
  return same < end ? same : end;
}
