import { describe, expect, it } from '@jest/globals';
import { begunMonths, daysLate, standingsOf } from './expected.js';
import { HISTORY_COLUMNS, readHistory } from './history.js';
import { lastDay, movesOf } from './moves.js';

/** Statements and payments from April to September. */
const customer = (bills: readonly number[], paid: readonly number[]) => {
  const cells = HISTORY_COLUMNS.map((column) => {
    const at = 6 - Number(column.at(-1));
    if (column.startsWith('BILL')) return String(bills[at]);
    if (column.startsWith('PAY_AMT')) return String(paid[at]);
    return column === 'ID' ? '7' : '0';
  });
  return readHistory(`${HISTORY_COLUMNS.join(',')}\n${cells.join(',')}\n`).customers[0]!;
};

describe('the payment history as debts and payments', () => {
  const one = customer([100, 150, 150, 20, -5, 0], [0, 30, 0, 200, 45, 0]);

  it('are what makes one statement of the one before', () => {
    expect(movesOf(one).map(({ kind, on, amount }) => [kind, on, Number(amount)])).toEqual([
      ['debt', '2005-04-30', 100],
      ['payment', '2005-05-15', 30],
      ['debt', '2005-05-31', 80],
      ['payment', '2005-07-15', 200],
      ['debt', '2005-07-31', 70],
      ['payment', '2005-08-15', 45],
      ['debt', '2005-08-31', 20],
      ['debt', '2005-09-30', 5],
    ]);
  });

  it('stand as the statements say, by age', () => {
    const standings = standingsOf(one);
    const sum = (at: number) =>
      standings[at]!.debts.reduce((total, { amount }) => total + amount, -standings[at]!.credit);
    expect(standings.map((_, at) => Number(sum(at)))).toEqual([100, 150, 150, 20, -5, 0]);
    expect(standings[2]).toEqual({
      asOf: '2005-06-30',
      debts: [
        { dueOn: '2005-05-31', amount: 70n },
        { dueOn: '2005-06-30', amount: 80n },
      ],
      credit: 0n,
    });
  });

  it.each([
    ['2005-05-31', '2005-05-31', 0, 0],
    ['2005-05-31', '2005-06-30', 30, 1],
    ['2005-05-31', '2005-07-31', 61, 2],
    ['2005-06-30', '2005-08-31', 62, 3],
  ])('due on %s, on %s: %i days, %i begun months', (dueOn, asOf, days, months) => {
    expect([daysLate(dueOn, asOf), begunMonths(dueOn, asOf)]).toEqual([days, months]);
  });

  it('count a fall that no payment explains as a credit', () => {
    const moves = movesOf(customer([50, 20, 20, 20, 20, 20], [0, 10, 0, 0, 0, 0]));
    expect(moves.map(({ kind, amount }) => [kind, Number(amount)])).toEqual([
      ['debt', 50],
      ['payment', 10],
      ['credit', 20],
    ]);
  });

  it('tell of amounts that a spreadsheet rounded, and refuse what is none', () => {
    const row = (paid: string) =>
      `${HISTORY_COLUMNS.join(',')}\n${HISTORY_COLUMNS.map((column) => (column === 'PAY_AMT1' ? paid : '0')).join(',')}\n`;
    const { rounded, customers } = readHistory(row('1.00E+05'));
    expect(rounded).toEqual(['customer 0: PAY_AMT1 is 1.00E+05']);
    expect(customers[0]!.months[5]!.paid).toBe(100_000n);
    expect(() => readHistory(row('much'))).toThrow('PAY_AMT1 is no amount');
  });

  it('ends months on their last day', () => {
    expect([lastDay('2005-04'), lastDay('2005-12', 1), lastDay('2004-01', 1)]).toEqual([
      '2005-04-30',
      '2006-01-31',
      '2004-02-29',
    ]);
  });
});
